// SPDX-License-Identifier: MIT
#include "saved_folder.hpp"

#include <fmt/format.h>

#include "dbr/base/text.hpp"

namespace dbr::stages {

namespace fs = std::filesystem;

Result<fs::path> find_saved_folder(const fs::path& dir, std::string_view name) {
  std::error_code error;
  if (fs::is_directory(dir / name, error)) return fs::canonical(dir / name, error);
  // Its real name: "." and "danbooru/" are called something, too.
  const fs::path itself = fs::canonical(dir, error);
  if (!error && fs::is_directory(itself, error) && itself.filename() == name) return itself;
  return fail(
      ErrorKind::usage,
      fmt::format("cannot look into {}: it holds no folder {}", printable(dir.string()), printable(shortened(name))),
      "name the folder that the client saved to");
}

}  // namespace dbr::stages
