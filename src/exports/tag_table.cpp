// SPDX-License-Identifier: MIT
#include "tag_table.hpp"

#include <algorithm>

#include "release_rows.hpp"

namespace dbr::exports {

Result<TagTable> TagTable::load(const Context& context, std::string_view file) {
  TagTable table;
  DBR_CHECK(
      for_each_row(context, file, metadata::Table::tags, [&](std::int64_t id, std::string_view json) -> Result<void> {
        DBR_TRY(const Json row, parse_record(file, json));
        const auto name = row.find("name");
        if (name == row.end() || !name->is_string()) return {};
        if (name->get_ref<const std::string&>().find('\0') != std::string::npos) return {};
        table.m_tags.try_emplace(name->get<std::string>(), Entry{id, integer_of(row, "category"), 0});
        return {};
      }));
  return table;
}

TagTable::UsedTag TagTable::use(const metadata::TagUse& tag) {
  const auto [entry, is_new] =
      m_tags.try_emplace(tag.name, Entry{m_next_unknown, static_cast<std::int64_t>(tag.category), 0});
  if (is_new) --m_next_unknown;
  ++entry->second.posts;
  return {entry->second.id, entry->first, entry->second.category, entry->second.posts};
}

std::vector<std::int64_t> TagTable::use(std::span<const metadata::TagUse> tags) {
  std::vector<std::int64_t> ids;
  ids.reserve(tags.size());
  for (const metadata::TagUse& tag : tags) ids.push_back(use(tag).id);
  std::ranges::sort(ids);
  return ids;
}

Result<void> TagTable::for_each_used(const std::function<Result<void>(const UsedTag&)>& on_tag) const {
  std::vector<UsedTag> used;
  for (const auto& [name, entry] : m_tags) {
    if (entry.posts > 0) used.push_back({entry.id, name, entry.category, entry.posts});
  }
  std::ranges::sort(used, {}, &UsedTag::id);
  for (const UsedTag& tag : used) DBR_CHECK(on_tag(tag));
  return {};
}

}  // namespace dbr::exports
