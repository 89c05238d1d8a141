// SPDX-License-Identifier: MIT
#include "dbr/dataset/record_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dbr/base/digest.hpp"
#include "dbr/base/varint.hpp"
#include "tag_list.hpp"

namespace dbr::dataset {
namespace {

Result<void> damaged(std::string_view what, std::int64_t number) {
  return fail(ErrorKind::corrupt, fmt::format("the manifest is damaged: it has no {} {}", what, number));
}

}  // namespace

Result<RecordReader> RecordReader::create(sql::Database& database) {
  DBR_TRY(auto select_shape, database.prepare("SELECT shape FROM shape WHERE number = ?"));
  DBR_TRY(auto select_tag, database.prepare("SELECT name, category, tag_id FROM tag_name WHERE number = ?"));
  return RecordReader(std::move(select_shape), std::move(select_tag));
}

Result<std::string> RecordReader::post(const sql::Statement& row) {
  DBR_TRY(const auto list, tags(row.text(3)));
  return post(row, list);
}

// Some shapes count their tags, so as many nameless ones stand in their places.
Result<std::string> RecordReader::post_without_tags(const sql::Statement& row) {
  static const metadata::TagUse s_nameless;
  return post(row, std::vector(read_tag_list(row.text(3)).numbers.size(), &s_nameless));
}

Result<std::string> RecordReader::post(const sql::Statement& row, const std::vector<const metadata::TagUse*>& tags) {
  const std::string md5 = to_hex(row.text(2));
  return unpack(row.text(4), tags,
                {Timestamp(std::chrono::milliseconds(row.integer(0))), md5, row.integer(1), row.text(5)});
}

void RecordReader::forget_tags() {
  m_tags.clear();
}

Result<std::string> RecordReader::record(std::string_view bytes) {
  return unpack(bytes, {}, {});
}

Result<std::string> RecordReader::unpack(std::string_view bytes, const std::vector<const metadata::TagUse*>& tags,
                                         const metadata::PackBase& base) {
  const auto number = static_cast<std::int64_t>(take_varint(bytes));
  DBR_TRY(const std::string* const shape_bytes, shape(number));
  std::size_t next = 0;
  return metadata::unpack(*shape_bytes, bytes, base, [&] { return next < tags.size() ? tags[next++] : nullptr; });
}

Result<std::vector<const metadata::TagUse*>> RecordReader::tags(std::string_view bytes) {
  const TagList numbers = read_tag_list(bytes);
  std::vector<const metadata::TagUse*> list;
  list.reserve(numbers.numbers.size());
  for (const TagNumber number : numbers.numbers) {
    DBR_TRY(const auto* const use, tag(static_cast<std::int64_t>(number)));
    list.push_back(use);
  }
  if (numbers.is_by_name) std::ranges::sort(list, {}, &metadata::TagUse::name);
  return list;
}

Result<const std::string*> RecordReader::shape(std::int64_t number) {
  if (const auto known = m_shapes.find(number); known != m_shapes.end()) return &known->second;
  m_select_shape.bind(1, number);
  DBR_TRY(const bool is_row, m_select_shape.step());
  if (!is_row) return fail(damaged("shape", number).error());
  const std::string* const found = &m_shapes.emplace(number, m_select_shape.text(0)).first->second;
  m_select_shape.reset();
  return found;
}

Result<const metadata::TagUse*> RecordReader::tag(std::int64_t number) {
  if (const auto known = m_tags.find(number); known != m_tags.end()) return &known->second;
  m_select_tag.bind(1, number);
  DBR_TRY(const bool is_row, m_select_tag.step());
  if (!is_row) return fail(damaged("tag", number).error());
  metadata::TagUse use{std::string(m_select_tag.text(0)), static_cast<int>(m_select_tag.integer(1)),
                       m_select_tag.integer(2)};
  m_select_tag.reset();
  return &m_tags.emplace(number, std::move(use)).first->second;
}

}  // namespace dbr::dataset
