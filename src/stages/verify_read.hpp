// SPDX-License-Identifier: MIT
// Reading a file once to check it: large blocks, and without pushing out of memory what other programs have there.
#pragma once

#include <sys/types.h>

#include <array>
#include <filesystem>
#include <string>

#include "dbr/async/stop.hpp"
#include "dbr/base/digest.hpp"
#include "dbr/base/ids.hpp"

namespace dbr::stages {

struct ReadFacts {
  std::string problem;  ///< missing, permission, unreadable; empty: it could be read
  bool is_cut = false;  ///< by `stop`: says nothing of the file
  ByteCount size = 0;
  std::array<char, 32> digest{};  ///< raw
  dev_t device = 0;
  ino_t inode = 0;
  std::string bytes;  ///< when they were asked for
};

/// Its size, and which file it is.
ReadFacts look_at(const std::filesystem::path& path);
/// The whole of it. Pages that were in the page cache before stay there, others do not. Ends early when `stop` aborts.
ReadFacts read_through(const std::filesystem::path& path, DigestKind kind, bool keep_bytes,
                       const StopToken* stop = nullptr);

}  // namespace dbr::stages
