// SPDX-License-Identifier: MIT
// What every format walks over: the release's posts and the site's other tables, interruptible between rows, with flat
// memory.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "dbr/exports/format.hpp"
#include "dbr/metadata/record.hpp"

namespace dbr::exports {

using Json = nlohmann::json;

/// Which posts are in the release: one bit an ID.
class PostSet {
 public:
  void add(PostId id);
  bool contains(PostId id) const;

 private:
  std::vector<bool> m_is_member;
};

/// The release's posts in ID order; counts each for the progress. `file` is named when the user interrupts. Without the
/// records it is several times faster.
Result<void> for_each_post(const Context& context, std::string_view file,
                           const std::function<Result<void>(const dataset::ReleasePost&)>& on_post,
                           dataset::PostRecords records = dataset::PostRecords::unpacked);

/// A table's rows in ID order, as received.
Result<void> for_each_row(const Context& context, std::string_view file, metadata::Table table,
                          const std::function<Result<void>(std::int64_t id, std::string_view json)>& on_row);

/// A record of the manifest; what is stored there was parsed before, so anything else is kind corrupt.
Result<Json> parse_record(std::string_view file, std::string_view json);

/// "png" of "sfw/original/0123/1000123.png".
std::string_view extension_of(std::string_view path);

/// A whole number, or a text of one, as dumps write them; nullopt for anything else and for what does not fit.
std::optional<std::int64_t> whole_number(const Json& value);

/// A row's whole number; 0 when it has none.
std::int64_t integer_of(const Json& row, const char* key);

}  // namespace dbr::exports
