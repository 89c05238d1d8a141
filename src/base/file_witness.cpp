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

std::int64_t witness_at(const std::filesystem::path& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) ? witness_of(status) : 0;
}

std::int64_t renewed_witness(const struct stat& before, const struct stat& after) {
  const bool is_same = before.st_dev == after.st_dev && before.st_ino == after.st_ino &&
                       before.st_size == after.st_size && before.st_mtim.tv_sec == after.st_mtim.tv_sec &&
                       before.st_mtim.tv_nsec == after.st_mtim.tv_nsec;
  return is_same ? witness_of(after) : 0;
}

}  // namespace dbr
