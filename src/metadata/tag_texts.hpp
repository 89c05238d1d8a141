// SPDX-License-Identifier: MIT
// A post's tags as its texts name them, and which of the texts follow from the tags.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dbr::metadata {

/// Appends the key of one tag, for next_tag_key to find.
void put_tag_key(std::string& out, std::string_view name, int category, std::int64_t id);

/// "tag_string_artist" with the prefix "tag_string": the artists' category, or k_all_tags for the prefix alone.
std::optional<int> category_of(std::string_view key, std::string_view prefix);

struct Words {
  std::vector<std::string_view> words;
  bool is_joined = true;  // joining them with single spaces gives the text back
};

/// The whole list, and one for each category with the same words in the same order. Views into the record.
class TagTexts {
 public:
  TagTexts(const simdjson::dom::object& record, std::int64_t tag_id);

  /// The record has a tag_string.
  bool is_there() const { return m_is_there; }

  /// The whole list follows from the tags.
  bool is_joined() const { return m_all.is_joined; }
  /// So do the lists by category.
  bool are_split() const { return m_are_split; }
  std::string keys() const;
  std::int64_t count(int category) const;

 private:
  struct List {
    int category;
    Words text;
    std::size_t next = 0;
  };
  bool split();
  void look_up_categories();

  Words m_all;
  std::vector<List> m_lists;
  std::vector<int> m_categories;  // of m_all's words
  std::int64_t m_tag_id;
  bool m_is_there = false;
  bool m_are_split = false;
};

}  // namespace dbr::metadata
