// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <vector>

#include "dbr/base/digest.hpp"
#include "dbr/metadata/packed.hpp"
#include "packed_bytes.hpp"
#include "variant_size.hpp"

namespace dbr::metadata {
namespace {

constexpr int k_deepest = 64;

void append_json_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

class Unpacker {
 public:
  Unpacker(std::string_view shape, std::string_view values, const PackBase& base, const NextTag& next_tag)
      : m_shape(shape), m_values(values), m_base(base) {
    while (const TagUse* tag = next_tag()) m_tags.push_back(tag);
  }

  Result<std::string> run(std::string_view shape) {
    if (shape.size() == 1 && static_cast<Kind>(shape[0]) == Kind::raw) {
      append_packed_text(m_values, m_out);
    } else {
      m_flags = m_values.number();
      object(0);
    }
    if (m_is_wrong || m_shape.is_broken() || m_values.is_broken() || !m_values.is_empty()) {
      return fail(ErrorKind::corrupt, "a record in the manifest is damaged");
    }
    return std::move(m_out);
  }

 private:
  // Fields up to the end of the shape, or of the object.
  void object(int depth) {
    m_out += '{';
    for (bool is_first = true; !m_shape.is_empty() && !is_done(); is_first = false) {
      const auto kind = static_cast<Kind>(m_shape.byte());
      if (kind == Kind::end) {
        m_is_wrong = m_is_wrong || depth == 0;
        break;
      }
      if (!is_first) m_out += ',';
      const std::string_view key = m_shape.bytes(m_shape.number());
      append_json_text(m_out, key);
      m_out += ':';
      const std::size_t from = m_out.size();
      value(kind, key, depth);
      if (depth == 0) m_own.push_back({key, from, m_out.size() - from});
    }
    m_out += '}';
  }

  bool is_done() const { return m_is_wrong || m_shape.is_broken() || m_values.is_broken(); }

  void value(Kind kind, std::string_view key, int depth) {
    switch (kind) {
      case Kind::null:
        m_out += "null";
        return;
      case Kind::boolean:
        m_out += take_flag() ? "true" : "false";
        return;
      case Kind::maybe_integer:
        if (take_flag()) return integer(key, m_values.signed_number());
        m_out += "null";
        return;
      case Kind::maybe_moment:
        if (take_flag()) return moment(Kind::moment);
        m_out += "null";
        return;
      case Kind::is_true:
        m_out += "true";
        return;
      case Kind::is_false:
        m_out += "false";
        return;
      case Kind::empty:
        m_out += "\"\"";
        return;
      case Kind::integer:
        return integer(key, m_values.signed_number());
      case Kind::number_text:
        fmt::format_to(out(), "\"{}\"", m_values.signed_number());
        return;
      case Kind::real:
        return real();
      case Kind::base_md5:
        return append_json_text(m_out, m_base.md5);
      case Kind::base_size:
        return integer(key, m_base.file_size);
      case Kind::base_size_text:
        fmt::format_to(out(), "\"{}\"", m_base.file_size);
        return;
      case Kind::base_rating:
        return append_json_text(m_out, m_base.rating);
      case Kind::hex:
        return append_json_text(m_out, to_hex(m_values.bytes(16)));
      case Kind::moment:
      case Kind::moment_zulu:
      case Kind::moment_utc:
        return moment(kind);
      case Kind::never:
        m_out += '"';
        append_utc_text(m_out, 0);
        m_out += '"';
        return;
      case Kind::word:
        return word(key, word_at(m_values.byte()));
      case Kind::constant:
        return word(key, m_shape.bytes(m_shape.number()));
      case Kind::text: {
        std::string packed;
        append_packed_text(m_values, packed);
        return append_json_text(m_out, packed);
      }
      case Kind::with_md5:
        return url(m_shape.bytes(m_shape.number()));
      case Kind::same:
        return same(key);
      case Kind::fitted:
        return fitted(key);
      case Kind::tag_string:
        return tag_string(m_shape.byte());
      case Kind::tag_count:
        fmt::format_to(out(), "{}", count_tags(m_shape.byte()));
        return;
      case Kind::tag_count_text:
        fmt::format_to(out(), "\"{}\"", count_tags(m_shape.byte()));
        return;
      case Kind::tag_objects:
      case Kind::tag_texts:
        return tag_objects(kind == Kind::tag_texts);
      case Kind::object:
        if (depth == k_deepest) break;
        return object(depth + 1);
      case Kind::array:
        if (depth == k_deepest) break;
        return array(m_shape.number(), depth);
      case Kind::integers:
      case Kind::number_texts:
        return numbers(kind == Kind::number_texts);
      case Kind::raw:
        return append_packed_text(m_values, m_out);
      case Kind::end:
        break;
    }
    m_is_wrong = true;
  }

  std::back_insert_iterator<std::string> out() { return std::back_inserter(m_out); }

  bool take_flag() {
    const bool flag = (m_flags & 1) != 0;
    m_flags >>= 1;
    return flag;
  }

  void word(std::string_view key, std::string_view text) {
    if (key == "type") m_variant_type = text;
    append_json_text(m_out, text);
  }

  void integer(std::string_view key, std::int64_t number) {
    if (key == "image_width") m_picture.width = number;
    if (key == "image_height") m_picture.height = number;
    fmt::format_to(out(), "{}", number);
  }

  void real() {
    const std::string_view bytes = m_values.bytes(sizeof(double));
    double number = 0;
    if (bytes.size() == sizeof number) std::memcpy(&number, bytes.data(), sizeof number);
    m_is_wrong = m_is_wrong || !std::isfinite(number);
    const std::string written = fmt::format("{}", number);
    m_out += written;
    if (written.find_first_of(".e") == std::string::npos) m_out += ".0";
  }

  void moment(Kind kind) {
    // From the year 0 to the year 9999, in milliseconds.
    constexpr std::int64_t k_first = -62'167'219'200'000;
    constexpr std::int64_t k_last = 253'402'300'799'999;
    const std::int64_t scale = kind == Kind::moment_utc ? 1000 : 1;
    const std::int64_t base = m_base.created_at.time_since_epoch().count();
    const std::int64_t distance = m_values.signed_number();
    const std::int64_t quarters = kind == Kind::moment ? m_values.signed_number() : 0;
    const auto is_within = [](std::int64_t number, std::int64_t size) { return number >= -size && number <= size; };
    if (base < k_first || base > k_last || !is_within(distance / scale, k_last - k_first) || !is_within(quarters, 63)) {
      m_is_wrong = true;
      return;
    }
    const std::int64_t at = base * scale + distance;
    const std::int64_t local = at / scale + quarters * 900'000;
    if (local < k_first || local > k_last) {
      m_is_wrong = true;
      return;
    }
    m_out += '"';
    if (kind == Kind::moment) append_moment(m_out, {at, static_cast<int>(quarters)});
    if (kind == Kind::moment_zulu) append_zulu(m_out, at);
    if (kind == Kind::moment_utc) append_utc_text(m_out, at);
    m_out += '"';
  }

  void url(std::string_view constant) {
    m_out += '"';
    for (const char c : constant) {
      if (c == '\x01' && m_base.md5.size() == 32) {
        fmt::format_to(out(), "{}/{}", m_base.md5.substr(0, 2), m_base.md5.substr(2, 2));
      } else if (c == '\x02') {
        m_out += m_base.md5;
      } else {
        if (c == '"' || c == '\\') m_out += '\\';
        m_out += c;
      }
    }
    m_out += '"';
  }

  void same(std::string_view key) {
    const auto own = std::ranges::find(m_own, key, &Own::key);
    if (own == m_own.end()) {
      m_is_wrong = true;
      return;
    }
    m_out += std::string(m_out, own->at, own->size);
  }

  void fitted(std::string_view key) {
    const auto sides = variant_size(m_variant_type, m_picture);
    m_is_wrong = m_is_wrong || !sides;
    if (sides) fmt::format_to(out(), "{}", key == "width" ? sides->width : sides->height);
  }

  std::size_t count_tags(int category) const {
    if (category == k_all_tags) return m_tags.size();
    return static_cast<std::size_t>(std::ranges::count(m_tags, category, &TagUse::category));
  }

  void tag_string(int category) {
    std::string joined;
    for (const TagUse* tag : m_tags) {
      if (category != k_all_tags && tag->category != category) continue;
      if (!joined.empty()) joined += ' ';
      joined += tag->name;
    }
    append_json_text(m_out, joined);
  }

  void tag_objects(bool are_texts) {
    m_is_wrong = m_is_wrong || m_values.number() != m_tags.size();
    const std::string_view quote = are_texts ? "\"" : "";
    m_out += '[';
    for (const TagUse* tag : m_tags) {
      if (m_out.back() != '[') m_out += ',';
      fmt::format_to(out(), R"({{"id":{0}{1}{0},"name":)", quote, tag->id);
      append_json_text(m_out, tag->name);
      fmt::format_to(out(), R"(,"category":{0}{1}{0}}})", quote, tag->category);
    }
    m_out += ']';
  }

  void array(std::uint64_t count, int depth) {
    m_out += '[';
    for (std::uint64_t i = 0; i < count && !is_done(); ++i) {
      if (i != 0) m_out += ',';
      const auto kind = static_cast<Kind>(m_shape.byte());
      value(kind, m_shape.bytes(m_shape.number()), depth + 1);
    }
    m_out += ']';
  }

  void numbers(bool are_texts) {
    const std::string_view quote = are_texts ? "\"" : "";
    m_out += '[';
    for (const std::int64_t number : take_number_list(m_values)) {
      if (m_out.back() != '[') m_out += ',';
      fmt::format_to(out(), "{0}{1}{0}", quote, number);
    }
    m_out += ']';
  }

  struct Own {
    std::string_view key;
    std::size_t at, size;  // in m_out
  };

  ByteSource m_shape;
  ByteSource m_values;
  const PackBase& m_base;
  std::vector<const TagUse*> m_tags;
  std::vector<Own> m_own;
  std::string m_out;
  std::uint64_t m_flags = 0;
  Sides m_picture;
  std::string m_variant_type;
  bool m_is_wrong = false;
};

}  // namespace

std::string_view next_tag_key(std::string_view& keys) {
  ByteSource source(keys);
  const std::string_view key = source.bytes(source.number());
  keys.remove_prefix(key.empty() ? keys.size() : static_cast<std::size_t>(key.data() + key.size() - keys.data()));
  return key;
}

std::string_view name_of_tag_key(std::string_view key) {
  // Behind the category and the number of variable length.
  std::size_t used = 2;
  while (used < key.size() && (static_cast<unsigned char>(key[used - 1]) & 0x80) != 0) ++used;
  return key.substr(std::min(used, key.size()));
}

TagUse parse_tag_key(std::string_view key) {
  ByteSource source(key);
  TagUse tag;
  tag.category = source.byte();
  tag.id = source.signed_number();
  tag.name = name_of_tag_key(key);
  return tag;
}

std::string tag_key(const TagUse& tag) {
  std::string key(1, static_cast<char>(tag.category));
  put_signed(key, tag.id);
  return key + tag.name;
}

Result<std::string> unpack(std::string_view shape, std::string_view values, const PackBase& base,
                           const NextTag& next_tag) {
  return Unpacker(shape, values, base, next_tag).run(shape);
}

Result<std::string> unpack(const Packed& packed, const PackBase& base) {
  std::vector<TagUse> tags;
  std::string_view keys = packed.tags;
  for (auto key = next_tag_key(keys); !key.empty(); key = next_tag_key(keys)) tags.push_back(parse_tag_key(key));
  std::size_t next = 0;
  return unpack(packed.shape, packed.values, base, [&] { return next < tags.size() ? &tags[next++] : nullptr; });
}

}  // namespace dbr::metadata
