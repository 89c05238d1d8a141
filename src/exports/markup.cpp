// SPDX-License-Identifier: MIT
#include "markup.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cmath>

#include "dbr/base/time.hpp"
#include "dbr/base/units.hpp"

namespace dbr::exports {

std::string escape_markup(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        const bool is_control = static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t';
        if (is_control) {
          escaped += "\xef\xbf\xbd";
        } else {
          escaped += c;
        }
    }
  }
  return escaped;
}

std::string count_text(const Document& number) {
  return number.is_number() ? format_count(number.get<std::int64_t>()) : std::string("–");
}

std::string decimal_text(const Document& number, int digits) {
  if (!number.is_number()) return "–";
  const std::string text = fmt::format("{:.{}f}", number.get<double>(), digits);
  const std::size_t point = std::min(text.find('.'), text.size());
  const bool is_negative = text.front() == '-';
  const std::string whole = format_count(std::stoll(text.substr(is_negative ? 1 : 0, point)));
  return (is_negative ? "-" : "") + whole + text.substr(point);
}

std::string short_count(std::int64_t number) {
  static constexpr std::array k_units = {"", " k", " M", " G"};
  auto value = static_cast<double>(std::abs(number));
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < k_units.size()) {
    value /= 1000;
    ++unit;
  }
  const int digits = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return fmt::format("{}{:.{}f}{}", number < 0 ? "-" : "", value, digits, k_units[unit]);
}

std::string pixels_text(std::int64_t pixels) {
  const auto count = static_cast<double>(pixels);
  if (count >= 1e11) return fmt::format("{:.3f} terapixels", count / 1e12);
  if (count >= 1e8) return fmt::format("{:.3f} gigapixels", count / 1e9);
  return fmt::format("{:.3f} megapixels", count / 1e6);
}

std::string title_of(std::string_view release) {
  std::string title(release);
  if (!title.empty() && title.front() >= 'a' && title.front() <= 'z') {
    title.front() = static_cast<char>(title.front() - 'a' + 'A');
  }
  return title;
}

std::string last_day_of(std::string_view cutoff) {
  const Timestamp moment = parse_timestamp(cutoff).value_or(Timestamp());
  return format_date(moment - std::chrono::milliseconds(1));
}

}  // namespace dbr::exports
