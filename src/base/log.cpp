// SPDX-License-Identifier: MIT
// spdlog behind a narrow door. Its default logger writes to stdout, where results go, so ours is built on stderr.
#include "dbr/base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>

#include "dbr/base/text.hpp"
#include "dbr/base/time.hpp"

namespace dbr::log {
namespace {

struct Logger {
  std::mutex mutex;  // guards settings and keeps before/line/after together
  Settings settings;
  std::shared_ptr<spdlog::logger> sink =
      std::make_shared<spdlog::logger>("dbr", std::make_shared<spdlog::sinks::stderr_sink_st>());
  std::atomic<int> threshold{static_cast<int>(Level::info)};

  Logger() {
    sink->set_pattern("%v");
    sink->set_level(spdlog::level::trace);
  }
};

Logger& logger() {
  static Logger instance;
  return instance;
}

std::string_view name(Level level) {
  switch (level) {
    case Level::debug:
      return "debug";
    case Level::info:
      return "info";
    case Level::warning:
      return "warning";
    case Level::error:
      return "error";
  }
  return "info";
}

std::string text_line(Level level, std::string_view message) {
  if (level == Level::info) return fmt::format("dbr: {}", printable_lines(message));
  return fmt::format("dbr: {}: {}", name(level), printable_lines(message));
}

std::string json_line(Level level, std::string_view message) {
  const nlohmann::ordered_json line = {{"time", format_timestamp(now())}, {"level", name(level)}, {"message", message}};
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

void configure(Settings settings) {
  std::scoped_lock lock(logger().mutex);
  logger().threshold = static_cast<int>(settings.threshold);
  logger().settings = std::move(settings);
}

bool is_enabled(Level level) {
  return static_cast<int>(level) >= logger().threshold.load(std::memory_order_relaxed);
}

void write(Level level, std::string_view message) {
  std::scoped_lock lock(logger().mutex);
  const Settings& settings = logger().settings;
  if (settings.before) settings.before();
  const std::string line = settings.format == Format::json ? json_line(level, message) : text_line(level, message);
  logger().sink->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
  logger().sink->flush();
  if (settings.after) settings.after();
}

}  // namespace dbr::log
