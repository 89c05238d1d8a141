// SPDX-License-Identifier: MIT
// GIF blocks up to the trailer, or up to the second image: that makes it an animation.
#include <algorithm>

#include "byte_reader.hpp"
#include "containers.hpp"

namespace dbr::image {
namespace {

constexpr int k_extension = 0x21;
constexpr int k_image = 0x2C;
constexpr int k_trailer = 0x3B;

void skip_colour_table(ByteReader& in, int flags) {
  if ((flags & 0x80) != 0) {
    in.skip(std::uint64_t{3} << ((flags & 7) + 1));
  }
}

void skip_sub_blocks(ByteReader& in) {
  while (!in.ran_out()) {
    const int length = in.u8();
    if (length == 0) {
      return;
    }
    in.skip(static_cast<std::uint64_t>(length));
  }
}

}  // namespace

Outline outline_gif(std::string_view bytes) {
  Outline out;
  int images = 0;
  ByteReader in(bytes);
  in.skip(6);
  out.width = in.le16();
  out.height = in.le16();
  const int screen_flags = in.u8();
  in.skip(2);
  skip_colour_table(in, screen_flags);
  while (!in.ran_out()) {
    const int block = in.u8();
    if (in.ran_out() || block == k_trailer) {
      break;
    }
    if (block == k_extension) {
      in.skip(1);
      skip_sub_blocks(in);
    } else if (block == k_image) {
      if (++images > 1) {
        out.animated = true;
        return out;
      }
      // A first frame that sticks out enlarges the picture: decoders let it.
      const std::int64_t left = in.le16();
      const std::int64_t top = in.le16();
      out.width = std::max(out.width, left + in.le16());
      out.height = std::max(out.height, top + in.le16());
      const int image_flags = in.u8();
      skip_colour_table(in, image_flags);
      in.skip(1);
      skip_sub_blocks(in);
    } else if (block != 0) {
      return out;  // not a block: the decoder will say what is wrong
    }
  }
  out.truncated = in.ran_out();
  out.held_bytes = out.width * out.height * 4;
  return out;
}

}  // namespace dbr::image
