// SPDX-License-Identifier: MIT
// Facts to text: no clock, no terminal.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "dbr/base/units.hpp"
#include "dbr/cli/progress.hpp"

namespace dbr::cli {
namespace {

constexpr auto k_window = std::chrono::minutes(1);

using Facts = pipeline::Meter::Facts;

std::optional<int> percent_of(const Facts& facts) {
  if (facts.total <= 0) return std::nullopt;
  return static_cast<int>(std::clamp<std::int64_t>(facts.done, 0, facts.total) * 100 / facts.total);
}

std::string counts_of(const Facts& facts, std::string_view between) {
  if (facts.total < 0) return format_count(facts.done);
  return fmt::format("{}{}{}", format_count(facts.done), between, format_count(facts.total));
}

std::string rate_of(const Rates& rates) {
  return fmt::format("{:.{}f}/s", rates.items, rates.items < 10 ? 1 : 0);
}

std::string bytes_rate_of(const Rates& rates) {
  return rates.bytes < 1 ? "" : format_bytes(static_cast<ByteCount>(rates.bytes)) + "/s";
}

std::string time_left(const Facts& facts, const Rates& rates) {
  if (facts.total < 0 || facts.done >= facts.total || rates.items <= 0) return "";
  const double seconds = static_cast<double>(facts.total - facts.done) / rates.items;
  if (seconds > 365.0 * 86400) return "";
  return format_duration(std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000)));
}

std::string failed_of(const Facts& facts) {
  return facts.failed == 0 ? "" : format_count(facts.failed) + " failed";
}

// Where the workers' time goes: the largest share is the bottleneck.
std::string shares_of(const Facts& facts) {
  std::string text;
  for (const auto& [name, share] : facts.shares) {
    text += fmt::format("{}{} {:.0f}%", text.empty() ? "" : " ", name, share * 100);
  }
  return text;
}

// A bar takes what room the words leave, if that is enough to be worth looking at.
std::string bar_of(int percent, std::size_t room) {
  if (room < 12) return "";
  const std::size_t cells = std::min<std::size_t>(room - 2, 30);
  const std::size_t full = cells * static_cast<std::size_t>(percent) / 100;
  return "[" + std::string(full, '#') + std::string(cells - full, ' ') + "]";
}

}  // namespace

Rates RateWindow::add(const Facts& facts) {
  m_samples.push_back(facts);
  while (m_samples.size() > 2 && facts.elapsed - m_samples[1].elapsed >= k_window) m_samples.pop_front();
  // The first look has only the whole run to go by.
  const Facts from = m_samples.size() > 1 ? m_samples.front() : Facts{};
  const double seconds = std::chrono::duration<double>(facts.elapsed - from.elapsed).count();
  if (seconds <= 0) return {};
  return {static_cast<double>(facts.done - from.done) / seconds,
          static_cast<double>(facts.bytes - from.bytes) / seconds};
}

std::string format_bar(const Facts& facts, const Rates& rates, std::size_t width) {
  const auto percent = percent_of(facts);
  std::string line = fmt::format("{:<14}", facts.name);
  if (percent) line += fmt::format(" {:>3}%", *percent);

  // Most important first; from the first that does not fit on, all are left out.
  const std::string left = time_left(facts, rates);
  const std::vector<std::string> parts = {
      counts_of(facts, "/"), failed_of(facts),     left.empty() ? "" : "ETA " + left,
      rate_of(rates),        bytes_rate_of(rates), shares_of(facts)};
  std::string words;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (line.size() + words.size() + 2 + part.size() > width) break;
    words += "  " + part;
  }
  const std::size_t used = line.size() + words.size() + 1;
  if (percent && used < width) {
    const std::string bar = bar_of(*percent, width - used);
    if (!bar.empty()) line += " " + bar;
  }
  return (line + words).substr(0, width);
}

std::string format_progress_line(const Facts& facts, const Rates& rates) {
  std::string line = fmt::format("{}: {}", facts.name, counts_of(facts, " of "));
  if (const auto percent = percent_of(facts)) line += fmt::format(" ({}%)", *percent);
  const std::string left = time_left(facts, rates);
  for (const std::string& part :
       {rate_of(rates), bytes_rate_of(rates), left.empty() ? "" : left + " left", failed_of(facts), shares_of(facts)}) {
    if (!part.empty()) line += ", " + part;
  }
  return line;
}

}  // namespace dbr::cli
