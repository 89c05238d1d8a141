// SPDX-License-Identifier: MIT
// files.tsv.zst of a release, read back. What it says is checked: it may have been anywhere since it was written.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"
#include "dbr/dataset/layout.hpp"

namespace dbr::stages {

struct ListedFile {
  std::string_view path;  ///< relative to the shared folder; valid during the call, as all that follows
  dataset::Layout::SharedFile file;
  ByteCount size = 0;
  std::string_view sha256;
};

/// In the list's order. Columns are found by their names: there may be more. Kind corrupt, with the line, for anything
/// that dbr would not have written with this layout.
Result<void> read_file_list(const std::filesystem::path& path, const dataset::Layout& layout,
                            const std::function<Result<void>(const ListedFile&)>& on_file);

}  // namespace dbr::stages
