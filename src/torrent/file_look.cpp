// SPDX-License-Identifier: MIT
#include "file_look.hpp"

#include <sys/stat.h>

#include <bit>
#include <cerrno>
#include <chrono>
#include <system_error>

#include "dbr/base/file_witness.hpp"
#include "dbr/base/time.hpp"

namespace dbr::torrent {

FileLook look_at(const std::filesystem::path& folder, const File& file) {
  struct stat status {};
  if (::lstat((folder / file.path).c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return {.verdict = FileVerdict::missing};
    return {.verdict = FileVerdict::unreadable, .reason = std::generic_category().message(errno)};
  }
  if (!S_ISREG(status.st_mode)) return {.verdict = FileVerdict::not_a_file};
  if (status.st_size != file.size) return {.verdict = FileVerdict::wrong_size, .found = status.st_size};
  // Clients write through mappings, which changes a file's times only now and then (in Linux every 30 s).
  constexpr std::chrono::seconds k_until_settled{60};
  const Timestamp changed{std::chrono::seconds(status.st_mtim.tv_sec)};
  return {.witness = changed + k_until_settled < now() ? witness_of(status) : 0};
}

std::int64_t mix_witness(std::int64_t stamp, std::int64_t witness) {
  auto mixed = (std::bit_cast<std::uint64_t>(stamp) ^ std::bit_cast<std::uint64_t>(witness)) * 0x9e3779b97f4a7c15U;
  mixed ^= mixed >> 29;
  return mixed == 0 ? 1 : std::bit_cast<std::int64_t>(mixed);
}

}  // namespace dbr::torrent
