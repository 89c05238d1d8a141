// SPDX-License-Identifier: MIT
// A PNG as libpng reads it fastest: with its pixels unpacked beforehand. libdeflate takes less than half of zlib's time
// for that, but wants the whole stream at once; libpng then gets the same file with a stream that is merely stored.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dbr::image {

/// Pixels that take more than this are not unpacked beforehand. Bytes.
inline constexpr std::size_t k_most_unpacked = std::size_t{48} << 20;

class UnpackedPng {
 public:
  /// False when the file is not for this: too large, interlaced, or with anything wrong. `bytes` must outlive this.
  bool unpack(std::string_view bytes);

  /// What libpng is to read, one after the other. All sums have been checked, and those of the new stream are not
  /// right.
  std::vector<std::string_view> parts() const;

 private:
  std::string_view m_before, m_after;
  std::size_t m_size = 0;
  std::unique_ptr<char[]> m_pixels;          // NOLINT(*-avoid-c-arrays): unlike a vector, not zeroed first
  std::array<char, 10> m_head{};             ///< of the chunk and of the zlib stream in it
  std::vector<std::array<char, 5>> m_heads;  ///< of stored blocks
};

}  // namespace dbr::image
