// SPDX-License-Identifier: MIT
#include "dbr/cli/help.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "dbr/base/version.hpp"
#include "dbr/cli/options.hpp"
#include "dbr/cli/text.hpp"
#include "dbr/http/client.hpp"
#include "dbr/image/ml_form.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::cli {
namespace {

using Commands = std::span<const stages::Command>;

constexpr std::string_view k_what = "dbr builds tagged illustration datasets from a Danbooru-style site.";

constexpr std::array k_exit_codes = {
    ExitCodeRow{ExitCode::ok, "all requested work is done"},
    ExitCodeRow{ExitCode::internal, "internal error"},
    ExitCodeRow{ExitCode::usage, "usage or configuration"},
    ExitCodeRow{ExitCode::items_left, "finished, but items are left to retry or newly failed (see dbr status)"},
    ExitCodeRow{ExitCode::mismatch, "verification found a mismatch"},
    ExitCodeRow{ExitCode::network, "network or site down: try later"},
    ExitCodeRow{ExitCode::io, "local I/O error or disk full"},
    ExitCodeRow{ExitCode::locked, "the dataset is locked by another dbr"},
    ExitCodeRow{ExitCode::not_a_dataset, "not a dataset, or its schema is newer"},
    ExitCodeRow{ExitCode::refused, "the site refuses us for good (login, ban, challenge)"},
    ExitCodeRow{ExitCode::limit, "stopped by a limit you set"},
    ExitCodeRow{ExitCode::interrupted, "interrupted; run again to resume"},
};

template <class Wanted>
std::string format_rows(Commands commands, Wanted is_wanted) {
  std::string text;
  for (const auto& command : commands) {
    if (is_wanted(command)) text += format_row(command.name, command.summary, 18);
  }
  return text;
}

std::string format_group(Commands commands, std::string_view group) {
  return format_rows(commands, [&](const auto& command) { return command.group() == group; });
}

// The table of commands is in the order of a build: stages, then build itself, then what looks at the result.
std::string format_commands(Commands commands) {
  const auto is_plain = [](const auto& command) { return command.group().empty(); };
  const auto whole = std::ranges::find(commands, "build", &stages::Command::name);
  const auto before = static_cast<std::size_t>(whole - commands.begin());
  if (whole == commands.end()) return "Commands:\n" + format_rows(commands, [](const auto&) { return true; });
  std::string text = "Stages, in the order of a build:\n" + format_rows(commands.first(before), is_plain);
  text += "\nThe whole job:\n" + format_row(whole->name, whole->summary, 18);
  if (const auto rows = format_rows(commands.subspan(before + 1), is_plain); !rows.empty()) {
    text += "\nLooking:\n" + rows;
  }
  if (const auto rows = format_group(commands, "torrent"); !rows.empty())
    text += "\nTorrent files, anybody's:\n" + rows;
  return text;
}

std::string format_option(const Option& option) {
  std::string name = option.letter != 0 ? fmt::format("-{}, ", option.letter) : "    ";
  name += fmt::format("--{}", option.name);
  if (!option.is_switch()) name += fmt::format(" {}", option.value);
  return format_row(name, fmt::format("{}{}", option.help, option.is_repeatable ? " (repeatable)" : ""), 27);
}

std::string format_global_options() {
  std::string text = "Global options, before or after the command:\n";
  for (const Option& option : options()) {
    if (option.group == Group::global && option.in_flags) text += format_option(option);
  }
  return text;
}

// One filled paragraph of names; the overview help explains them.
std::string format_global_names() {
  std::string names;
  for (const Option& option : options()) {
    if (option.group != Group::global || !option.in_flags) continue;
    if (!names.empty()) names += ", ";
    names +=
        option.letter != 0 ? fmt::format("-{}/--{}", option.letter, option.name) : fmt::format("--{}", option.name);
  }
  return "Global options (dbr --help explains them):\n  " + fill(names, 2) + "\n";
}

bool takes(const stages::Command& command, std::string_view option) {
  return std::find(command.options.begin(), command.options.end(), option) != command.options.end();
}

// All codes but those the command's own row rules out.
bool can_give(const stages::Command& command, ExitCode code) {
  switch (code) {
    case ExitCode::locked:
      return is_for_writing(command.access);
    case ExitCode::not_a_dataset:
      return command.access != dataset::Access::none;
    case ExitCode::network:
    case ExitCode::refused:
      return takes(command, "site");
    case ExitCode::limit:
      return takes(command, "max-duration") || takes(command, "max-errors");
    default:
      return true;
  }
}

std::string format_exit_codes(const stages::Command& command) {
  std::string codes;
  for (const ExitCodeRow& row : k_exit_codes) {
    if (!can_give(command, row.code)) continue;
    codes += fmt::format("{}{}", codes.empty() ? "" : ", ", static_cast<int>(row.code));
  }
  return fmt::format("Exit codes: {} (dbr --help explains them).\n", codes);
}

std::string format_credentials() {
  std::string text = "The site's login comes from the environment or a file, never from a flag:\n";
  for (const Option& option : options()) {
    if (option.group != Group::credentials) continue;
    text += format_row(fmt::format("{}, {}", environment_name(option), file_key(option)), option.help, 35);
  }
  return text;
}

}  // namespace

std::span<const ExitCodeRow> exit_codes() {
  return k_exit_codes;
}

std::string format_overview(Commands commands) {
  return fmt::format("{}\n\nUsage: dbr COMMAND [OPTION]...\n\n{}\nMore: dbr --help, dbr COMMAND --help\n", k_what,
                     format_commands(commands));
}

std::string format_help(Commands commands) {
  std::string text = fmt::format("{}\n\nUsage: dbr COMMAND [OPTION]...\n\n{}\n{}\n", k_what, format_commands(commands),
                                 format_global_options());
  text += fill(
      "Every option can also stand in the environment (--limit-rate 2M: DBR_LIMIT_RATE=2M), and most in DIR/dbr.toml "
      "or "
      "~/.config/dbr/config.toml (limit_rate = \"2M\"). A flag wins over the environment, that over DIR/dbr.toml, that "
      "over your own file.",
      0);
  text += "\n\nExit codes:\n";
  for (const ExitCodeRow& row : k_exit_codes) {
    text += format_row(fmt::format("{:>3}", static_cast<int>(row.code)), row.meaning, 7);
  }
  return text + "\nMore: dbr COMMAND --help\n";
}

std::string format_group_help(Commands commands, std::string_view group) {
  return fmt::format("Usage: dbr {0} COMMAND [OPTION]...\n\nCommands:\n{1}\n{2}\nMore: dbr {0} COMMAND --help\n", group,
                     format_group(commands, group), format_global_names());
}

std::string format_command_help(const stages::Command& command) {
  std::string text =
      fmt::format("dbr {}: {}\n\nUsage: dbr {} [OPTION]...{}{}\n", command.name, fill(command.summary, 4, 70),
                  command.name, command.positional.empty() ? "" : " ", command.positional);
  if (!command.details.empty()) text += fmt::format("\n{}\n", fill(command.details, 0));

  std::string own;
  for (const Option& option : options()) {
    if (option.group != Group::global && option.in_flags && takes(command, option.name)) own += format_option(option);
  }
  if (!own.empty()) text += "\nOptions:\n" + own;
  text += "\n" + format_global_names();
  if (takes(command, "site")) text += "\n" + format_credentials();
  return text + "\n" + format_exit_codes(command);
}

std::string format_version() {
  return fmt::format("dbr {} (libcurl {}, SQLite {}, libvips {})\n", version(), http::library_version(),
                     sql::library_version(), image::library_version());
}

}  // namespace dbr::cli
