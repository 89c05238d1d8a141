// SPDX-License-Identifier: MIT
// Log lines for people (text) or machines (one JSON object a line), always on stderr. Safe from any thread.
// Credentials never reach a log line: callers log hosts and paths, not query strings.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <string_view>
#include <utility>

namespace dbr::log {

enum class Level { debug, info, warning, error };
enum class Format { text, json };

struct Settings {
  Level threshold = Level::info;
  Format format = Format::text;
  /// Called before and after a line is written, so that a progress bar can step aside.
  std::function<void()> before = {};
  std::function<void()> after = {};
};

void configure(Settings settings);
bool is_enabled(Level level);
void write(Level level, std::string_view message);

template <class... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  if (is_enabled(Level::debug)) write(Level::debug, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  if (is_enabled(Level::info)) write(Level::info, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) {
  if (is_enabled(Level::warning)) write(Level::warning, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  if (is_enabled(Level::error)) write(Level::error, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace dbr::log
