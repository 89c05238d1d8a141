// SPDX-License-Identifier: MIT
// Putting binary formats together: numbers of both byte orders, and the chunks of PNG, RIFF and MP4.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pictures_scene.hpp"

namespace dbr::sim {

template <int k_bytes>
void put_be(std::string& out, std::uint64_t value) {
  for (int shift = 8 * (k_bytes - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift));
  }
}

template <int k_bytes>
void put_le(std::string& out, std::uint64_t value) {
  for (int shift = 0; shift < 8 * k_bytes; shift += 8) {
    out.push_back(static_cast<char>(value >> shift));
  }
}

std::string png_chunk(std::string_view type, std::string_view data);
std::string riff_chunk(std::string_view type, std::string_view data);
/// An ISO base media box.
std::string box(std::string_view type, std::string_view data);

/// Bytes that do not compress.
std::string noise(Seeded& dice, int size);

/// zlib, fastest level.
std::string deflate(std::string_view data);

}  // namespace dbr::sim
