// SPDX-License-Identifier: MIT
// WebP: RIFF chunks. The animation flag of VP8X together with more than one ANMF makes it an animation.
#include <algorithm>
#include <utility>

#include "byte_reader.hpp"
#include "containers.hpp"
#include "exif.hpp"

namespace dbr::image {
namespace {

void read_lossy_header(std::string_view chunk, Outline& out) {
  ByteReader in(chunk);
  in.skip(6);
  out.width = in.le16() & 0x3FFF;
  out.height = in.le16() & 0x3FFF;
}

void read_lossless_header(std::string_view chunk, Outline& out) {
  ByteReader in(chunk);
  in.skip(1);
  const std::uint32_t bits = in.le32();
  out.width = (bits & 0x3FFF) + 1;
  out.height = (bits >> 14 & 0x3FFF) + 1;
}

}  // namespace

Outline outline_webp(std::string_view bytes) {
  Outline out;
  bool is_at_start = true;
  bool animation_flag = false;
  int frames = 0;
  ByteReader header(bytes);
  header.skip(4);
  const std::uint64_t riff_end = std::uint64_t{header.le32()} + 8;
  out.truncated = riff_end > bytes.size() + 1;  // the last byte may be one that only pads
  ByteReader in(bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(riff_end, bytes.size()))));
  in.skip(12);
  while (in.left() >= 8) {
    const std::string_view type = in.take(4);
    const std::uint32_t length = in.le32();
    const std::string_view chunk = in.take(length);
    // Decoders heed the first of these that comes, and no other.
    const bool is_first = std::exchange(is_at_start, false);
    if (type == "VP8X" && is_first) {
      ByteReader fields(chunk);
      animation_flag = (fields.u8() & 0x02) != 0;
      fields.skip(3);
      out.width = std::int64_t{fields.le24()} + 1;
      out.height = std::int64_t{fields.le24()} + 1;
    } else if (type == "VP8 " && is_first) {
      read_lossy_header(chunk, out);
    } else if (type == "VP8L" && is_first) {
      read_lossless_header(chunk, out);
    } else if (type == "ANMF") {
      ++frames;
    } else if (type == "EXIF") {
      out.orientation = exif_orientation(chunk);
    }
    if (in.ran_out()) {
      out.truncated = true;
      break;
    }
    if (length % 2 == 1 && in.left() > 0) {
      in.skip(1);
    }
  }
  out.animated = animation_flag && frames > 1;
  out.held_bytes = out.width * out.height * 4;
  return out;
}

}  // namespace dbr::image
