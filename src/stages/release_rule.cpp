// SPDX-License-Identifier: MIT
#include "release_rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/base/file.hpp"
#include "dbr/base/log.hpp"
#include "dbr/dataset/exclusions.hpp"

namespace dbr::stages {
namespace {

using dataset::ReleaseSpec;

std::vector<std::string_view> sorted_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    lines.push_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(lines.back().size() + 1, text.size()));
  }
  std::ranges::sort(lines);
  return lines;
}

}  // namespace

Result<void> add_rule(const Settings& settings, ReleaseSpec& spec) {
  spec.sfw_ratings = settings.sfw_ratings;
  dataset::Exclusions exclusions;
  for (const std::filesystem::path& path : settings.exclude) {
    const auto text = read_file(path, ByteCount{1} << 30);
    if (!text) return fail(ErrorKind::usage, fmt::format("cannot read what to exclude: {}", text.error().message));
    DBR_CHECK(dataset::add_exclusions(*text, path.string(), exclusions));
  }
  spec.exclude = dataset::format_exclusions(std::move(exclusions));
  return {};
}

bool is_same_rule(const ReleaseSpec& a, const ReleaseSpec& b) {
  return a.sfw_ratings == b.sfw_ratings && a.exclude == b.exclude;
}

void warn_of_other_rule(const ReleaseSpec& before, const ReleaseSpec& spec) {
  const auto old_lines = sorted_lines(before.exclude);
  const auto new_lines = sorted_lines(spec.exclude);
  std::vector<std::string_view> dropped;
  std::ranges::set_difference(old_lines, new_lines, std::back_inserter(dropped));
  if (!dropped.empty()) {
    log::warning(
        "{} no longer leaves out {} tags and IDs that --exclude named before, such as {}; lasting wishes belong "
        "into dbr.toml",
        spec.name, dropped.size(), dropped.front());
  }
  if (before.sfw_ratings != spec.sfw_ratings) {
    log::warning(
        "the sfw set of {} was of the ratings {} and is of {} now; a lasting --sfw-ratings belongs into dbr.toml",
        spec.name, before.sfw_ratings, spec.sfw_ratings);
  }
}

Result<void> warn_of_unknown_tags(sql::Database& database, const ReleaseSpec& spec) {
  DBR_TRY(const auto exclusions, dataset::ExclusionMatcher::create(database, spec.exclude));
  for (const std::string& tag : exclusions.unknown_tags()) {
    log::warning("no post has the tag {}, which is to be excluded", tag);
  }
  return {};
}

}  // namespace dbr::stages
