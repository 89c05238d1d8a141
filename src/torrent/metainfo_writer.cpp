// SPDX-License-Identifier: MIT
// Writes the metainfo document in one pass; the infohash is taken from the very bytes that go to disk. Always the
// multi-file form: the name is a folder that stays the same year after year.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <limits>
#include <optional>
#include <utility>

#include "dbr/base/atomic_file.hpp"
#include "dbr/base/digest.hpp"
#include "dbr/torrent/bencode.hpp"
#include "dbr/torrent/metainfo.hpp"
#include "rules.hpp"

namespace dbr::torrent {

namespace {

constexpr std::size_t k_chunk = std::size_t{256} << 10;

/// Gathers the encoder's small writes, and remembers the first failure, since the encoder cannot return it.
class Sink {
 public:
  /// Without a file it only hashes.
  explicit Sink(std::optional<AtomicFile> file) : m_file(std::move(file)), m_sha1(DigestKind::sha1) {
    m_pending.reserve(2 * k_chunk);
  }

  void take(std::string_view bytes) {
    m_pending += bytes;
    if (m_pending.size() >= k_chunk) flush();
  }

  /// What follows is (not) part of the info dictionary. Everything pending belongs to what came before.
  void set_hashing(bool on) {
    flush();
    m_hashing = on;
  }

  /// The SHA-1 of the info dictionary, in hex, once the file, if any, stands under its name.
  Result<std::string> commit() {
    flush();
    if (m_error) return fail(*m_error);
    if (m_file) DBR_CHECK(m_file->commit());
    return m_sha1.finish_hex();
  }

 private:
  void flush() {
    if (m_hashing) m_sha1.update(m_pending);
    if (m_file && !m_error) {
      auto written = m_file->write(m_pending);
      if (!written) m_error = std::move(written).error();
    }
    m_pending.clear();
  }

  std::optional<AtomicFile> m_file;
  Digest m_sha1;
  std::string m_pending;
  bool m_hashing = false;
  std::optional<Error> m_error;
};

/// Options and list come from other rooms of dbr: a fault is our own mistake, and must not become a bad torrent.
tl::unexpected<Error> refuse(std::string_view cause) {
  return fail(ErrorKind::internal, fmt::format("cannot make a torrent: {}", cause));
}

Result<void> check(const Options& options) {
  if (options.piece_length < k_min_piece_length ||
      !std::has_single_bit(static_cast<std::uint64_t>(options.piece_length))) {
    return fail(ErrorKind::usage, fmt::format("cannot make a torrent with pieces of {} bytes: not a power of two of at "
                                              "least 16 KiB",
                                              options.piece_length));
  }
  if (!is_safe_component(options.name)) return refuse("its name is not the name of a folder");
  return {};
}

void write_strings(BencodeWriter& out, std::span<const std::string> texts) {
  out.begin_list();
  for (const std::string& text : texts) out.string(text);
  out.end();
}

void write_trackers(BencodeWriter& out, std::vector<std::vector<std::string>> tiers) {
  std::erase_if(tiers, [](const auto& tier) { return tier.empty(); });
  if (tiers.empty()) return;
  out.key("announce");
  out.string(tiers.front().front());
  if (tiers.size() == 1 && tiers.front().size() == 1) return;
  // BEP 12: clients that know this key ignore `announce`.
  out.key("announce-list");
  out.begin_list();
  for (const auto& tier : tiers) write_strings(out, tier);
  out.end();
}

void write_optional(BencodeWriter& out, std::string_view key, std::string_view text) {
  if (text.empty()) return;
  out.key(key);
  out.string(text);
}

Result<void> write_file(BencodeWriter& out, const File& file) {
  const auto parts = split_path(file.path);
  // The path itself is not repeated: it may hold what a terminal should not see.
  if (!std::ranges::all_of(parts, is_safe_component)) return refuse("a path is empty, absolute or leaves its folder");
  out.begin_dict();
  out.key("length");
  out.integer(file.size);
  out.key("path");
  out.begin_list();
  for (const std::string_view part : parts) out.string(part);
  out.end();
  out.end();
  return {};
}

Result<void> write_info(BencodeWriter& out, const Options& options, const FileWalk& files, std::string_view pieces) {
  out.begin_dict();
  out.key("files");
  out.begin_list();
  ByteCount total = 0;
  DBR_CHECK(files([&](const File& file) -> Result<void> {
    if (file.size < 0 || file.size > std::numeric_limits<ByteCount>::max() - total) {
      return refuse("a size is negative, or their sum does not fit into 64 bits");
    }
    total += file.size;
    return write_file(out, file);
  }));
  out.end();
  if (total == 0) return refuse("it holds no byte, which clients refuse");
  if (pieces.size() != count_pieces(total, options.piece_length) * k_sha1_size) {
    return refuse("the piece hashes are not those of its files");
  }
  out.key("name");
  out.string(options.name);
  out.key("piece length");
  out.integer(options.piece_length);
  out.key("pieces");
  out.begin_string(pieces.size());
  for (std::size_t at = 0; at < pieces.size(); at += k_chunk) out.raw(pieces.substr(at, k_chunk));
  write_optional(out, "source", options.source);
  out.end();
  return {};
}

Result<void> write_document(Sink& sink, const Options& options, const FileWalk& files, std::string_view pieces) {
  DBR_CHECK(check(options));
  BencodeWriter out([&sink](std::string_view bytes) { sink.take(bytes); });
  out.begin_dict();
  write_trackers(out, options.trackers);
  write_optional(out, "comment", options.comment);
  write_optional(out, "created by", options.created_by);
  if (options.created_at) {
    out.key("creation date");
    out.integer(std::chrono::floor<std::chrono::seconds>(*options.created_at).time_since_epoch().count());
  }
  out.key("info");
  sink.set_hashing(true);
  DBR_CHECK(write_info(out, options, files, pieces));
  sink.set_hashing(false);
  if (!options.web_seeds.empty()) {
    out.key("url-list");
    write_strings(out, options.web_seeds);
  }
  out.end();
  return {};
}

}  // namespace

FileWalk walk_of(std::span<const File> files) {
  return [files](const auto& on_file) -> Result<void> {
    for (const File& file : files) DBR_CHECK(on_file(file));
    return {};
  };
}

Result<std::string> infohash_of(const Options& options, const FileWalk& files, std::string_view pieces) {
  Sink sink(std::nullopt);
  DBR_CHECK(write_document(sink, options, files, pieces));
  return sink.commit();
}

Result<std::string> write_metainfo(const std::filesystem::path& path, const Options& options, const FileWalk& files,
                                   std::string_view pieces) {
  DBR_TRY(AtomicFile file, AtomicFile::create(path));
  Sink sink(std::move(file));
  DBR_CHECK(write_document(sink, options, files, pieces));
  return sink.commit();
}

}  // namespace dbr::torrent
