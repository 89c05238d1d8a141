// SPDX-License-Identifier: MIT
#include "dbr/base/units.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace dbr {
namespace {

// The number at the front of `text`, which is shortened to what follows it. Finite and not negative.
std::optional<double> take_number(std::string_view& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value) || value < 0 || text.front() == '-') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

}  // namespace

std::optional<ByteCount> parse_bytes(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto number = take_number(text);
  if (!number) return std::nullopt;
  int power = 0;
  if (!text.empty() && text != "B") {
    constexpr std::string_view k_letters = "kmgt";
    const std::size_t letter = k_letters.find(static_cast<char>(text.front() | 0x20));
    if (letter == std::string_view::npos) return std::nullopt;
    power = static_cast<int>(letter) + 1;
    text.remove_prefix(1);
    if (!text.empty() && text != "B" && text != "i" && text != "iB") return std::nullopt;
  }
  const double bytes = *number * std::pow(text.starts_with('i') ? 1024.0 : 1000.0, power);
  if (bytes > 9e18) return std::nullopt;
  return static_cast<ByteCount>(bytes);
}

std::string format_bytes(ByteCount bytes) {
  static constexpr std::array k_units = {"B", "kB", "MB", "GB", "TB", "PB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 999.95 && unit + 1 < k_units.size()) {
    value /= 1000;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, k_units[unit]);
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto number = take_number(text);
  if (!number) return std::nullopt;
  double seconds = 1;
  if (text == "ms") {
    seconds = 0.001;
  } else if (text == "m") {
    seconds = 60;
  } else if (text == "h") {
    seconds = 3600;
  } else if (text == "d") {
    seconds = 86400;
  } else if (!text.empty() && text != "s") {
    return std::nullopt;
  }
  const double milliseconds = *number * seconds * 1000;
  if (milliseconds > 1e15) return std::nullopt;
  return std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds));
}

std::string format_duration(std::chrono::milliseconds duration) {
  const auto milliseconds = duration.count();
  if (milliseconds < 60'000) return fmt::format("{:.1f} s", static_cast<double>(milliseconds) / 1000);
  const auto seconds = milliseconds / 1000;
  if (seconds < 3600) return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
  const auto minutes = seconds / 60;
  if (minutes < std::int64_t{48} * 60) return fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
  return fmt::format("{} d {:02} h", minutes / 1440, minutes % 1440 / 60);
}

std::string format_count(std::int64_t count) {
  std::string text = std::to_string(count);
  const std::size_t first = text.front() == '-' ? 1 : 0;
  for (std::size_t at = text.size(); at > first + 3;) {
    at -= 3;
    text.insert(at, 1, ',');
  }
  return text;
}

}  // namespace dbr
