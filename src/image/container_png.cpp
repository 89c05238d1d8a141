// SPDX-License-Identifier: MIT
// PNG chunks from IHDR to IEND; acTL before the first IDAT makes it an animation.
#include "byte_reader.hpp"
#include "containers.hpp"

namespace dbr::image {
namespace {

constexpr std::uint32_t k_max_chunk = 0x7FFFFFFF;

void read_header(std::string_view chunk, Outline& out) {
  ByteReader in(chunk);
  out.width = in.be32();
  out.height = in.be32();
  const int depth = in.u8();
  const int colour_type = in.u8();
  in.skip(2);
  const bool interlaced = in.u8() != 0;
  if (interlaced) {
    const int channels = colour_type == 0 ? 1 : colour_type == 4 ? 2 : colour_type == 2 ? 3 : 4;
    // The extents are below 2^32, as long as they are no wider than the header allows: guard the product anyway.
    const std::int64_t bytes_per_pixel = channels * (depth == 16 ? 2 : 1);
    const bool sane = out.width <= k_max_chunk && out.height <= k_max_chunk;
    const std::int64_t pixels = sane ? out.width * out.height : INT64_MAX / 8;
    out.held_bytes = pixels > INT64_MAX / 8 ? INT64_MAX : pixels * bytes_per_pixel;
  }
}

}  // namespace

Outline outline_png(std::string_view bytes) {
  Outline out;
  bool data_seen = false;
  ByteReader in(bytes);
  in.skip(8);
  while (true) {
    const std::uint32_t length = in.be32();
    const std::string_view type = in.take(4);
    if (!in.ran_out() && length > k_max_chunk) {
      break;  // not a chunk: the decoder will say what is wrong
    }
    const std::string_view chunk = in.take(length);
    in.skip(4);
    if (type == "IHDR") {
      read_header(chunk, out);
    } else if (type == "IDAT") {
      data_seen = true;
    } else if (type == "acTL" && !data_seen) {
      out.animated = ByteReader(chunk).be32() > 1;
    }
    if (in.ran_out()) {
      out.truncated = true;
      break;
    }
    if (type == "IEND") {
      break;
    }
  }
  return out;
}

}  // namespace dbr::image
