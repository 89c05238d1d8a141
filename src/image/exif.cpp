// SPDX-License-Identifier: MIT
#include "exif.hpp"

#include "byte_reader.hpp"

namespace dbr::image {
namespace {

constexpr int k_orientation_tag = 0x0112;
constexpr int k_short_type = 3;

/// Numbers in the byte order of the block.
class TiffReader {
 public:
  TiffReader(std::string_view bytes, bool is_big_endian) : m_in(bytes), m_is_big_endian(is_big_endian) {}

  std::uint32_t u16() { return m_is_big_endian ? m_in.be16() : m_in.le16(); }
  std::uint32_t u32() { return m_is_big_endian ? m_in.be32() : m_in.le32(); }
  void skip(std::uint64_t count) { m_in.skip(count); }
  bool ran_out() const { return m_in.ran_out(); }

 private:
  ByteReader m_in;
  bool m_is_big_endian;
};

}  // namespace

int exif_orientation(std::string_view block) {
  using std::string_view_literals::operator""sv;
  if (block.starts_with("Exif\0\0"sv)) block.remove_prefix(6);
  const bool is_big_endian = block.starts_with("MM\0*"sv);
  if (!is_big_endian && !block.starts_with("II*\0"sv)) return 1;
  TiffReader in(block, is_big_endian);
  in.skip(4);
  const std::uint32_t directory = in.u32();
  if (directory < 8) return 1;
  in.skip(directory - 8);
  for (std::uint32_t left = in.u16(); left > 0 && !in.ran_out(); --left) {
    const std::uint32_t tag = in.u16();
    const std::uint32_t type = in.u16();
    const std::uint32_t count = in.u32();
    const std::uint32_t value = in.u16();
    in.skip(2);
    if (tag != k_orientation_tag || in.ran_out()) continue;
    const bool is_usable = type == k_short_type && count == 1 && value >= 1 && value <= 8;
    return is_usable ? static_cast<int>(value) : 1;
  }
  return 1;
}

}  // namespace dbr::image
