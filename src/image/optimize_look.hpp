// SPDX-License-Identifier: MIT
// What a JPEG's segments say of its coding, without decoding any of it. Total: any bytes give an answer.
#pragma once

#include <cstdint>
#include <string_view>

namespace dbr::image {

struct CodingLook {
  bool has_frame = false;
  bool is_supported = false;  ///< 8-bit Huffman-coded, sequential or progressive
  bool has_end = false;       ///< EOI was found
  std::size_t trailing_bytes = 0;
  int scans = 0;
  std::int64_t coefficient_bytes = 0;  ///< as libjpeg holds them
  /// New tables could make it smaller. False for a sequential picture whose tables were made for it, and for a
  /// progressive one in libjpeg's order of scans (their tables always are).
  bool may_gain = false;
};

CodingLook look_at_coding(std::string_view bytes);

}  // namespace dbr::image
