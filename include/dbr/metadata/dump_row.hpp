// SPDX-License-Identifier: MIT
// Rows of the dumps in circulation, in their three shapes (API contract, section 6.2).
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <variant>

#include "dbr/base/result.hpp"
#include "dbr/metadata/post.hpp"
#include "dbr/metadata/record.hpp"

namespace dbr::metadata {

enum class RowShape {
  site,          ///< the API's objects: numbers as numbers, nulls, tag_string
  number_texts,  ///< Danbooru2021: numbers as texts, keys without a value absent, tag_string
  tag_objects,   ///< Danbooru2017 to 2020: numbers as texts, "0" and 1970 for no value, tags as objects
};
/// For people: "tag objects (Danbooru2017 to 2020)".
std::string_view to_string(RowShape shape);

struct RowKind {
  std::optional<Table> table;  ///< nullopt: posts
  RowShape shape = RowShape::site;
};

/// Reads rows one after another. For one thread.
class DumpRowReader {
 public:
  DumpRowReader();
  DumpRowReader(DumpRowReader&&) noexcept;
  ~DumpRowReader();

  /// What a row is, by its keys; of aliases and implications, which look alike, by the file's name. nullopt when it is
  /// no row of any table known.
  std::optional<RowKind> recognise(std::string_view json, std::string_view file_name);

  /// Kind corrupt for what is no such row. `json` has k_padding readable bytes behind it.
  Result<Post> read_post(std::string_view json);
  Result<Record> read_record(std::string_view json);
  static constexpr std::size_t k_padding = 64;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace dbr::metadata
