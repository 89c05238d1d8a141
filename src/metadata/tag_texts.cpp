// SPDX-License-Identifier: MIT
#include "tag_texts.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "dbr/base/varint.hpp"
#include "dbr/metadata/packed.hpp"
#include "packed_bytes.hpp"

namespace dbr::metadata {
namespace {

struct CategoryKey {
  std::string_view name;
  int category;
};
constexpr std::array<CategoryKey, 6> k_categories = {
    {{"", k_all_tags}, {"_general", 0}, {"_artist", 1}, {"_copyright", 3}, {"_character", 4}, {"_meta", 5}}};

Words split_words(std::string_view text) {
  Words found;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end != 0) found.words.push_back(text.substr(0, end));
    found.is_joined = found.is_joined && end != 0 && end + 1 != text.size();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return found;
}

}  // namespace

void put_tag_key(std::string& out, std::string_view name, int category, std::int64_t id) {
  std::string key(1, static_cast<char>(category));
  put_signed(key, id);
  put_varint(out, key.size() + name.size());
  out += key;
  out += name;
}

std::optional<int> category_of(std::string_view key, std::string_view prefix) {
  if (!key.starts_with(prefix)) return std::nullopt;
  const auto found = std::ranges::find(k_categories, key.substr(prefix.size()), &CategoryKey::name);
  return found == k_categories.end() ? std::nullopt : std::optional(found->category);
}

TagTexts::TagTexts(const simdjson::dom::object& record, std::int64_t tag_id) : m_tag_id(tag_id) {
  std::string_view text;
  if (record["tag_string"].get(text) != simdjson::SUCCESS) return;
  m_is_there = true;
  m_all = split_words(text);
  for (const auto& [suffix, category] : k_categories) {
    if (category == k_all_tags || record["tag_string" + std::string(suffix)].get(text) != simdjson::SUCCESS) continue;
    m_lists.push_back({category, split_words(text)});
  }
  m_categories.assign(m_all.words.size(), k_unknown_category);
  m_are_split = split();
  if (!m_are_split) look_up_categories();
}

std::string TagTexts::keys() const {
  std::string keys;
  for (std::size_t i = 0; i < m_all.words.size(); ++i) put_tag_key(keys, m_all.words[i], m_categories[i], m_tag_id);
  return keys;
}

std::int64_t TagTexts::count(int category) const {
  if (category == k_all_tags) return static_cast<std::int64_t>(m_categories.size());
  return std::ranges::count(m_categories, category);
}

bool TagTexts::split() {
  for (std::size_t word = 0; word < m_all.words.size(); ++word) {
    const auto list = std::ranges::find_if(m_lists, [&](const List& candidate) {
      return candidate.next < candidate.text.words.size() && candidate.text.words[candidate.next] == m_all.words[word];
    });
    if (list == m_lists.end()) continue;
    m_categories[word] = list->category;
    ++list->next;
  }
  return m_all.is_joined && std::ranges::all_of(m_lists, [](const List& list) {
           return list.text.is_joined && list.next == list.text.words.size();
         });
}

void TagTexts::look_up_categories() {
  std::unordered_map<std::string_view, int> categories;
  for (const List& list : m_lists) {
    for (const std::string_view word : list.text.words) categories.try_emplace(word, list.category);
  }
  for (std::size_t word = 0; word < m_all.words.size(); ++word) {
    const auto known = categories.find(m_all.words[word]);
    m_categories[word] = known == categories.end() ? k_unknown_category : known->second;
  }
}

}  // namespace dbr::metadata
