// SPDX-License-Identifier: MIT
// AVIF: top-level boxes. The brand `avis` marks an image sequence. The extent is left to the decoder's own header
// reading, which decodes nothing either.
#include <algorithm>

#include "byte_reader.hpp"
#include "containers.hpp"

namespace dbr::image {

bool has_brand(std::string_view bytes, std::string_view brand) {
  ByteReader in(bytes);
  const std::uint32_t size = in.be32();
  if (in.take(4) != "ftyp" || size < 16) {
    return false;
  }
  ByteReader brands(bytes.substr(8, std::min<std::size_t>(size - 8, bytes.size() - 8)));
  if (brands.take(4) == brand) {
    return true;
  }
  brands.skip(4);  // the minor version
  while (brands.left() >= 4) {
    if (brands.take(4) == brand) {
      return true;
    }
  }
  return false;
}

Outline outline_avif(std::string_view bytes) {
  Outline out;
  out.animated = has_brand(bytes, "avis");
  ByteReader in(bytes);
  while (in.left() > 0) {
    std::uint64_t header = 8;
    std::uint64_t size = in.be32();
    in.skip(4);
    if (size == 0) {
      break;  // the last box goes to the end of the file, wherever that is
    }
    if (size == 1) {
      size = in.be64();
      header = 16;
    }
    if (!in.ran_out() && size < header) {
      break;  // not a box: the decoder will say what is wrong
    }
    in.skip(size - std::min(size, header));
    if (in.ran_out()) {
      out.truncated = true;
      break;
    }
  }
  return out;
}

}  // namespace dbr::image
