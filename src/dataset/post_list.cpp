// SPDX-License-Identifier: MIT
#include "post_list.hpp"

#include <algorithm>
#include <bit>

#include "dbr/base/bits.hpp"
#include "dbr/base/varint.hpp"

namespace dbr::dataset {
namespace {

constexpr char k_bitmap = 127;  // in the place of the distances' width
// With fewer posts, distances are always shorter.
constexpr std::uint32_t k_few = 4096;

Places from_distances(std::string_view bytes, unsigned width) {
  Places places;
  BitReader reader(bytes);
  for (std::uint32_t next = 0;;) {
    const std::uint32_t place = next + static_cast<std::uint32_t>(reader.number(width));
    if (reader.is_at_end()) return places;
    places.add(place);
    next = place + 1;
  }
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
  const std::uint32_t mean = m_next / std::max(m_count, 1U);
  const auto width = static_cast<unsigned>(std::bit_width(mean * 11 / 16)) - (mean > 1 ? 1 : 0);
  std::string plain(1, static_cast<char>(width));
  BitWriter writer(plain);
  for (std::string_view rest = m_distances; !rest.empty();) writer.put(take_varint(rest), width);
  writer.flush();
  if (m_count < k_few) return plain;
  std::string bitmap = as_bitmap(from_distances(std::string_view(plain).substr(1), width));
  return bitmap.size() < plain.size() ? bitmap : plain;
}

std::string write_post_list(const Places& places) {
  PostListBuilder builder;
  for (const std::uint32_t place : places) builder.add(place);
  return builder.bytes();
}

Result<Places> read_post_list(std::string_view bytes) {
  constexpr char k_widest = 32;
  if (!bytes.empty() && bytes[0] >= 0 && bytes[0] <= k_widest) {
    return from_distances(bytes.substr(1), static_cast<unsigned>(bytes[0]));
  }
  try {
    if (!bytes.empty() && bytes[0] == k_bitmap) return Places::readSafe(bytes.data() + 1, bytes.size() - 1);
  } catch (const std::exception&) {
    // Not a bitmap.
  }
  return fail(ErrorKind::corrupt, "the manifest is damaged: a tag's list of posts cannot be read");
}

}  // namespace dbr::dataset
