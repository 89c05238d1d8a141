// SPDX-License-Identifier: MIT
// The command line as written: which command, which options with which texts. No value is looked at here.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/base/result.hpp"
#include "dbr/cli/resolve.hpp"
#include "dbr/stages/command.hpp"

namespace dbr::cli {

struct ParsedArgs {
  const stages::Command* command = nullptr;
  std::string_view group = {};  ///< the group named, also when no command of it is: "torrent"
  std::vector<Setting> flags;
  std::vector<std::string> positional;
  bool help = false;
  bool version = false;
};

/// `args` without the program's name. Every Error is kind usage. An option that a command lists and the table lacks is
/// a bug: std::logic_error.
Result<ParsedArgs> parse_args(std::span<const std::string_view> args, std::span<const stages::Command> commands);

}  // namespace dbr::cli
