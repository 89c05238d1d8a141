// SPDX-License-Identifier: MIT
// torrent prune: removes from a downloader's folder what the newest release in it no longer has. Everything is read and
// found sound before the first file goes.
#include <fmt/format.h>

#include "dbr/base/log.hpp"
#include "dbr/base/text.hpp"
#include "dbr/base/units.hpp"
#include "dbr/dataset/layout.hpp"
#include "dbr/torrent/torrent_file.hpp"
#include "left_overs.hpp"
#include "saved_folder.hpp"
#include "stages.hpp"
#include "torrent_files.hpp"
#include "tree_pruner.hpp"

namespace dbr::stages {
namespace {

namespace fs = std::filesystem;
using Fate = TreePruner::Fate;

constexpr std::size_t k_print_bytes = 64 * 1024;
constexpr std::int64_t k_most_warnings = 20;  // of many files in one place that cannot be entered, some are enough

struct Counts {
  std::int64_t removed = 0, absent = 0, left = 0;
  ByteCount bytes = 0;
};

std::string summary_of(const Counts& counts, std::size_t kept, std::int64_t folders, std::string_view release,
                       bool is_dry_run) {
  std::string text = fmt::format("torrent prune: {} files that {} no longer has {} ({})", format_count(counts.removed),
                                 printable(release), is_dry_run ? "would go" : "are gone", format_bytes(counts.bytes));
  if (folders > 0) text += fmt::format(", and {} empty folders", format_count(folders));
  if (kept > 0)
    text += fmt::format("; {} are kept, for a torrent or the release lists them",
                        format_count(static_cast<std::int64_t>(kept)));
  if (counts.left > 0) text += fmt::format("; {} could not be removed", format_count(counts.left));
  return text + "\n";
}

}  // namespace

Result<Report> torrent_prune(const Context& context) {
  const Settings& settings = context.settings;
  if (settings.positional.empty()) {
    return fail(ErrorKind::usage, "torrent prune: name the folder that a client saved the releases to");
  }
  DBR_TRY(const fs::path shared, find_saved_folder(settings.positional[0], dataset::k_shared_name));
  DBR_TRY(const std::string release, newest_release(shared));
  const fs::path metadata = shared / "metadata" / release;
  DBR_TRY(LeftOvers left_overs, LeftOvers::read(metadata));
  DBR_CHECK(left_overs.keep_listed(metadata));
  for (std::size_t i = 1; i < settings.positional.size(); ++i) {
    DBR_TRY(const torrent::Metainfo info, torrent::read_torrent(settings.positional[i]));
    if (info.is_single_file || info.name != dataset::k_shared_name) {
      return fail(
          ErrorKind::usage,
          fmt::format("cannot keep what {} lists: its name is '{}', not '{}'", printable(settings.positional[i]),
                      printable(shortened(info.name)), dataset::k_shared_name),
          "nothing was removed; torrents of a release are named after its folder");
    }
    for (const torrent::File& file : info.files) left_overs.keep(file.path);
  }

  pipeline::Meter& meter = context.progress.start("torrent prune");
  DBR_TRY(TreePruner pruner, TreePruner::open(shared, settings.dry_run));
  Counts counts;
  std::string list = R"({"list":[)";  // of what was removed, for scripts: how the document begins
  std::string lines;                  // the same for people
  const auto remove = [&](std::string_view path) -> Result<void> {
    if (context.stop.is_stopping()) return fail(ErrorKind::cancelled, "interrupted while removing files");
    const Fate fate = pruner.remove(path);
    meter.add_done();
    if (fate == Fate::absent) ++counts.absent;
    if (fate == Fate::not_removed) {
      ++counts.left;
      if (counts.left <= k_most_warnings)
        log::warning("cannot remove {}: {}", printable((shared / path).string()), pruner.why());
    }
    if (fate != Fate::removed) return {};
    ++counts.removed;
    counts.bytes += pruner.size();
    if (settings.json) {
      list += fmt::format("{}\"{}\"", list.ends_with('[') ? "" : ",", path);  // letters, digits, '/' and '.'
    } else {
      lines.append(path).push_back('\n');
    }
    if (lines.size() < k_print_bytes) return {};
    return context.print(std::exchange(lines, {}));
  };
  const auto done = left_overs.for_each(remove);
  pruner.finish();
  if (!lines.empty()) DBR_CHECK(context.print(lines));
  DBR_CHECK(done);
  meter.finish();

  const Json json = {{"command", "torrent prune"},  {"folder", shared.string()}, {"release", release},
                     {"dry_run", settings.dry_run}, {"removed", counts.removed}, {"bytes", counts.bytes},
                     {"folders", pruner.folders()}, {"absent", counts.absent},   {"kept", left_overs.kept()},
                     {"not_removed", counts.left}};
  list += "]," + dump(json).substr(1);
  return Report{summary_of(counts, left_overs.kept(), pruner.folders(), release, settings.dry_run), std::move(list),
                counts.left > 0 ? ExitCode::items_left : ExitCode::ok};
}

}  // namespace dbr::stages
