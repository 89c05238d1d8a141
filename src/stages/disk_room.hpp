// SPDX-License-Identifier: MIT
// How much may still be written to a disk: asked before each file, by any thread.
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <utility>

#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"

namespace dbr::stages {

/// Space on a file system, a reserve of which stays free. Thread-safe.
class DiskRoom {
 public:
  /// `reserve` is by default a hundredth of the file system, at most 1 GB.
  static Result<DiskRoom> open(const std::filesystem::path& directory, std::optional<ByteCount> reserve);
  DiskRoom(DiskRoom&& other) noexcept;

  /// Space promised to a file and not written yet. Used by one thread at a time; the room outlives it.
  class Claim {
   public:
    Claim(Claim&& other) noexcept : m_room(other.m_room), m_left(std::exchange(other.m_left, 0)) {}
    Claim& operator=(Claim&&) = delete;
    ~Claim() { written(m_left); }
    /// So many bytes are on the disk now, and no longer only promised.
    void written(ByteCount size);

   private:
    friend class DiskRoom;
    Claim(DiskRoom& room, ByteCount size) : m_room(room), m_left(size) {}
    DiskRoom& m_room;
    ByteCount m_left;
  };
  /// Kind disk_full when the file would eat into the reserve, kind io when the disk does not say.
  Result<Claim> claim(ByteCount size);

  /// Free now, without what stays in reserve; may be negative.
  Result<ByteCount> available() const;
  ByteCount reserve() const { return m_reserve; }

 private:
  DiskRoom(std::filesystem::path directory, ByteCount reserve)
      : m_directory(std::move(directory)), m_reserve(reserve) {}
  std::filesystem::path m_directory;
  ByteCount m_reserve;
  std::atomic<ByteCount> m_claimed{0};
};

}  // namespace dbr::stages
