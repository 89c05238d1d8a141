// SPDX-License-Identifier: MIT
// diff: what changed between two releases, by the lists they ship. Needs no manifest: who has the metadata can ask.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <optional>

#include "checksums.hpp"
#include "dbr/base/log.hpp"
#include "dbr/base/text.hpp"
#include "dbr/base/units.hpp"
#include "dbr/dataset/files.hpp"
#include "dbr/dataset/release_diff.hpp"
#include "dbr/dataset/release_lists.hpp"
#include "diff_lists.hpp"
#include "stages.hpp"
#include "support.hpp"

namespace dbr::stages {
namespace {

namespace fs = std::filesystem;
using dataset::FileFate;

struct Side {
  std::string name;
  fs::path folder;
  bool has_tags = false;
};

struct Counts {
  std::array<dataset::Totals, 4> files;  // by FileFate
  std::int64_t unchanged = 0;
  std::int64_t posts = 0;  // in both
  std::int64_t retagged = 0, tags_added = 0, tags_removed = 0, rerated = 0;
};
constexpr std::array k_fates = {FileFate::added, FileFate::removed, FileFate::replaced, FileFate::moved};

Result<Side> find_side(const dataset::Layout& layout, const std::string& word) {
  const bool is_folder = word.find('/') != std::string::npos;
  Side side{word, is_folder ? fs::path(word) : layout.release_metadata(word)};
  if (is_folder) side.name = (side.folder / "").parent_path().filename().string();
  std::error_code error;
  if (!fs::exists(side.folder / dataset::k_file_list, error)) {
    return fail(ErrorKind::usage,
                fmt::format("cannot compare {}: there is no {}", word, (side.folder / dataset::k_file_list).string()),
                is_folder ? "name the folder that holds a release's metadata"
                          : "name a release in this folder's danbooru/metadata (see --root), or a path with a slash");
  }
  side.has_tags = fs::exists(side.folder / dataset::k_tag_list, error);
  if (!fs::exists(side.folder / k_checksums_name, error)) {
    log::warning("{} is not finished: its lists may change", side.name);
  }
  return side;
}

void tell(const dataset::FileChange& change) {
  const bool is_one_path = change.from.empty() || change.to.empty() || change.from == change.to;
  log::debug("{} {}{}{}", to_string(change.fate), change.from.empty() ? change.to : change.from,
             is_one_path ? "" : " -> ", is_one_path ? "" : change.to);
}

void tell(const dataset::PostChange& change) {
  if (!log::is_enabled(log::Level::debug)) return;
  std::string text;
  for (const std::string_view tag : change.added) text += fmt::format(" +{}", tag);
  for (const std::string_view tag : change.removed) text += fmt::format(" -{}", tag);
  if (change.is_rerated()) text += fmt::format(" rating {} -> {}", change.old_rating, change.new_rating);
  // The lists may be other people's: nothing in them steers a terminal.
  log::debug("post {}:{}", change.id, printable(text));
}

std::string text_of(const Side& from, const Side& to, const Counts& counts, bool has_posts) {
  const auto row = [](std::string_view what, std::int64_t count, const std::string& more) {
    return fmt::format("  {:<16}{:>14}{}{}\n", what, format_count(count), more.empty() ? "" : "   ", more);
  };
  std::string text = fmt::format("{} -> {}\n\nfiles\n", from.name, to.name);
  for (const FileFate fate : k_fates) {
    const dataset::Totals& files = counts.files[static_cast<std::size_t>(fate)];
    text += row(to_string(fate), files.items, format_bytes(files.bytes));
  }
  text += row("unchanged", counts.unchanged, "");
  text += "\nposts in both\n";
  if (!has_posts) {
    return text + fmt::format("  tags and ratings are not compared: {} has no {}\n",
                              from.has_tags ? to.name : from.name, dataset::k_tag_list);
  }
  text += row("compared", counts.posts, "");
  text +=
      row("tagged anew", counts.retagged,
          fmt::format("{} tags added, {} removed", format_count(counts.tags_added), format_count(counts.tags_removed)));
  text += row("rated anew", counts.rerated, "");
  return text;
}

Json json_of(const Side& from, const Side& to, const Counts& counts, bool has_posts, const Json& lists) {
  Json files = Json::object();
  for (const FileFate fate : k_fates) {
    const dataset::Totals& totals = counts.files[static_cast<std::size_t>(fate)];
    files[std::string(to_string(fate))] = {{"files", totals.items}, {"bytes", totals.bytes}};
  }
  files["unchanged"] = {{"files", counts.unchanged}};
  const Json posts = {{"compared", counts.posts},
                      {"retagged", counts.retagged},
                      {"tags_added", counts.tags_added},
                      {"tags_removed", counts.tags_removed},
                      {"rerated", counts.rerated}};
  return {{"command", "diff"},
          {"from", from.name},
          {"to", to.name},
          {"files", files},
          {"posts", has_posts ? posts : Json(nullptr)},
          {"lists", lists}};
}

}  // namespace

Result<Report> diff(const Context& context) {
  const Settings& settings = context.settings;
  if (settings.positional.size() != 2) {
    return fail(ErrorKind::usage, "diff compares two releases: name both, the older one first");
  }
  DBR_TRY(const Side from, find_side(context.dataset.layout(), settings.positional[0]));
  DBR_TRY(const Side to, find_side(context.dataset.layout(), settings.positional[1]));
  const bool has_posts = from.has_tags && to.has_tags;
  std::optional<DiffLists> lists;
  if (settings.lists && !settings.dry_run) {
    DBR_TRY(lists, DiffLists::create(*settings.lists));
  }

  pipeline::Meter& meter = context.progress.start("diff");
  const dataset::ComparedReleases releases{from.folder, to.folder, [&]() -> Result<void> {
                                             meter.add_done();
                                             if (!context.stop.is_stopping()) return {};
                                             return fail(ErrorKind::cancelled, "interrupted while comparing");
                                           }};
  Counts counts;
  const auto on_file = [&](const dataset::FileChange& change) -> Result<void> {
    dataset::Totals& files = counts.files[static_cast<std::size_t>(change.fate)];
    ++files.items;
    files.bytes += change.size;
    tell(change);
    return lists ? lists->add(change) : Result<void>();
  };
  DBR_TRY(counts.unchanged, dataset::for_each_file_change(releases, on_file));
  const auto on_post = [&](const dataset::PostChange& change) -> Result<void> {
    counts.retagged += change.is_retagged() ? 1 : 0;
    counts.tags_added += static_cast<std::int64_t>(change.added.size());
    counts.tags_removed += static_cast<std::int64_t>(change.removed.size());
    counts.rerated += change.is_rerated() ? 1 : 0;
    tell(change);
    return lists ? lists->add(change) : Result<void>();
  };
  if (has_posts) {
    DBR_TRY(counts.posts, dataset::for_each_post_change(releases, on_post));
  }
  Json written = nullptr;
  if (lists) {
    DBR_TRY(written, lists->commit(has_posts));
  }
  meter.finish();
  return Report{text_of(from, to, counts, has_posts), json_of(from, to, counts, has_posts, written).dump(),
                ExitCode::ok};
}

}  // namespace dbr::stages
