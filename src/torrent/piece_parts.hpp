// SPDX-License-Identifier: MIT
// What a v1 piece is made of: parts of files, in order. Hashes stand for paths and for pieces; a forecast is all that
// two equal ones could spoil.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <functional>
#include <string_view>

#include "dbr/torrent/update_plan.hpp"

namespace dbr::torrent {

struct Part {
  std::uint64_t path = 0;  ///< its hash
  ByteCount offset = 0;    ///< in the file
  ByteCount length = 0;
};

inline std::uint64_t hash_of(std::string_view bytes) {
  return std::hash<std::string_view>()(bytes);
}

/// The composition of a piece's parts so far (0 for none) and one more.
inline Composition composed(Composition before, const Part& part) {
  const std::array words = {before, part.path, static_cast<std::uint64_t>(part.offset),
                            static_cast<std::uint64_t>(part.length)};
  const auto bytes = std::bit_cast<std::array<char, sizeof(words)>>(words);
  return hash_of(std::string_view(bytes.data(), bytes.size()));
}

}  // namespace dbr::torrent
