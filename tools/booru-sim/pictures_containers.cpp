// SPDX-License-Identifier: MIT
// Chunks, boxes, noise and zlib for the makers.
#include <zlib.h>

#include <stdexcept>

#include "pictures_bytes.hpp"

namespace dbr::sim {

std::string png_chunk(std::string_view type, std::string_view data) {
  std::string out;
  put_be<4>(out, data.size());
  out += type;
  out += data;
  const std::string_view checked = std::string_view(out).substr(4);
  const uLong crc = crc32(0, reinterpret_cast<const Bytef*>(checked.data()), static_cast<uInt>(checked.size()));
  put_be<4>(out, crc);
  return out;
}

std::string riff_chunk(std::string_view type, std::string_view data) {
  std::string out(type);
  put_le<4>(out, data.size());
  out += data;
  if (data.size() % 2 == 1) {
    out.push_back('\0');
  }
  return out;
}

std::string box(std::string_view type, std::string_view data) {
  std::string out;
  put_be<4>(out, data.size() + 8);
  out += type;
  out += data;
  return out;
}

std::string noise(Seeded& dice, int size) {
  std::string out;
  out.reserve(static_cast<std::size_t>(size) + 8);
  while (out.size() < static_cast<std::size_t>(size)) {
    put_le<8>(out, dice.next());
  }
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string deflate(std::string_view data) {
  uLongf size = compressBound(static_cast<uLong>(data.size()));
  std::string out(size, '\0');
  if (compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(data.data()),
                static_cast<uLong>(data.size()), Z_BEST_SPEED) != Z_OK) {
    throw std::runtime_error("zlib does not compress");
  }
  out.resize(size);
  return out;
}

}  // namespace dbr::sim
