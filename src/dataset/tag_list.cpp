// SPDX-License-Identifier: MIT
#include "tag_list.hpp"

#include <algorithm>
#include <bit>

#include "dbr/base/bits.hpp"
#include "dbr/base/varint.hpp"

namespace dbr::dataset {
namespace {

constexpr char k_as_sent = 0;
constexpr char k_by_name = 1;

// Numbers are given in the order of first use, so rare tags have large ones: the farther on, the wider the gaps.
unsigned width_after(TagNumber number) {
  constexpr TagNumber k_largest = TagNumber{1} << 30;
  return static_cast<unsigned>(std::bit_width((std::min(number, k_largest) + 20) * 11 / 16)) - 1;
}

}  // namespace

std::string write_tag_list(std::vector<TagNumber> numbers, bool is_by_name) {
  std::string bytes(1, is_by_name ? k_by_name : k_as_sent);
  if (!is_by_name) {
    for (const TagNumber number : numbers) put_varint(bytes, number);
    return bytes;
  }
  std::ranges::sort(numbers);
  BitWriter writer(bytes);
  TagNumber before = 0;
  for (const TagNumber number : numbers) {
    writer.put(number - before - 1, width_after(before));
    before = number;
  }
  writer.flush();
  return bytes;
}

TagList read_tag_list(std::string_view bytes) {
  TagList list;
  if (bytes.empty()) return list;
  list.is_by_name = bytes.front() == k_by_name;
  bytes.remove_prefix(1);
  if (!list.is_by_name) {
    while (!bytes.empty()) list.numbers.push_back(take_varint(bytes));
    return list;
  }
  BitReader reader(bytes);
  for (TagNumber before = 0;;) {
    const std::uint64_t gap = reader.number(width_after(before));
    if (reader.is_at_end()) return list;
    before += gap + 1;
    list.numbers.push_back(before);
  }
}

}  // namespace dbr::dataset
