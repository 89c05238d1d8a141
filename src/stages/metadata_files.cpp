// SPDX-License-Identifier: MIT
#include "metadata_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <system_error>

#include "checksums.hpp"

namespace dbr::stages {
namespace {

Result<std::vector<torrent::File>> list_named(const dataset::Layout& layout, std::string_view release,
                                              std::span<const std::string> names, ByteCount size_of_checksums) {
  std::vector<torrent::File> files;
  for (const std::string& name : names) {
    const auto path = layout.release_metadata(release) / name;
    std::error_code error;
    const bool is_to_be = name == k_checksums_name && size_of_checksums > 0;
    const auto size = is_to_be ? size_of_checksums : static_cast<ByteCount>(std::filesystem::file_size(path, error));
    if (error) return fail(error_from_errno(error.value(), "read", path.string()));
    files.push_back({fmt::format("metadata/{}/{}", release, name), size});
  }
  return files;
}

}  // namespace

Result<std::vector<torrent::File>> list_metadata(const dataset::Layout& layout, std::string_view release) {
  DBR_TRY(const auto names, list_folder(layout.release_metadata(release)));
  return list_named(layout, release, names, 0);
}

Result<std::vector<torrent::File>> list_metadata_to_be(const dataset::Layout& layout, std::string_view release) {
  DBR_TRY(auto names, list_folder(layout.release_metadata(release)));
  const auto place = std::ranges::lower_bound(names, k_checksums_name);
  if (place == names.end() || *place != k_checksums_name) names.insert(place, std::string(k_checksums_name));
  return list_named(layout, release, names, checksums_size(names));
}

}  // namespace dbr::stages
