// SPDX-License-Identifier: MIT
// AVIF: boxes. The brand `avis` marks an image sequence; the largest `ispe` of the items is the extent (ISO/IEC
// 23008-12, 6.5.3), which a grid of tiles has for itself as well.
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

namespace {

/// Calls `visit(type, content)` for the boxes one after the other. False when the last one is cut.
template <class Visit>
bool for_each_box(std::string_view bytes, Visit visit) {
  ByteReader in(bytes);
  constexpr std::size_t k_least_box = 8;
  while (in.left() >= k_least_box) {  // fewer are stray bytes after the last one
    std::uint64_t header = k_least_box;
    std::uint64_t size = in.be32();
    const std::string_view type = in.take(4);
    if (size == 1) {
      size = in.be64();
      header = 16;
    }
    if (size == 0) size = header + in.left();  // the last box goes to the end of the file, wherever that is
    if (in.ran_out()) return false;
    if (size < header) return true;  // not a box: the decoder will say what is wrong
    const std::string_view content = in.take(size - header);
    if (in.ran_out()) return false;
    visit(type, content);
  }
  return true;
}

void read_extent(std::string_view ispe, Outline& out) {
  ByteReader in(ispe);
  in.skip(4);  // version and flags
  const std::int64_t width = in.be32();
  const std::int64_t height = in.be32();
  if (in.ran_out()) return;
  out.width = std::max(out.width, width);
  out.height = std::max(out.height, height);
}

}  // namespace

Outline outline_avif(std::string_view bytes) {
  Outline out;
  out.animated = has_brand(bytes, "avis");
  out.truncated = !for_each_box(bytes, [&](std::string_view type, std::string_view meta) {
    if (type != "meta" || meta.size() < 4) return;
    for_each_box(meta.substr(4), [&](std::string_view inner, std::string_view properties) {
      if (inner != "iprp") return;
      for_each_box(properties, [&](std::string_view part, std::string_view container) {
        if (part != "ipco") return;
        for_each_box(container, [&](std::string_view property, std::string_view content) {
          if (property == "ispe") read_extent(content, out);
        });
      });
    });
  });
  return out;
}

}  // namespace dbr::image
