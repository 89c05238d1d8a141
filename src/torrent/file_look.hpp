// SPDX-License-Identifier: MIT
// What lies at a place of the list, as far as it can be told without reading it.
#pragma once

#include <cstdint>
#include <filesystem>

#include "dbr/torrent/file_check.hpp"

namespace dbr::torrent {

struct FileLook {
  FileVerdict verdict = FileVerdict::ok;  ///< ok, missing, wrong_size, not_a_file or unreadable
  ByteCount found = 0;                    ///< wrong_size: how many bytes it has
  std::string reason = {};                ///< unreadable: why
  std::int64_t witness = 0;  ///< ok: see base/file_witness.hpp; 0 when it was written to a moment ago, and may be still
};

FileLook look_at(const std::filesystem::path& folder, const File& file);

/// One number for the witnesses of a piece's files, to be fed one after the other. Begins and never ends as 0.
std::int64_t mix_witness(std::int64_t stamp, std::int64_t witness);

}  // namespace dbr::torrent
