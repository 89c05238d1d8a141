// SPDX-License-Identifier: MIT
#include "dbr/dataset/exclusions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace dbr::dataset {
namespace {

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view k_blank = " \t\r";
  const std::size_t begin = line.find_first_not_of(k_blank);
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(k_blank) - begin + 1);
}

bool is_number(std::string_view word) {
  return word.find_first_not_of("0123456789") == std::string_view::npos;
}

PostId parse_number(std::string_view word) {
  PostId id = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), id);
  return error == std::errc() && end == word.data() + word.size() ? id : 0;
}

}  // namespace

Result<void> add_exclusions(std::string_view text, std::string_view source, Exclusions& exclusions) {
  constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(k_byte_order_mark)) text.remove_prefix(k_byte_order_mark.size());
  for (std::int64_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view word = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty() || word.front() == '#') continue;
    const PostId id = is_number(word) ? parse_number(word) : 0;
    if (id > 0) {
      exclusions.ids.push_back(id);
    } else if (!is_number(word) && word.find_first_of(std::string_view(" \t\0", 3)) == std::string_view::npos) {
      exclusions.tags.emplace_back(word);
    } else {
      return fail(ErrorKind::usage,
                  fmt::format("cannot read what to exclude in {}: line {} is neither a tag nor an ID", source, number),
                  "one tag or post ID a line; tags have underscores in place of spaces");
    }
  }
  return {};
}

std::string format_exclusions(Exclusions exclusions) {
  const auto tidy = [](auto& list) {
    std::ranges::sort(list);
    list.erase(std::ranges::unique(list).begin(), list.end());
  };
  tidy(exclusions.ids);
  tidy(exclusions.tags);
  std::string text;
  for (const PostId id : exclusions.ids) text += fmt::format("{}\n", id);
  for (const std::string& tag : exclusions.tags) text += tag + '\n';
  return text;
}

Result<ExclusionMatcher> ExclusionMatcher::create(sql::Database& database, std::string_view list) {
  Exclusions exclusions;
  DBR_CHECK(add_exclusions(list, "the manifest", exclusions));
  std::ranges::sort(exclusions.ids);
  DBR_TRY(auto tags, TagMatcher::create(database, exclusions.tags));
  return ExclusionMatcher(std::move(exclusions.ids), std::move(tags));
}

std::string_view ExclusionMatcher::reason_against(PostId id, std::string_view tags) const {
  if (std::ranges::binary_search(m_ids, id)) return "id";
  return m_tags.has_any(tags) ? "tag" : "";
}

}  // namespace dbr::dataset
