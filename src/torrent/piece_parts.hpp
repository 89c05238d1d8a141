// SPDX-License-Identifier: MIT
// What a v1 piece is made of: parts of files, in order. Hashes stand for paths and for pieces; a forecast is all that
// two equal ones could spoil.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <functional>
#include <limits>
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

/// Each torrent's sizes fit into 64 bits, but those of several hostile ones may not: then the largest number there is.
inline ByteCount sum_of(ByteCount a, ByteCount b) {
  constexpr ByteCount k_most = std::numeric_limits<ByteCount>::max();
  return b > k_most - a ? k_most : a + b;
}

/// The composition of a piece's parts so far (0 for none) and one more.
inline Composition composed(Composition before, const Part& part) {
  const std::array words = {before, part.path, static_cast<std::uint64_t>(part.offset),
                            static_cast<std::uint64_t>(part.length)};
  const auto bytes = std::bit_cast<std::array<char, sizeof(words)>>(words);
  return hash_of(std::string_view(bytes.data(), bytes.size()));
}

}  // namespace dbr::torrent
