// SPDX-License-Identifier: MIT
#include "dbr/cli/resolve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "dbr/base/file.hpp"
#include "dbr/cli/config.hpp"
#include "dbr/cli/text.hpp"
#include "dbr/http/url.hpp"
#include "validate.hpp"

namespace dbr::cli {
namespace {

using Source = std::vector<Setting>;

// The value as it may stand in a message: keys hide in user names and queries of addresses.
std::string shown(std::string_view text) {
  return text.find("://") == std::string_view::npos ? printable(text) : printable(http::describe_url(text));
}

Error invalid_value(const Setting& setting, std::string_view text, ErrorKind kind) {
  const std::string value = setting.option->is_secret ? "value" : fmt::format("value \"{}\"", shown(text));
  return {kind, fmt::format("invalid {} for {}: {}", value, setting.source, setting.option->allowed)};
}

const Setting* find(const Source& source, std::string_view name) {
  const auto found =
      std::find_if(source.begin(), source.end(), [&](const Setting& s) { return s.option->name == name; });
  return found == source.end() ? nullptr : &*found;
}

// A switch that is off says nothing against others.
bool is_off(const Setting& setting) {
  bool is_on = true;
  return setting.option->is_switch() && !setting.texts.empty() && set_switch(setting.texts.front(), is_on) && !is_on;
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

Source read_environment(const GetEnv& getenv) {
  Source source;
  for (const Option& option : options()) {
    if (!option.in_environment) continue;
    const std::string name = environment_name(option);
    const auto text = getenv(name);
    if (!text || text->empty()) continue;  // empty is how a shell unsets for one command
    source.push_back({&option, name, option.is_repeatable ? words_of(*text) : std::vector{*text}});
  }
  return source;
}

Result<Source> read_file_source(const std::filesystem::path& path, bool must_exist) {
  auto entries = read_config(path);
  if (!entries) {
    if (entries.error().kind != ErrorKind::not_found) return fail(std::move(entries).error());
    if (!must_exist) return Source{};
    return fail(ErrorKind::config, entries.error().message);
  }
  Source source;
  for (ConfigEntry& entry : *entries) {
    // A path in a file means the same wherever dbr is started.
    const bool is_path = entry.option->name == "api-key-file" || entry.option->name == "exclude";
    for (std::string& text : entry.texts) {
      if (is_path && !text.empty()) text = (path.parent_path() / text).string();
    }
    source.push_back({entry.option, fmt::format("{}: {}", path.string(), file_key(*entry.option)), entry.texts});
  }
  return source;
}

// By the XDG base directory specification, which ignores what is not absolute.
std::optional<std::filesystem::path> users_folder(const GetEnv& getenv, const char* variable,
                                                  std::string_view below_home) {
  const auto named = getenv(variable);
  if (named && named->starts_with('/')) return std::filesystem::path(*named) / "dbr";
  // Users without a home are given the name of a folder that is not there, and that nobody should make.
  std::error_code error;
  const auto home = getenv("HOME");
  if (!home || home->empty() || !std::filesystem::is_directory(*home, error)) return std::nullopt;
  return std::filesystem::path(*home) / below_home / "dbr";
}

std::optional<std::filesystem::path> users_file(const GetEnv& getenv) {
  auto folder = users_folder(getenv, "XDG_CONFIG_HOME", ".config");
  if (folder) *folder /= "config.toml";
  return folder;
}

Result<void> read_key_file(Values& values) {
  const std::filesystem::path& path = values.own.api_key_file;
  if (path.empty()) return {};
  DBR_CHECK(check_private(path, "an API key"));
  const auto text = read_file(path, 4096);
  if (!text) return fail(ErrorKind::config, text.error().message, text.error().hint);
  const std::string key = text->substr(0, text->find_last_not_of(" \t\r\n") + 1);
  const Option& option = *find_option("api-key");
  if (option.set(values, key)) return {};
  return fail(ErrorKind::config, fmt::format("invalid API key in {}: {}", path.string(), option.allowed));
}

}  // namespace

Result<void> apply(Values& values, const Source& source, ErrorKind kind) {
  for (const Setting& setting : source) {
    const Option& option = *setting.option;
    if (!option.excludes.empty() && !is_off(setting)) {
      if (const Setting* other = find(source, option.excludes); other != nullptr && !is_off(*other)) {
        return fail(kind, fmt::format("{} and {} exclude each other", setting.source, other->source));
      }
      find_option(option.excludes)->clear(values);
    }
    if (option.is_repeatable) option.clear(values);
    for (const std::string& text : setting.texts) {
      if (!option.set(values, text)) return fail(invalid_value(setting, text, kind));
    }
  }
  return {};
}

Result<Values> resolve(const Source& flags, const GetEnv& getenv) {
  const Source environment = read_environment(getenv);

  // Where the files are is for the environment and the flags alone to say.
  Values places;
  DBR_CHECK(apply(places, environment, ErrorKind::config));
  DBR_CHECK(apply(places, flags, ErrorKind::usage));

  Values values;
  const bool is_named = !places.own.config.empty();
  const auto users = is_named ? std::optional(places.own.config) : users_file(getenv);
  if (users) {
    DBR_TRY(const Source source, read_file_source(*users, is_named));
    DBR_CHECK(apply(values, source, ErrorKind::config));
  }
  const std::filesystem::path of_root = (places.settings.root / "dbr.toml").lexically_normal();
  DBR_TRY(const Source source, read_file_source(of_root, false));
  DBR_CHECK(apply(values, source, ErrorKind::config));
  DBR_CHECK(apply(values, environment, ErrorKind::config));
  DBR_CHECK(apply(values, flags, ErrorKind::usage));
  DBR_CHECK(read_key_file(values));
  values.settings.state_folder = users_folder(getenv, "XDG_STATE_HOME", ".local/state");
  return values;
}

}  // namespace dbr::cli
