// SPDX-License-Identifier: MIT
// The numbers of a post's tags as bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dbr::dataset {

using TagNumber = std::uint64_t;

/// In the record's order. The site sorts tags by name: then (`is_by_name`) the order need not be stored, and the
/// numbers take about ten bits each instead of eighteen.
std::string write_tag_list(std::vector<TagNumber> numbers, bool is_by_name);

struct TagList {
  std::vector<TagNumber> numbers;  ///< in the record's order, or ascending when that is the order of names
  bool is_by_name = false;
};
TagList read_tag_list(std::string_view bytes);

}  // namespace dbr::dataset
