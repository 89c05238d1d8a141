// SPDX-License-Identifier: MIT
#include "disk_room.hpp"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>

#include "dbr/base/units.hpp"

namespace dbr::stages {
namespace {

constexpr ByteCount k_largest_default_reserve = 1'000'000'000;

struct Space {
  ByteCount total = 0;
  ByteCount free = 0;  // to us
};

Result<Space> space_on(const std::filesystem::path& directory) {
  struct statvfs facts {};
  if (::statvfs(directory.c_str(), &facts) != 0) {
    return fail(error_from_errno(errno, "see how much space is left in", directory.string()));
  }
  const auto unit = static_cast<ByteCount>(facts.f_frsize);
  return Space{static_cast<ByteCount>(facts.f_blocks) * unit, static_cast<ByteCount>(facts.f_bavail) * unit};
}

}  // namespace

Result<DiskRoom> DiskRoom::open(const std::filesystem::path& directory, std::optional<ByteCount> reserve) {
  DBR_TRY(const Space space, space_on(directory));
  return DiskRoom(directory, reserve.value_or(std::min(k_largest_default_reserve, space.total / 100)));
}

DiskRoom::DiskRoom(DiskRoom&& other) noexcept
    : m_directory(std::move(other.m_directory)), m_reserve(other.m_reserve), m_claimed(other.m_claimed.load()) {}

Result<ByteCount> DiskRoom::available() const {
  DBR_TRY(const Space space, space_on(m_directory));
  return space.free - m_reserve;
}

Result<DiskRoom::Claim> DiskRoom::claim(ByteCount size) {
  const ByteCount claimed = m_claimed += size;
  Claim claim(*this, size);
  DBR_TRY(const ByteCount room, available());
  if (claimed <= room) return claim;
  return fail(ErrorKind::disk_full,
              fmt::format("cannot store {} more in {}: {} are free, {} of them in reserve", format_bytes(size),
                          m_directory.string(), format_bytes(std::max<ByteCount>(0, room + m_reserve)),
                          format_bytes(m_reserve)),
              "make room on that file system (or set a smaller --reserve), then run the same command again");
}

void DiskRoom::Claim::written(ByteCount size) {
  const ByteCount part = std::min(size, m_left);
  m_left -= part;
  m_room.m_claimed -= part;
}

}  // namespace dbr::stages
