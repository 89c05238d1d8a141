// SPDX-License-Identifier: MIT
// SHA256SUMS of a release's metadata folder, in the form `sha256sum -c` reads.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/async/stop.hpp"
#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"

namespace dbr::stages {

inline constexpr std::string_view k_checksums_name = "SHA256SUMS";

/// The folder's regular files, those of its folders included ("posts-legacy/0001.jsonl"), sorted, part files left out.
Result<std::vector<std::string>> list_folder(const std::filesystem::path& folder);

/// Covers every file but itself.
Result<void> write_checksums(const std::filesystem::path& folder);
/// How long it will be that covers these.
ByteCount checksums_size(std::span<const std::string> names);

/// A file of the folder that is not what SHA256SUMS says.
struct WrongFile {
  std::string name;
  std::string problem;  ///< missing, hash, unreadable, extra
};
/// Sorted by name; empty when all is well. Without `with_hashes` only presence is looked at. Stops with kind cancelled.
Result<std::vector<WrongFile>> check_checksums(const std::filesystem::path& folder, bool with_hashes,
                                               const StopToken& stop);

/// Whether these files of the folder are what SHA256SUMS says; kind corrupt, naming the first that is not, or is not
/// there.
Result<void> check_some_checksums(const std::filesystem::path& folder, std::span<const std::string_view> names);

}  // namespace dbr::stages
