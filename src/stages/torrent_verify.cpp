// SPDX-License-Identifier: MIT
// torrent verify: whether a client's files are those of a .torrent, file by file. Reads only; what was found right is
// kept outside of that folder until the run is complete, so that an interrupted one goes on.
#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "dbr/base/digest.hpp"
#include "dbr/base/file.hpp"
#include "dbr/base/log.hpp"
#include "dbr/base/text.hpp"
#include "dbr/base/units.hpp"
#include "dbr/torrent/file_check.hpp"
#include "dbr/torrent/proven_pieces.hpp"
#include "dbr/torrent/torrent_file.hpp"
#include "saved_folder.hpp"
#include "stages.hpp"
#include "torrent_files.hpp"
#include "volume_torrent.hpp"

namespace dbr::stages {
namespace {

namespace fs = std::filesystem;
using torrent::CheckCounts;
using torrent::CheckedFile;
using torrent::FileVerdict;

constexpr auto k_save_interval = std::chrono::seconds(5);

// The paths of a torrent of one file begin where its folder would lie.
Result<fs::path> find_files(const fs::path& dir, const torrent::Metainfo& info) {
  std::error_code error;
  if (!info.is_single_file) return find_saved_folder(dir, info.name);
  if (fs::is_directory(dir, error)) return fs::canonical(dir, error);
  return fail(ErrorKind::usage, fmt::format("cannot look into {}: it is not a folder", printable(dir.string())));
}

// What an interrupted run has found, by torrent and folder.
class Memory {
 public:
  Memory(const std::optional<fs::path>& home, const torrent::Metainfo& info, const fs::path& folder)
      : m_key(fmt::format("{}\n{}", info.infohash, folder.native())) {
    if (home) m_path = *home / fmt::format("verify-{}", digest_hex(DigestKind::sha256, m_key).substr(0, 40));
    proven.assign(info.pieces.size() / torrent::k_sha1_size, 0);
    if (home) proven = torrent::load_proven(m_path, m_key, proven.size());
  }

  void save_now_and_then() {
    if (m_saved && std::chrono::steady_clock::now() - *m_saved < k_save_interval) return;
    save();
    m_saved = std::chrono::steady_clock::now();
  }

  // A check is worth its time also where this cannot be written.
  void save() {
    if (m_path.empty()) return;
    const auto saved = torrent::save_proven(m_path, m_key, proven);
    if (saved) return;
    log::warning("when this run is interrupted, the next one begins anew: {}", saved.error().message);
    m_path.clear();
  }

  void forget() {
    if (!m_path.empty()) (void)remove_file(m_path);
  }

  std::vector<std::int64_t> proven;

 private:
  std::string m_key;
  fs::path m_path;  // empty: nothing is kept
  std::optional<std::chrono::steady_clock::time_point> m_saved;
};

std::string detail_of(const CheckedFile& file, const torrent::File& listed) {
  switch (file.verdict) {
    case FileVerdict::wrong_size:
      return fmt::format("\t{} bytes, should be {}", file.found, listed.size);
    case FileVerdict::unreadable:
      return "\t" + printable(file.reason);
    case FileVerdict::damaged:
    case FileVerdict::doubtful:
      return fmt::format("\tpiece {}", file.piece);
    default:
      return {};
  }
}

Json json_of(const CheckedFile& file, const torrent::File& listed) {
  Json json = {{"path", listed.path}, {"verdict", to_string(file.verdict)}, {"size", listed.size}};
  if (file.verdict == FileVerdict::wrong_size) json["found"] = file.found;
  if (file.verdict == FileVerdict::unreadable) json["reason"] = file.reason;
  if (file.verdict == FileVerdict::damaged || file.verdict == FileVerdict::doubtful) json["piece"] = file.piece;
  return json;
}

std::string summary_of(const CheckCounts& counts, const torrent::Metainfo& info, ByteCount total) {
  const auto files = static_cast<std::int64_t>(info.files.size());
  std::string text = fmt::format("torrent verify: {} of {} files are right ({} bytes in {} pieces)",
                                 format_count(counts.of(FileVerdict::ok)), format_count(files), format_count(total),
                                 format_count(static_cast<std::int64_t>(info.pieces.size() / torrent::k_sha1_size)));
  if (counts.known_pieces > 0) {
    text += fmt::format(", {} pieces were known from a run that was interrupted", format_count(counts.known_pieces));
  }
  constexpr std::array<std::pair<FileVerdict, std::string_view>, 6> k_words = {
      {{FileVerdict::missing, "missing"},
       {FileVerdict::wrong_size, "of another size"},
       {FileVerdict::not_a_file, "no regular files"},
       {FileVerdict::unreadable, "unreadable"},
       {FileVerdict::damaged, "damaged"},
       {FileVerdict::doubtful, "doubtful, for they share a piece with one that is not right"}}};
  std::string_view between = "; ";
  for (const auto& [verdict, words] : k_words) {
    if (counts.of(verdict) == 0) continue;
    text += fmt::format("{}{} {}", std::exchange(between, ", "), format_count(counts.of(verdict)), words);
  }
  return text + "\n";
}

}  // namespace

Result<Report> torrent_verify(const Context& context) {
  const Settings& settings = context.settings;
  if (settings.positional.size() != 2) {
    return fail(ErrorKind::usage, "torrent verify: name a .torrent, and the folder that a client saved its files to");
  }
  const fs::path file = settings.positional[0];
  DBR_TRY(const torrent::Metainfo info, torrent::read_torrent(file));
  DBR_TRY(const fs::path folder, find_files(settings.positional[1], info));
  Memory memory(settings.dry_run ? std::nullopt : settings.state_folder, info, folder);
  pipeline::Meter& meter = context.progress.start("torrent verify");
  meter.set_total(static_cast<std::int64_t>(info.files.size()));

  ByteCount total = 0;
  std::string list = R"({"list":[)";  // of what is not right, for scripts: how the document begins
  std::string lines;                  // the same for people, told after each run of pieces
  const auto tell = [&]() -> Result<void> {
    return lines.empty() ? Result<void>() : context.print(std::exchange(lines, {}));
  };
  const auto on_file = [&](const CheckedFile& checked) -> Result<void> {
    const torrent::File& listed = info.files[checked.number];
    total += listed.size;
    meter.add_done();
    const bool is_bad = checked.verdict != FileVerdict::ok;
    if (is_bad) meter.add_failed();
    if (settings.json) {
      if (is_bad || settings.files) list += (list.ends_with('[') ? "" : ",") + dump(json_of(checked, listed));
    } else if (is_bad || settings.files) {
      lines +=
          fmt::format("{}\t{}{}\n", to_string(checked.verdict), printable(listed.path), detail_of(checked, listed));
    }
    return {};
  };
  const auto on_progress = [&](ByteCount bytes) -> Result<void> {
    meter.add_bytes(bytes);
    memory.save_now_and_then();
    return tell();
  };
  const auto counts = torrent::check_files(
      {.torrent = info,
       .folder = folder,
       .readers = static_cast<std::size_t>(settings.readers.value_or(static_cast<int>(k_default_readers))),
       .stop = context.stop,
       .proven = memory.proven,
       .on_file = on_file,
       .on_progress = on_progress});
  if (!counts) {
    memory.save();
    return fail(counts.error());
  }
  memory.forget();
  meter.finish();

  const bool is_right = counts->of(FileVerdict::ok) == static_cast<std::int64_t>(info.files.size());
  Json json = {{"command", "torrent verify"},
               {"torrent", file.string()},
               {"infohash", info.infohash},
               {"folder", folder.string()},
               {"files", info.files.size()},
               {"bytes", total},
               {"bytes_read", counts->bytes_read},
               {"pieces",
                {{"good", counts->good_pieces},
                 {"known", counts->known_pieces},
                 {"wrong", counts->wrong_pieces},
                 {"unread", counts->unread_pieces}}}};
  for (std::size_t i = 0; i < torrent::k_file_verdicts; ++i) {
    json[std::string(to_string(static_cast<FileVerdict>(i)))] = counts->files[i];
  }
  list += "]," + dump(json).substr(1);
  return Report{summary_of(*counts, info, total), std::move(list), is_right ? ExitCode::ok : ExitCode::mismatch};
}

}  // namespace dbr::stages
