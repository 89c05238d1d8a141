// SPDX-License-Identifier: MIT
#include "dbr/cli/config.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <sstream>

#include "dbr/base/file.hpp"
#include "dbr/cli/nearest.hpp"
#include "dbr/cli/text.hpp"

namespace dbr::cli {
namespace {

constexpr ByteCount k_config_cap = 1 << 20;

// A TOML scalar as the text a user would have typed for a flag; empty for anything else.
std::string text_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  std::ostringstream moment;
  if (const auto* date = node.as_date()) moment << date->get();
  if (const auto* time = node.as_date_time()) moment << time->get();
  return moment.str();
}

tl::unexpected<Error> unknown_key(std::string_view key, const std::filesystem::path& path) {
  std::vector<std::string> keys;
  for (const Option& option : options()) {
    if (option.in_files) keys.push_back(file_key(option));
  }
  const std::vector<std::string_view> candidates(keys.begin(), keys.end());
  const auto meant = nearest(key, candidates);
  return fail(ErrorKind::config, fmt::format("unknown key \"{}\" in {}", printable(key), path.string()),
              meant ? fmt::format("did you mean {}?", *meant) : "dbr --help and dbr COMMAND --help list the options");
}

Result<ConfigEntry> read_entry(std::string_view key, const toml::node& node, const std::filesystem::path& path) {
  const auto all = options();
  const auto option = std::find_if(all.begin(), all.end(), [&](const Option& row) { return file_key(row) == key; });
  if (option == all.end()) return unknown_key(key, path);
  if (!option->in_files) {
    return fail(ErrorKind::config, fmt::format("{} cannot be set in a file ({})", key, path.string()),
                fmt::format("use --{}", option->name));
  }

  ConfigEntry entry{&*option, {}};
  const auto* array = node.as_array();
  if (node.is_table() || (array != nullptr && !option->is_repeatable)) {
    return fail(ErrorKind::config, fmt::format("{} in {} must be one value: {}", key, path.string(), option->allowed));
  }
  if (array == nullptr) {
    entry.texts.push_back(text_of(node));
  } else {
    for (const toml::node& element : *array) entry.texts.push_back(text_of(element));
  }
  return entry;
}

Result<toml::table> parse(const std::string& text, const std::filesystem::path& path) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    // The library's own description may quote the line, and the line may hold a key.
    return fail(ErrorKind::config,
                fmt::format("cannot read {}: line {}, column {} is not TOML", path.string(), error.source().begin.line,
                            error.source().begin.column),
                "write  name = value  with texts in double quotes");
  }
}

}  // namespace

Result<void> check_private(const std::filesystem::path& path, std::string_view what) {
  struct stat facts = {};
  if (::stat(path.c_str(), &facts) != 0) return fail(error_from_errno(errno, "look at", path.string()));
  if ((facts.st_mode & (S_IRGRP | S_IROTH)) == 0) return {};
  return fail(ErrorKind::config, fmt::format("{} holds {} and can be read by others", path.string(), what),
              fmt::format("chmod 600 {}", shell_quote(path.string())));
}

Result<std::vector<ConfigEntry>> read_config(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error) && !error) {
    return fail(ErrorKind::not_found, fmt::format("cannot read {}: there is no such file", path.string()));
  }
  const auto text = read_file(path, k_config_cap);
  if (!text) return fail(ErrorKind::config, text.error().message, text.error().hint);
  DBR_TRY(const toml::table table, parse(*text, path));

  std::vector<ConfigEntry> entries;
  for (const auto& [key, node] : table) {
    DBR_TRY(ConfigEntry entry, read_entry(std::string_view(key), node, path));
    if (entry.option->name == "api-key") DBR_CHECK(check_private(path, "an API key"));
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace dbr::cli
