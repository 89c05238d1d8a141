// SPDX-License-Identifier: MIT
// The one table of options. Parser, help, environment and configuration files all follow from it, so they cannot
// disagree; every value, wherever it was written, passes through the same `set`.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "dbr/base/log.hpp"
#include "dbr/stages/settings.hpp"

namespace dbr::cli {

enum class Color { automatic, always, never };

/// What only the command line itself needs to know.
struct OwnSettings {
  bool quiet = false;
  bool verbose = false;
  bool help = false;
  bool version = false;
  log::Format log_format = log::Format::text;
  Color color = Color::automatic;
  std::filesystem::path config;        ///< in place of the user's own file; empty: the default place
  std::filesystem::path api_key_file;  ///< read once all sources have spoken
};

struct Values {
  stages::Settings settings;
  OwnSettings own;
};

/// Help shows options of a group together.
enum class Group {
  global,
  site,
  items,
  originals,
  dumps,
  posts,
  release,
  dataset,
  downscale,
  exports,
  torrent,
  verify,
  credentials
};

struct Option {
  std::string_view name;        ///< "limit-rate": --limit-rate, DBR_LIMIT_RATE, limit_rate
  char letter = 0;              ///< the short form, or 0
  std::string_view value = {};  ///< what help calls the value; empty for a switch
  Group group = Group::global;
  std::string_view help = {};     ///< one line, no full stop
  std::string_view allowed = {};  ///< what `set` accepts, for error texts
  bool in_flags = true;
  bool in_environment = true;
  bool in_files = true;
  bool is_repeatable = false;
  bool takes_rest = false;         ///< every word up to the next option, as a shell makes them of *.torrent
  bool is_secret = false;          ///< its value never appears in a message
  std::string_view excludes = {};  ///< an option that gives way to this one, or clashes in the same source
  bool (*set)(Values& values, std::string_view text) = nullptr;  ///< false: not allowed, nothing stored
  void (*clear)(Values& values) = nullptr;  ///< back to the default; repeatable and excluded options have it

  bool is_switch() const { return value.empty(); }
};

std::span<const Option> options();

/// nullptr when there is none.
const Option* find_option(std::string_view name);
const Option* find_option(char letter);

std::string environment_name(const Option& option);  ///< "DBR_LIMIT_RATE"
std::string file_key(const Option& option);          ///< "limit_rate"

}  // namespace dbr::cli
