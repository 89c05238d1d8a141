// SPDX-License-Identifier: MIT
#include "dbr/base/file_witness.hpp"

#include <array>
#include <bit>

namespace dbr {

std::int64_t witness_of(const struct stat& status) {
  // The finalizer of splitmix64, after each value: nobody chooses these to collide.
  std::uint64_t mixed = 0;
  for (const auto value : std::array<std::int64_t, 6>{
           static_cast<std::int64_t>(status.st_size), static_cast<std::int64_t>(status.st_ino), status.st_mtim.tv_sec,
           status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec}) {
    mixed += static_cast<std::uint64_t>(value) + 0x9e3779b97f4a7c15U;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
    mixed ^= mixed >> 31;
  }
  return mixed == 0 ? 1 : std::bit_cast<std::int64_t>(mixed);
}

}  // namespace dbr
