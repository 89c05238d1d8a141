// SPDX-License-Identifier: MIT
#include "dictionary.hpp"

#include "tag_list.hpp"

namespace dbr::dataset {

Result<Dictionary> Dictionary::create(sql::Database& database) {
  DBR_TRY(auto insert_shape, database.prepare("INSERT INTO shape VALUES (?, ?)"));
  DBR_TRY(auto select_tag,
          database.prepare("SELECT number FROM tag_name WHERE name = ? AND category = ? AND tag_id = ?"));
  DBR_TRY(auto insert_tag, database.prepare("INSERT INTO tag_name VALUES (?, ?, ?, ?)"));
  // Tags of dumps have another ID and keep what they said.
  DBR_TRY(auto update_category, database.prepare("UPDATE tag_name SET category = ?2 WHERE name = ?1 AND tag_id = 0 "
                                                 "AND category NOT IN (?2, 255)"));
  Dictionary dictionary(database, std::move(insert_shape), std::move(select_tag), std::move(insert_tag),
                        std::move(update_category));
  DBR_TRY(auto shapes, database.prepare("SELECT number, shape FROM shape"));
  for (;;) {
    DBR_TRY(const bool is_row, shapes.step());
    if (!is_row) break;
    dictionary.m_shapes.emplace(shapes.text(1), shapes.integer(0));
    dictionary.m_last_shape = std::max(dictionary.m_last_shape, shapes.integer(0));
  }
  DBR_TRY(const auto last_tag, database.integer("SELECT max(number) FROM tag_name"));
  dictionary.m_last_tag = last_tag.value_or(0);
  return dictionary;
}

Result<std::int64_t> Dictionary::shape_number(std::string_view shape) {
  if (const auto known = m_shapes.find(shape); known != m_shapes.end()) return known->second;
  DBR_CHECK(m_insert_shape.bind(1, ++m_last_shape).bind_blob(2, shape).run());
  m_shapes.emplace(shape, m_last_shape);
  return m_last_shape;
}

Result<std::string> Dictionary::tag_list(std::string_view keys) {
  m_words.clear();
  for (auto key = metadata::next_tag_key(keys); !key.empty(); key = metadata::next_tag_key(keys)) {
    m_words.push_back({key, TagCache::hash_of(key)});
    m_tags.expect(m_words.back().hash);
  }
  std::vector<TagNumber> numbers;
  numbers.reserve(m_words.size());
  bool is_by_name = true;
  std::string_view name_before;
  for (const auto& [key, hash] : m_words) {
    std::int64_t number = m_tags.find(key, hash);
    if (number == 0) {
      DBR_TRY(number, find_or_add_tag(key, hash));
    }
    numbers.push_back(static_cast<TagNumber>(number));
    const std::string_view name = metadata::name_of_tag_key(key);
    is_by_name = is_by_name && name_before < name;
    name_before = name;
  }
  return write_tag_list(std::move(numbers), is_by_name);
}

Result<void> Dictionary::set_category(std::string_view name, int category) {
  DBR_CHECK(m_update_category.bind(1, name).bind(2, std::int64_t{category}).run());
  if (m_database.changes() > 0) m_tags.clear();
  return {};
}

Result<std::int64_t> Dictionary::find_or_add_tag(std::string_view key, std::uint64_t hash) {
  const metadata::TagUse tag = metadata::parse_tag_key(key);
  m_select_tag.bind(1, tag.name).bind(2, std::int64_t{tag.category}).bind(3, tag.id);
  DBR_TRY(const bool is_known, m_select_tag.step());
  std::int64_t number = is_known ? m_select_tag.integer(0) : 0;
  if (is_known) {
    m_select_tag.reset();
  } else {
    number = ++m_last_tag;
    DBR_CHECK(m_insert_tag.bind(1, number).bind(2, tag.name).bind(3, std::int64_t{tag.category}).bind(4, tag.id).run());
  }
  m_tags.add(key, hash, number);
  return number;
}

}  // namespace dbr::dataset
