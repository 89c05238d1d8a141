// SPDX-License-Identifier: MIT
#include "pack.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "dbr/base/digest.hpp"
#include "dbr/base/varint.hpp"
#include "json_parser.hpp"
#include "packed_bytes.hpp"
#include "tag_texts.hpp"
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

class Packer {
 public:
  Packer(const object& record, const PackBase& base)
      : m_record(record), m_base(base), m_tags(record, base.is_from_dump ? -1 : 0) {
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
    Packed packed{.tags = m_packed.tags};  // for those who look for them
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
    if (key == "tags" && !m_tags.is_there()) return put_tag_objects(key, value);
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

  // What most records leave empty: present or not, the shape is the same.
  bool put_maybe(std::string_view key, const element& value) {
    constexpr std::array<std::string_view, 3> k_integers = {"parent_id", "approver_id", "pixiv_id"};
    constexpr std::array<std::string_view, 3> k_moments = {"last_noted_at", "last_commented_at",
                                                           "last_comment_bumped_at"};
    const bool is_moment = std::ranges::find(k_moments, key) != k_moments.end();
    if (!is_moment && std::ranges::find(k_integers, key) == k_integers.end()) return false;
    if (m_flag_count == k_most_flags) return false;
    const auto moment = is_moment && value.is_string() ? parse_moment(value.get_string()) : std::nullopt;
    if (!value.is_null() && !(is_moment ? moment.has_value() : value.is_int64())) return false;
    field(is_moment ? Kind::maybe_moment : Kind::maybe_integer, key);
    m_flags |= std::uint64_t{!value.is_null()} << m_flag_count++;
    if (moment) put_moment_values(*moment);
    if (!is_moment && !value.is_null()) put_signed(m_packed.values, value.get_int64());
    return true;
  }

  void put_moment_values(const Moment& moment) {
    put_signed(m_packed.values, moment.milliseconds - m_base.created_at.time_since_epoch().count());
    put_signed(m_packed.values, moment.quarters);
  }

  void put(std::string_view key, const element& value, int depth) {
    if (depth == 0 && put_maybe(key, value)) return;
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
    if (text.empty() && key != "source") return field(Kind::empty, key);
    if (text == m_base.md5 && !text.empty()) return field(Kind::base_md5, key);
    if (key == "rating" && text == m_base.rating) return field(Kind::base_rating, key);
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
      put_moment_values(*moment);
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
    const std::size_t at = m_base.md5.empty() || !key.ends_with("url") ? text.npos : text.find(m_base.md5);
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
    std::vector<std::int64_t> numbers;
    std::optional<bool> are_texts;
    for (const element value : list) {
      const bool is_text = value.is_string();
      if (are_texts.value_or(is_text) != is_text) return false;
      are_texts = is_text;
      std::int64_t number = 0;
      if (is_text) {
        const auto parsed = parse_number_text(value.get_string());
        if (!parsed) return false;
        number = *parsed;
      } else if (value.get(number) != simdjson::SUCCESS) {
        return false;
      }
      constexpr std::int64_t k_largest = std::int64_t{1} << 60;
      if (number > k_largest || number < -k_largest) return false;
      numbers.push_back(number);
    }
    field(are_texts.value_or(false) ? Kind::number_texts : Kind::integers, key);
    put_number_list(m_packed.values, numbers);
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
