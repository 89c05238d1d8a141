// SPDX-License-Identifier: MIT
#include "volume_torrent.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "dbr/base/digest.hpp"
#include "dbr/torrent/piece_reader.hpp"
#include "volume_list.hpp"

namespace dbr::stages {
namespace {

using dataset::PlacedFile;
using dataset::Volume;
using torrent::Span;

// What a kill may cost.
constexpr std::chrono::seconds k_between_commits{3};

// What the manifest says of a span's files, and what its pieces are made of.
struct Facts {
  std::vector<PlacedFile> files;
  std::vector<std::string> recipes;
  std::mutex mutex;
  std::vector<std::pair<PostId, std::int64_t>> witnesses;  // that have changed, of files found right
  ByteCount bytes_proven = 0;                              // read for that
};

// What was found out about a file that somebody has touched.
struct Proof {
  std::mutex mutex;
  std::int64_t witness = 0;  // that it had then; 0: not read yet
  bool is_right = false;
};

// SHA-256 over (SHA-256 of the file, offset, length) of each part of the piece: whatever torrent, path or place in it
// the bytes have, and in whatever release.
std::vector<std::string> make_recipes(const Span& span, const std::vector<PlacedFile>& files, ByteCount piece_length) {
  std::vector<std::string> recipes;
  std::size_t at = 0;
  ByteCount offset = span.offset;
  for (ByteCount begin = 0; begin < span.length; begin += piece_length) {
    Digest digest(DigestKind::sha256);
    for (ByteCount left = std::min(piece_length, span.length - begin); left > 0;) {
      const ByteCount part = std::min(left, files[at].size - offset);
      if (part > 0) digest.update(fmt::format("{} {} {}\n", files[at].sha256, offset, part));
      left -= part;
      offset += part;
      if (offset < files[at].size) continue;
      ++at;
      offset = 0;
    }
    recipes.push_back(digest.finish());
  }
  return recipes;
}

class VolumeHasher {
 public:
  VolumeHasher(const Context& context, const Volume& volume, bool reads_all, sql::Database reading,
               sql::Database writing, dataset::PlacedCursor cursor, pipeline::Meter& meter)
      : m_context(context),
        m_volume(volume),
        m_reads_all(reads_all),
        m_reading(std::move(reading)),
        m_writing(std::move(writing)),
        m_cursor(std::move(cursor)),
        m_meter(meter),
        m_readers(static_cast<std::size_t>(context.settings.readers.value_or(k_default_readers))),
        m_cutter(volume.piece_length, volume.bytes, m_readers) {
    m_hashed.pieces.resize(torrent::count_pieces(volume.bytes, volume.piece_length) * torrent::k_sha1_size);
  }

  Result<HashedVolume> run() {
    auto done = torrent::read_pieces({.folder = m_context.dataset.layout().shared(),
                                      .piece_length = m_volume.piece_length,
                                      .readers = m_readers,
                                      .stop = m_context.stop,
                                      .next = [this] { return next(); },
                                      .check = [this](const auto&... args) { return check(args...); },
                                      .take = [this](const auto&... args) { return take(args...); }});
    // What was read is kept, whatever came then.
    if (m_transaction) DBR_CHECK(m_transaction->commit());
    if (!done && done.error().kind == ErrorKind::corrupt && done.error().hint.empty()) {
      done.error().hint = "dbr verify --repair puts aside what is damaged, and has it fetched or made again";
    }
    DBR_CHECK(done);
    return std::move(m_hashed);
  }

 private:
  Result<std::optional<Span>> next() {
    for (;;) {
      auto span = m_cutter.next();
      if (!span) {
        DBR_TRY(auto file, m_cursor.next());
        if (file) {
          m_cutter.add({file->path, file->size});
          m_ahead.push_back(*std::move(file));
          continue;
        }
        span = m_cutter.finish();
      }
      if (span) DBR_CHECK(prepare(*span));
      return span;
    }
  }

  // Pieces that are known need no reading.
  Result<void> prepare(Span& span) {
    // The last span's last file may go on in this one.
    m_ahead.erase(m_ahead.begin(), m_ahead.begin() + static_cast<std::ptrdiff_t>(span.first_file - m_first_ahead));
    m_first_ahead = span.first_file;
    auto facts = std::make_shared<Facts>();
    facts->files.assign(m_ahead.begin(), m_ahead.end());
    facts->recipes = make_recipes(span, facts->files, m_volume.piece_length);
    for (std::size_t i = 0; i < facts->recipes.size() && !m_reads_all; ++i) {
      DBR_TRY(const auto known, dataset::find_piece(m_reading, facts->recipes[i]));
      span.is_wanted[i] = !known;
      if (known) put(span.first_piece + i, *known);
    }
    const std::scoped_lock lock(m_facts_mutex);
    m_facts[span.first_piece] = std::move(facts);
    return {};
  }

  std::shared_ptr<Facts> facts_of(const Span& span) {
    const std::scoped_lock lock(m_facts_mutex);
    return m_facts.at(span.first_piece);
  }

  // Somebody has touched a file: its bytes decide. Of the spans that it lies in one reads it, the others wait.
  Result<void> check(const Span& span, std::size_t number, std::int64_t witness, const torrent::WholeFile& read) {
    const auto facts = facts_of(span);
    const PlacedFile& file = facts->files[number];
    if (file.witness == witness) return {};
    const auto proof = proof_of(span.first_file + number);
    const std::scoped_lock lock(proof->mutex);
    if (proof->witness != witness) {
      Digest digest(DigestKind::sha256);
      DBR_CHECK(read([&](std::string_view block) { digest.update(block); }));
      proof->is_right = digest.finish_hex() == file.sha256;
      proof->witness = witness;
      const std::scoped_lock facts_lock(facts->mutex);
      facts->bytes_proven += file.size;
      if (proof->is_right) facts->witnesses.emplace_back(file.id, witness);
    }
    if (proof->is_right) return {};
    return fail(ErrorKind::corrupt,
                fmt::format("cannot use '{}': it has changed since it was placed, and its SHA-256 is not the one of "
                            "post {} any more",
                            (m_context.dataset.layout().shared() / file.path).native(), file.id));
  }

  std::shared_ptr<Proof> proof_of(std::size_t file) {
    const std::scoped_lock lock(m_facts_mutex);
    auto& proof = m_proofs[file];
    if (!proof) proof = std::make_shared<Proof>();
    return proof;
  }

  Result<void> take(const Span& span, const std::vector<std::string>& digests) {
    const auto facts = facts_of(span);
    ByteCount bytes = 0;
    for (std::size_t i = 0; i < digests.size(); ++i) {
      if (!span.is_wanted[i]) continue;
      put(span.first_piece + i, digests[i]);
      DBR_CHECK(begin_writing());
      DBR_CHECK(dataset::record_piece(m_writing, facts->recipes[i], digests[i]));
      ++m_hashed.pieces_read;
      bytes += std::min(m_volume.piece_length, span.length - static_cast<ByteCount>(i) * m_volume.piece_length);
    }
    for (const auto& [id, witness] : facts->witnesses) {
      DBR_CHECK(begin_writing());
      DBR_CHECK(dataset::record_witness(m_writing, m_volume.series, id, witness));
    }
    bytes += facts->bytes_proven;
    m_hashed.bytes_read += bytes;
    m_meter.add_bytes(bytes);
    m_meter.add_done(static_cast<std::int64_t>(span.files.size()) - (span.offset > 0 ? 1 : 0));
    {
      const std::scoped_lock lock(m_facts_mutex);
      m_facts.erase(span.first_piece);
      // The first and the last one may lie in other spans, too.
      if (span.files.size() > 2) {
        m_proofs.erase(m_proofs.upper_bound(span.first_file),
                       m_proofs.lower_bound(span.first_file + span.files.size() - 1));
      }
    }
    if (m_transaction && std::chrono::steady_clock::now() - m_begun > k_between_commits) {
      DBR_CHECK(m_transaction->commit());
      m_transaction.reset();
    }
    return {};
  }

  Result<void> begin_writing() {
    if (m_transaction) return {};
    DBR_TRY(auto transaction, sql::Transaction::begin(m_writing));
    m_transaction.emplace(std::move(transaction));
    m_begun = std::chrono::steady_clock::now();
    return {};
  }

  void put(std::size_t piece, std::string_view sha1) {
    std::ranges::copy(sha1, m_hashed.pieces.begin() + static_cast<std::ptrdiff_t>(piece * torrent::k_sha1_size));
  }

  const Context& m_context;
  const Volume& m_volume;
  const bool m_reads_all;
  sql::Database m_reading;  // of next()
  sql::Database m_writing;  // of take()
  dataset::PlacedCursor m_cursor;
  pipeline::Meter& m_meter;
  const std::size_t m_readers;
  torrent::SpanCutter m_cutter;
  std::deque<PlacedFile> m_ahead;  // of spans not cut yet
  std::size_t m_first_ahead = 0;
  std::mutex m_facts_mutex;
  std::map<std::size_t, std::shared_ptr<Facts>> m_facts;   // of spans being read, by their first piece
  std::map<std::size_t, std::shared_ptr<Proof>> m_proofs;  // of files that somebody has touched, by their number
  std::optional<sql::Transaction> m_transaction;
  std::chrono::steady_clock::time_point m_begun;
  HashedVolume m_hashed;
};

Result<HashedVolume> hash(const Context& context, const Volume& volume, bool reads_all, pipeline::Meter& meter) {
  DBR_TRY(auto reading, context.dataset.connect());
  DBR_TRY(auto writing, context.dataset.connect());
  DBR_TRY(auto cursor, dataset::PlacedCursor::open(reading, volume.series, volume.first, volume.last));
  VolumeHasher hasher(context, volume, reads_all, std::move(reading), std::move(writing), std::move(cursor), meter);
  return hasher.run();
}

torrent::FileWalk walk_of(sql::Database& database, const Volume& volume) {
  return [&](const auto& on_file) {
    return dataset::for_each_placed(database, volume.series, volume.first, volume.last, [&](const PlacedFile& file) {
      return on_file({file.path, file.size});
    });
  };
}

}  // namespace

Result<HashedVolume> hash_volume(const Context& context, sql::Database& database, Volume& volume,
                                 torrent::Options options, pipeline::Meter& meter) {
  options.piece_length = volume.piece_length;
  options.source = volume.source;
  const std::string former = volume.infohash;
  DBR_TRY(HashedVolume hashed, hash(context, volume, false, meter));
  DBR_TRY(volume.infohash, torrent::infohash_of(options, walk_of(database, volume), hashed.pieces));
  hashed.is_as_before = !former.empty();
  if (hashed.is_as_before && volume.infohash != former) {
    // No file has left it, and every file is right: what the manifest knew of its pieces is not.
    DBR_TRY(hashed, hash(context, volume, true, meter));
    DBR_TRY(volume.infohash, torrent::infohash_of(options, walk_of(database, volume), hashed.pieces));
    if (volume.infohash != former) {
      return fail(ErrorKind::internal,
                  fmt::format("{} would get the infohash {} instead of {}, though no file of it has changed",
                              volume_file(volume), volume.infohash, former));
    }
  }
  hashed.options = std::move(options);
  return hashed;
}

Result<void> write_volume(sql::Database& database, const Volume& volume, const HashedVolume& hashed,
                          const std::filesystem::path& path) {
  return torrent::write_metainfo(path, hashed.options, walk_of(database, volume), hashed.pieces)
      .map([](const std::string&) {});
}

}  // namespace dbr::stages
