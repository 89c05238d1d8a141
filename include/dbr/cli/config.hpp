// SPDX-License-Identifier: MIT
// Configuration files: TOML, one key an option, no tables. What the values mean is the option table's business.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dbr/base/result.hpp"
#include "dbr/cli/options.hpp"

namespace dbr::cli {

struct ConfigEntry {
  const Option* option = nullptr;
  std::vector<std::string> texts;  ///< one, or an array's elements for a repeatable option
};

/// Kind config for a file that cannot be parsed, an unknown key, or a key others could read. A missing file is
/// kind not_found.
Result<std::vector<ConfigEntry>> read_config(const std::filesystem::path& path);

/// Kind config when group or others may read the file: it holds `what`.
Result<void> check_private(const std::filesystem::path& path, std::string_view what);

}  // namespace dbr::cli
