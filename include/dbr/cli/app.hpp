// SPDX-License-Identifier: MIT
// The whole program, with the outside world handed in, so that tests run it in process.
#pragma once

#include <cstddef>
#include <functional>
#include <ostream>
#include <span>
#include <string_view>

#include "dbr/cli/resolve.hpp"
#include "dbr/stages/command.hpp"

namespace dbr::cli {

struct Environment {
  GetEnv getenv;
  std::ostream& out;
  std::ostream& err;
  std::span<const stages::Command> commands;
  bool err_is_terminal = false;
  std::function<std::size_t()> err_width = [] { return std::size_t{80}; };
};

/// `args` without the program's name. Returns the exit code; never throws.
int run_app(std::span<const std::string_view> args, Environment& env);

}  // namespace dbr::cli
