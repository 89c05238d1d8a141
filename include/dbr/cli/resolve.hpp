// SPDX-License-Identifier: MIT
// From what was written to what holds: the user's file, ROOT/dbr.toml, the environment, the flags, later ones winning.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dbr/base/result.hpp"
#include "dbr/cli/options.hpp"

namespace dbr::cli {

/// An environment variable, or nullopt.
using GetEnv = std::function<std::optional<std::string>(const std::string& name)>;

/// One option as one source wrote it.
struct Setting {
  const Option* option = nullptr;
  std::string source;              ///< for messages: "--tps", "DBR_TPS", "dbr.toml: tps"
  std::vector<std::string> texts;  ///< several only when repeatable
};

/// Stores the settings of one source over those of weaker ones. `kind` is for errors: usage for flags, else config.
Result<void> apply(Values& values, const std::vector<Setting>& source, ErrorKind kind);

/// All four sources.
Result<Values> resolve(const std::vector<Setting>& flags, const GetEnv& getenv);

}  // namespace dbr::cli
