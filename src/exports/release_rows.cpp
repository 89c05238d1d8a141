// SPDX-License-Identifier: MIT
#include "release_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "dbr/dataset/posts.hpp"

namespace dbr::exports {
namespace {

Result<void> check_stop(const Context& context, std::string_view file) {
  if (!context.stop.is_stopping()) return {};
  return fail(ErrorKind::cancelled, fmt::format("interrupted while writing {}", file));
}

}  // namespace

void PostSet::add(PostId id) {
  const auto index = static_cast<std::size_t>(id);
  // Posts come in ascending order, so doubling here keeps the copying in proportion.
  if (index >= m_is_member.size()) m_is_member.resize(std::max(index + 1, m_is_member.size() * 2));
  m_is_member[index] = true;
}

bool PostSet::contains(PostId id) const {
  return id > 0 && static_cast<std::size_t>(id) < m_is_member.size() && m_is_member[static_cast<std::size_t>(id)];
}

Result<void> for_each_post(const Context& context, std::string_view file,
                           const std::function<Result<void>(const dataset::ReleasePost&)>& on_post,
                           dataset::PostRecords records) {
  const auto checked = [&](const dataset::ReleasePost& post) -> Result<void> {
    DBR_CHECK(check_stop(context, file));
    DBR_CHECK(on_post(post));
    context.on_post();
    return {};
  };
  return dataset::for_each_release_post(context.manifest, checked, records);
}

Result<void> for_each_row(const Context& context, std::string_view file, metadata::Table table,
                          const std::function<Result<void>(std::int64_t id, std::string_view json)>& on_row) {
  return dataset::for_each_record(context.manifest, table, [&](std::int64_t id, std::string_view json) -> Result<void> {
    DBR_CHECK(check_stop(context, file));
    return on_row(id, json);
  });
}

Result<Json> parse_record(std::string_view file, std::string_view json) {
  Json row = Json::parse(json, nullptr, false);
  if (!row.is_object()) {
    return fail(ErrorKind::corrupt,
                fmt::format("cannot write {}: the manifest holds a record that is no JSON object: {}", file,
                            json.substr(0, 80)));
  }
  return row;
}

std::string_view extension_of(std::string_view path) {
  return path.substr(path.find_last_of('.') + 1);
}

std::optional<std::int64_t> whole_number(const Json& value) {
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max()) return {};
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_string()) return {};
  const auto& text = value.get_ref<const std::string&>();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

std::int64_t integer_of(const Json& row, const char* key) {
  const auto field = row.find(key);
  return field == row.end() ? 0 : whole_number(*field).value_or(0);
}

}  // namespace dbr::exports
