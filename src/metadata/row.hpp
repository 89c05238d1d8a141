// SPDX-License-Identifier: MIT
// A JSON object's fields, typed. Dumps write numbers as texts.
#pragma once

#include <optional>
#include <string>

#include "dbr/base/time.hpp"
#include "dbr/metadata/post.hpp"
#include "dbr/metadata/record.hpp"
#include "pack.hpp"
#include "packed_bytes.hpp"

namespace dbr::metadata {

class Row {
 public:
  explicit Row(const simdjson::dom::object& fields) : m_fields(fields) {}

  const simdjson::dom::object& fields() const { return m_fields; }
  bool has(std::string_view key) const { return m_fields[key].error() == simdjson::SUCCESS; }
  /// Empty when it is absent, null or no text.
  std::string_view text(std::string_view key) const {
    std::string_view value;
    return m_fields[key].get(value) == simdjson::SUCCESS ? value : std::string_view();
  }
  std::optional<std::int64_t> number(std::string_view key) const {
    std::int64_t value = 0;
    if (m_fields[key].get(value) == simdjson::SUCCESS) return value;
    const std::string_view written = text(key);
    return written.empty() ? std::nullopt : parse_number_text(written);
  }
  bool is_true(std::string_view key) const {
    bool value = false;
    return (m_fields[key].get(value) == simdjson::SUCCESS && value) || text(key) == "true";
  }
  std::optional<Timestamp> time(std::string_view key) const {
    const std::string_view written = text(key);
    return written.empty() ? std::nullopt : parse_timestamp(written);
  }

 private:
  simdjson::dom::object m_fields;
};

/// What a sender's rows look like beyond what every post has.
enum class Sender { site, dump };

Result<Post> read_post(const simdjson::dom::element& element, Sender sender, PostId asked = 0);
Result<Record> read_record(const simdjson::dom::element& element);

}  // namespace dbr::metadata
