// SPDX-License-Identifier: MIT
// Help texts, made from the tables of commands, options and exit codes. At most 80 columns.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "dbr/base/exit_code.hpp"
#include "dbr/stages/command.hpp"

namespace dbr::cli {

struct ExitCodeRow {
  ExitCode code;
  std::string_view meaning;
};

/// All exit codes, ascending.
std::span<const ExitCodeRow> exit_codes();

/// `dbr` alone: what there is, briefly.
std::string format_overview(std::span<const stages::Command> commands);
/// `dbr --help`.
std::string format_help(std::span<const stages::Command> commands);
/// `dbr GROUP` and `dbr GROUP --help`: the group's commands.
std::string format_group_help(std::span<const stages::Command> commands, std::string_view group);
/// `dbr COMMAND --help`.
std::string format_command_help(const stages::Command& command);
/// `dbr --version`, with the versions of the libraries a bug may depend on.
std::string format_version();

}  // namespace dbr::cli
