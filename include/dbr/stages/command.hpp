// SPDX-License-Identifier: MIT
// What a subcommand is. One file and one line in commands.cpp make a new one; options, help, exit codes and locking
// follow from the table.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/async/stop.hpp"
#include "dbr/base/exit_code.hpp"
#include "dbr/base/result.hpp"
#include "dbr/dataset/dataset.hpp"
#include "dbr/pipeline/progress.hpp"
#include "dbr/stages/settings.hpp"

namespace dbr::stages {

/// What a command is given. Lives as long as the run.
struct Context {
  const Settings& settings;
  const dataset::Dataset& dataset;
  StopToken stop;
  pipeline::Progress& progress;
  /// For commands whose answer is long: to stdout, ahead of the report. Kind io when it did not get there.
  std::function<Result<void>(std::string_view)> print;
};

/// What a command says at its end. `text` is for people, `json` for scripts (one document); both go to stdout.
struct Report {
  std::string text;
  std::string json;
  ExitCode code = ExitCode::ok;
};

struct Command {
  std::string_view name;     ///< one word, or two: "torrent show" is one of the commands of the group "torrent"
  std::string_view summary;  ///< one line, no full stop
  std::string_view details;  ///< a paragraph or two for `dbr COMMAND --help`
  dataset::Access access;
  /// Options beyond the global ones, by their long names (cli's option table has the rest).
  std::vector<std::string_view> options;
  /// An Error ends the command with its kind's exit code; a Report carries its own.
  Result<Report> (*run)(const Context& context);
  /// Name of the positional argument, or empty: "ID...".
  std::string_view positional = {};

  /// The first of two words; empty for a command of one.
  std::string_view group() const {
    const std::size_t blank = name.find(' ');
    return blank == std::string_view::npos ? std::string_view() : name.substr(0, blank);
  }
  /// The last word.
  std::string_view word() const { return name.substr(name.find(' ') + 1); }
};

/// In the order of a build.
std::span<const Command> commands();

}  // namespace dbr::stages
