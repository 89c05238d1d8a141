// SPDX-License-Identifier: MIT
#include "post_list.hpp"

#include "dbr/base/varint.hpp"

namespace dbr::dataset {
namespace {

constexpr char k_distances = 0;
constexpr char k_bitmap = 1;
// With fewer posts, distances are always shorter.
constexpr std::uint32_t k_few = 4096;

Places from_distances(std::string_view bytes) {
  Places places;
  std::uint32_t next = 0;
  while (!bytes.empty()) {
    const std::uint32_t place = next + static_cast<std::uint32_t>(take_varint(bytes));
    places.add(place);
    next = place + 1;
  }
  return places;
}

std::string as_bitmap(Places places) {
  places.runOptimize();
  std::string bytes(1 + places.getSizeInBytes(), k_bitmap);
  places.write(bytes.data() + 1);
  return bytes;
}

}  // namespace

void PostListBuilder::add(std::uint32_t place) {
  if (m_count != 0 && place < m_next) return;  // a tag named twice
  put_varint(m_distances, place - m_next);
  m_next = place + 1;
  ++m_count;
}

std::string PostListBuilder::bytes() const {
  std::string plain = k_distances + m_distances;
  if (m_count < k_few) return plain;
  std::string bitmap = as_bitmap(from_distances(m_distances));
  return bitmap.size() < plain.size() ? bitmap : plain;
}

std::string write_post_list(const Places& places) {
  PostListBuilder builder;
  for (const std::uint32_t place : places) builder.add(place);
  return builder.bytes();
}

Result<Places> read_post_list(std::string_view bytes) {
  if (!bytes.empty() && bytes[0] == k_distances) return from_distances(bytes.substr(1));
  try {
    if (!bytes.empty() && bytes[0] == k_bitmap) return Places::readSafe(bytes.data() + 1, bytes.size() - 1);
  } catch (const std::exception&) {
    // Not a bitmap.
  }
  return fail(ErrorKind::corrupt, "the manifest is damaged: a tag's list of posts cannot be read");
}

}  // namespace dbr::dataset
