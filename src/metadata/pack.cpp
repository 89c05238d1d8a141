// SPDX-License-Identifier: MIT
#include "pack.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <unordered_map>
#include <vector>

#include "dbr/base/digest.hpp"
#include "dbr/base/varint.hpp"
#include "json_parser.hpp"
#include "packed_bytes.hpp"
#include "variant_size.hpp"

namespace dbr::metadata {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::element_type;
using simdjson::dom::object;

// A shape longer than this is not shared by many records: such a record is kept as JSON.
constexpr std::size_t k_longest_shape = 4096;
constexpr std::size_t k_most_flags = 63;
constexpr std::size_t k_most_elements = 16;  // of an array whose elements have shapes of their own
constexpr std::size_t k_longest_constant = 80;

struct CategoryKey {
  std::string_view name;
  int category;
};
constexpr std::array<CategoryKey, 6> k_categories = {
    {{"", k_all_tags}, {"_general", 0}, {"_artist", 1}, {"_copyright", 3}, {"_character", 4}, {"_meta", 5}}};

std::optional<int> category_of(std::string_view key, std::string_view prefix) {
  if (!key.starts_with(prefix)) return std::nullopt;
  const auto found = std::ranges::find(k_categories, key.substr(prefix.size()), &CategoryKey::name);
  return found == k_categories.end() ? std::nullopt : std::optional(found->category);
}

struct Words {
  std::vector<std::string_view> words;
  bool is_joined = true;  // joining them with single spaces gives the text back
};

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

void put_tag_key(std::string& out, std::string_view name, int category, std::int64_t id) {
  std::string key(1, static_cast<char>(category));
  put_signed(key, id);
  put_varint(out, key.size() + name.size());
  out += key;
  out += name;
}

// A post's tag texts: the whole list, and one for each category with the same words in the same order.
class TagTexts {
 public:
  explicit TagTexts(const object& record) {
    std::string_view text;
    if (record["tag_string"].get(text) != simdjson::SUCCESS) return;
    m_all = split_words(text);
    for (const auto& [suffix, category] : k_categories) {
      if (category == k_all_tags || record["tag_string" + std::string(suffix)].get(text) != simdjson::SUCCESS) continue;
      m_lists.push_back({category, split_words(text)});
    }
    m_categories.assign(m_all.words.size(), k_unknown_category);
    m_are_split = split();
    if (!m_are_split) look_up_categories();
  }

  /// The whole list follows from the tags.
  bool is_joined() const { return m_all.is_joined; }
  /// So do the lists by category.
  bool are_split() const { return m_are_split; }
  std::string keys() const {
    std::string keys;
    for (std::size_t i = 0; i < m_all.words.size(); ++i) put_tag_key(keys, m_all.words[i], m_categories[i], 0);
    return keys;
  }
  std::int64_t count(int category) const {
    if (category == k_all_tags) return static_cast<std::int64_t>(m_categories.size());
    return std::ranges::count(m_categories, category);
  }

 private:
  struct List {
    int category;
    Words text;
    std::size_t next = 0;
  };

  bool split() {
    for (std::size_t word = 0; word < m_all.words.size(); ++word) {
      const auto list = std::ranges::find_if(m_lists, [&](const List& candidate) {
        return candidate.next < candidate.text.words.size() &&
               candidate.text.words[candidate.next] == m_all.words[word];
      });
      if (list == m_lists.end()) continue;
      m_categories[word] = list->category;
      ++list->next;
    }
    return m_all.is_joined && std::ranges::all_of(m_lists, [](const List& list) {
             return list.text.is_joined && list.next == list.text.words.size();
           });
  }

  void look_up_categories() {
    std::unordered_map<std::string_view, int> categories;
    for (const List& list : m_lists) {
      for (const std::string_view word : list.text.words) categories.try_emplace(word, list.category);
    }
    for (std::size_t word = 0; word < m_all.words.size(); ++word) {
      const auto known = categories.find(m_all.words[word]);
      m_categories[word] = known == categories.end() ? k_unknown_category : known->second;
    }
  }

  Words m_all;
  std::vector<List> m_lists;
  std::vector<int> m_categories;  // of m_all's words
  bool m_are_split = false;
};

class Packer {
 public:
  Packer(const object& record, const PackBase& base) : m_record(record), m_base(base), m_tags(record) {
    if (m_base.md5.size() == 32) {
      m_folders = {m_base.md5[0], m_base.md5[1], '/', m_base.md5[2], m_base.md5[3]};
    }
    m_packed.tags = m_tags.keys();
  }

  Packed run() {
    for (const auto [key, value] : m_record) {
      if (!put_post_field(key, value)) put(key, value, 0);
      m_own.push_back({key, value});
    }
    if (m_packed.shape.size() > k_longest_shape) return as_json();
    std::string flags;
    put_varint(flags, m_flags);
    m_packed.values.insert(0, flags);
    return std::move(m_packed);
  }

 private:
  Packed as_json() const {
    Packed packed;
    packed.shape = static_cast<char>(Kind::raw);
    put_packed_text(packed.values, simdjson::minify(m_record));
    return packed;
  }

  void field(Kind kind, std::string_view key) {
    m_packed.shape += static_cast<char>(kind);
    put_text(m_packed.shape, key);
  }
  void field(Kind kind, std::string_view key, std::string_view constant) {
    field(kind, key);
    put_text(m_packed.shape, constant);
  }
  void field(Kind kind, std::string_view key, int category) {
    field(kind, key);
    m_packed.shape += static_cast<char>(category);
  }

  // What follows from a post's tags.
  bool put_post_field(std::string_view key, const element& value) {
    if (key == "tags") return put_tag_objects(key, value);
    if (const auto category = category_of(key, "tag_string")) {
      const bool follows = m_tags.are_split() || (*category == k_all_tags && m_tags.is_joined());
      if (!value.is_string() || !follows) return false;
      // A second field with this key is another text.
      if (std::ranges::find(m_own, key, &Own::key) != m_own.end()) return false;
      field(Kind::tag_string, key, *category);
      return true;
    }
    if (const auto category = category_of(key, "tag_count")) {
      const bool is_text = value.is_string();
      std::int64_t count = 0;
      if (is_text) {
        count = parse_number_text(value.get_string()).value_or(-1);
      } else if (value.get(count) != simdjson::SUCCESS) {
        return false;
      }
      if (count != m_tags.count(*category) || !m_tags.are_split()) return false;
      field(is_text ? Kind::tag_count_text : Kind::tag_count, key, *category);
      return true;
    }
    return false;
  }

  // An array of {"id", "name", "category"}, all their numbers written alike.
  bool put_tag_objects(std::string_view key, const element& value) {
    array list;
    if (value.get(list) != simdjson::SUCCESS || list.size() == 0 || !m_packed.tags.empty()) return false;
    std::string keys;
    std::optional<bool> are_texts;
    std::uint64_t count = 0;
    for (const element item : list) {
      object tag;
      if (item.get(tag) != simdjson::SUCCESS || tag.size() != 3) return false;
      auto part = tag.begin();
      const auto number = [&](std::string_view name, std::int64_t below) -> std::optional<std::int64_t> {
        const auto [part_key, part_value] = *part;
        ++part;
        const bool is_text = part_value.is_string();
        if (part_key != name || are_texts.value_or(is_text) != is_text) return std::nullopt;
        are_texts = is_text;
        std::optional<std::int64_t> found;
        if (is_text) {
          found = parse_number_text(part_value.get_string());
        } else if (std::int64_t plain = 0; part_value.get(plain) == simdjson::SUCCESS) {
          found = plain;
        }
        return found && *found >= 0 && *found < below ? found : std::nullopt;
      };
      const auto id = number("id", std::int64_t{1} << 40);
      const auto [name_key, name] = *part;
      ++part;
      const auto category = number("category", k_all_tags);
      if (!id || !category || name_key != "name" || !name.is_string()) return false;
      put_tag_key(keys, name.get_string(), static_cast<int>(*category), *id);
      ++count;
    }
    field(*are_texts ? Kind::tag_texts : Kind::tag_objects, key);
    put_varint(m_packed.values, count);
    m_packed.tags = std::move(keys);
    return true;
  }

  void put(std::string_view key, const element& value, int depth) {
    switch (value.type()) {
      case element_type::NULL_VALUE:
        return field(Kind::null, key);
      case element_type::BOOL:
        return put_boolean(key, value.get_bool());
      case element_type::INT64:
        return put_integer(key, value, depth);
      case element_type::UINT64:  // beyond what a signed number holds
        return put_raw(key, value);
      case element_type::DOUBLE:
        return put_real(key, value.get_double());
      case element_type::STRING:
        return put_string(key, value, depth);
      case element_type::OBJECT:
        return put_object(key, value, depth);
      case element_type::ARRAY:
        return put_array(key, value, depth);
    }
  }

  void put_boolean(std::string_view key, bool value) {
    if (m_flag_count == k_most_flags) return field(value ? Kind::is_true : Kind::is_false, key);
    field(Kind::boolean, key);
    m_flags |= std::uint64_t{value} << m_flag_count++;
  }

  // A field of the record itself, earlier on, with this key and value.
  bool is_same(std::string_view key, const element& value, int depth) const {
    if (depth == 0) return false;
    const auto own = std::ranges::find(m_own, key, &Own::key);
    if (own == m_own.end() || own->value.type() != value.type()) return false;
    if (value.is_string()) return own->value.get_string().value() == value.get_string().value();
    return own->value.get_int64().value() == value.get_int64().value();
  }

  void put_integer(std::string_view key, const element& value, int depth) {
    const std::int64_t number = value.get_int64();
    const auto fitted = variant_size(m_variant_type, m_picture);
    if (fitted && ((key == "width" && number == fitted->width) || (key == "height" && number == fitted->height))) {
      return field(Kind::fitted, key);
    }
    if (key == "file_size" && number == m_base.file_size) return field(Kind::base_size, key);
    if (is_same(key, value, depth)) return field(Kind::same, key);
    field(Kind::integer, key);
    put_signed(m_packed.values, number);
    if (key == "image_width") m_picture.width = number;
    if (key == "image_height") m_picture.height = number;
  }

  void put_real(std::string_view key, double value) {
    field(Kind::real, key);
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    m_packed.values.append(bytes, sizeof value);
  }

  void put_string(std::string_view key, const element& value, int depth) {
    const std::string_view text = value.get_string();
    if (text.empty()) return field(Kind::empty, key);
    if (text == m_base.md5) return field(Kind::base_md5, key);
    if (is_same(key, value, depth)) return field(Kind::same, key);
    if (const auto word = word_index(text)) {
      if (key == "type") m_variant_type = text;
      if (depth > 1) return field(Kind::constant, key, text);
      field(Kind::word, key);
      m_packed.values += static_cast<char>(*word);
      return;
    }
    if (const auto number = parse_number_text(text)) {
      if (key == "file_size" && *number == m_base.file_size) return field(Kind::base_size_text, key);
      field(Kind::number_text, key);
      return put_signed(m_packed.values, *number);
    }
    if (put_moment(key, text) || put_hex(key, text) || put_url(key, text)) return;
    field(Kind::text, key);
    put_packed_text(m_packed.values, text);
  }

  bool put_moment(std::string_view key, std::string_view text) {
    const std::int64_t base = m_base.created_at.time_since_epoch().count();
    if (const auto moment = parse_moment(text)) {
      field(Kind::moment, key);
      put_signed(m_packed.values, moment->milliseconds - base);
      put_signed(m_packed.values, moment->quarters);
    } else if (const auto zulu = parse_zulu(text)) {
      field(Kind::moment_zulu, key);
      put_signed(m_packed.values, *zulu - base);
    } else if (const auto utc = parse_utc_text(text)) {
      field(*utc == 0 ? Kind::never : Kind::moment_utc, key);
      if (*utc != 0) put_signed(m_packed.values, *utc - base * 1000);
    } else {
      return false;
    }
    return true;
  }

  bool put_hex(std::string_view key, std::string_view text) {
    if (!is_hex(text, 16)) return false;
    field(Kind::hex, key);
    m_packed.values += from_hex(text);
    return true;
  }

  // A URL on the site's own hosts: what is not the md5 is the same for many posts.
  bool put_url(std::string_view key, std::string_view text) {
    const std::size_t at = m_base.md5.empty() ? text.npos : text.find(m_base.md5);
    if (at == text.npos || text.size() > k_longest_constant + m_base.md5.size() || text.find("__") != text.npos ||
        std::ranges::any_of(text, [](char c) { return c < ' ' || c > '~'; })) {
      return false;
    }
    std::string constant(text.substr(0, at));
    if (const std::size_t folders = constant.find(m_folders); folders != constant.npos) {
      constant.replace(folders, m_folders.size(), "\x01");
    }
    constant += '\x02';
    constant += text.substr(at + m_base.md5.size());
    field(Kind::with_md5, key, constant);
    return true;
  }

  void put_object(std::string_view key, const object& fields, int depth) {
    field(Kind::object, key);
    for (const auto [name, value] : fields) put(name, value, depth + 1);
    m_packed.shape += static_cast<char>(Kind::end);
  }

  void put_array(std::string_view key, const element& value, int depth) {
    const array list = value.get_array();
    if (put_numbers(key, list)) return;
    if (list.size() > k_most_elements) return put_raw(key, value);
    field(Kind::array, key);
    put_varint(m_packed.shape, list.size());
    for (const element item : list) put("", item, depth + 1);
  }

  bool put_numbers(std::string_view key, const array& list) {
    std::string numbers;
    std::int64_t before = 0;
    std::uint64_t count = 0;
    bool are_texts = false;
    for (const element value : list) {
      std::int64_t number = 0;
      if (count == 0) are_texts = value.is_string();
      if (are_texts) {
        const auto parsed = value.is_string() ? parse_number_text(value.get_string()) : std::nullopt;
        if (!parsed) return false;
        number = *parsed;
      } else if (value.get(number) != simdjson::SUCCESS) {
        return false;
      }
      constexpr std::int64_t k_largest = std::int64_t{1} << 60;
      if (number > k_largest || number < -k_largest) return false;
      put_signed(numbers, number - before);
      before = number;
      ++count;
    }
    field(are_texts ? Kind::number_texts : Kind::integers, key);
    put_varint(m_packed.values, count);
    m_packed.values += numbers;
    return true;
  }

  void put_raw(std::string_view key, const element& value) {
    field(Kind::raw, key);
    put_packed_text(m_packed.values, simdjson::minify(value));
  }

  struct Own {
    std::string_view key;
    element value;
  };

  const object& m_record;
  const PackBase& m_base;
  TagTexts m_tags;
  std::string m_folders;
  std::vector<Own> m_own;  // the record's fields so far
  Sides m_picture;
  std::string_view m_variant_type;
  Packed m_packed;
  std::uint64_t m_flags = 0;
  std::size_t m_flag_count = 0;
};

}  // namespace

Packed pack(const object& record, const PackBase& base) {
  return Packer(record, base).run();
}

Result<Packed> pack(std::string_view json, const PackBase& base) {
  JsonParser parser;
  DBR_TRY(const auto record, parser.parse_object(json));
  return pack(record, base);
}

}  // namespace dbr::metadata
