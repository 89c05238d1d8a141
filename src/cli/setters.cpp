// SPDX-License-Identifier: MIT
#include "setters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>
#include <vector>

#include "dbr/base/text.hpp"
#include "dbr/base/units.hpp"
#include "dbr/exports/format.hpp"
#include "dbr/torrent/trackers.hpp"
#include "validate.hpp"

namespace dbr::cli {

using Text = std::string_view;

bool set_path(Text text, std::filesystem::path& target) {
  if (text.empty() || text.find('\0') != Text::npos) return false;
  target = text;
  return true;
}

std::optional<double> parse_rate(Text text) {
  double rate = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
  if (error != std::errc() || end != text.data() + text.size() || !(rate > 0 && rate <= 1e9)) return std::nullopt;
  return rate;
}

bool set_tps(Values& values, Text text) {
  const auto rate = parse_rate(text);
  if (rate) values.settings.tps = *rate;
  return rate.has_value();
}

bool set_cdn_tps(Values& values, Text text) {
  const auto rate = parse_rate(text);
  if (rate) values.settings.cdn_tps = rate;
  return rate.has_value();
}

bool set_bytes_at_least(Text text, ByteCount low, std::optional<ByteCount>& target) {
  const auto bytes = parse_bytes(text);
  if (!bytes || *bytes < low) return false;
  target = bytes;
  return true;
}

// Piece sizes are powers of two: "16K" means what it means everywhere else in the field.
bool set_piece_size(Values& values, Text text) {
  const auto bytes = parse_bytes(text.empty() || text.back() <= '9' ? std::string(text) : fmt::format("{}i", text));
  const bool is_power_of_two = bytes && (*bytes & (*bytes - 1)) == 0;
  if (!is_power_of_two || *bytes < 16 << 10 || *bytes > 64 << 20) return false;
  values.settings.piece_size = bytes;
  return true;
}

bool set_duration(Values& values, Text text) {
  const auto duration = parse_duration(text);
  if (!duration || duration->count() <= 0) return false;
  values.settings.max_duration = duration;
  return true;
}

bool set_plain_url(Text text, std::string& target) {
  while (text.ends_with('/')) text.remove_suffix(1);  // so that paths can be appended
  if (!is_web_url(text) || text.find_first_of("?#") != Text::npos) return false;
  target = text;
  return true;
}

bool add_dump(Values& values, Text text) {
  if (text.empty() || text.find('\0') != Text::npos) return false;
  values.settings.from.emplace_back(text);
  return true;
}

bool is_rating(Text text) {
  return text == "g" || text == "s" || text == "q" || text == "e";
}

bool is_post_state(Text text) {
  return text == "live" || text == "deleted" || text == "withheld" || text == "expunged";
}

bool set_created(Values& values, Text text) {
  constexpr std::size_t k_day = 10;  // "2017-01-01": the whole of it
  const std::size_t dots = text.find("..");
  const Text from = text.substr(0, dots);
  const Text to = dots == Text::npos ? from : text.substr(dots + 2);
  if (from.empty() && to.empty()) return false;
  values.settings.created_from = parse_timestamp(from);
  values.settings.created_before = parse_timestamp(to);
  if (values.settings.created_before && to.size() == k_day) *values.settings.created_before += std::chrono::days(1);
  return (from.empty() || values.settings.created_from) && (to.empty() || values.settings.created_before);
}

bool add_allowed_hosts(Values& values, Text text) {
  std::vector<std::string> hosts;
  if (!append_list(
          text, [](Text part) { return parse_host(part).has_value(); }, hosts))
    return false;
  for (const std::string& host : hosts) values.settings.allow_hosts.push_back(*parse_host(host));
  return true;
}

bool set_moment(Text text, std::optional<Timestamp>& target) {
  const auto moment = parse_timestamp(text);
  if (!moment) return false;
  target = moment;
  return true;
}

bool set_creation_date(Values& values, Text text) {
  const auto moment = parse_timestamp(text);
  if (!moment || *moment < Timestamp{}) return false;
  values.settings.creation_date = moment;
  return true;
}

bool set_tracker(Values& values, Text text) {
  const auto tier = torrent::tracker_tier(text);
  const auto is_usable = [](const std::string& url) {
    return is_one_line(url, 2000) && (!url.starts_with("http") || is_web_url(url));
  };
  if (tier.empty() || !std::ranges::all_of(tier, is_usable)) return false;
  values.settings.trackers.emplace_back(text);
  return true;
}

bool is_format(Text text) {
  return text == "all" ||
         std::ranges::any_of(exports::formats(), [&](const auto& format) { return format.name == text; });
}

std::string_view format_names() {
  static const std::string k_names = [] {
    std::string names;
    for (const auto& format : exports::formats()) names += fmt::format("{}, ", format.name);
    return names + "or all, several with commas between";
  }();
  return k_names;
}

std::string_view format_help() {
  static const std::string k_help = fmt::format("formats to write: {} (default: those without trees)", format_names());
  return k_help;
}

bool set_web_seed(Values& values, Text text) {
  if (!is_web_url(text)) return false;
  values.settings.web_seeds.emplace_back(text);
  return true;
}

bool set_release_name(Text text, std::string& target) {
  if (!is_release_name(text)) return false;
  target = text;
  return true;
}

// "g,s" and "sg" are the same rule, and one text.
bool set_sfw_ratings(Values& values, Text text) {
  constexpr Text k_letters = "gsqe";
  std::string ratings;
  for (const char letter : k_letters) {
    if (text.find(letter) != Text::npos) ratings += letter;
  }
  const bool has_others = text.find_first_not_of("gsqe,") != Text::npos;
  if (ratings.empty() || has_others || text.front() == ',' || text.back() == ',') return false;
  values.settings.sfw_ratings = ratings;
  return true;
}

bool set_log_format(Values& values, Text text) {
  if (text != "text" && text != "json") return false;
  values.own.log_format = text == "json" ? log::Format::json : log::Format::text;
  return true;
}

bool set_color(Values& values, Text text) {
  if (text != "auto" && text != "always" && text != "never") return false;
  values.own.color = text == "auto" ? Color::automatic : text == "always" ? Color::always : Color::never;
  return true;
}

bool set_depth(Values& values, Text text) {
  if (text != "size" && text != "hash" && text != "decode" && text != "pieces") return false;
  values.settings.depth = text;
  return true;
}

bool set_subset(Values& values, Text text) {
  const std::size_t slash = text.find('/');
  if (slash == Text::npos) return false;
  std::optional<int> number;
  std::optional<int> count;
  if (!set_whole(text.substr(slash + 1), 1, 10'000, count)) return false;
  if (!set_whole(text.substr(0, slash), 1, *count, number)) return false;
  values.settings.subset_number = *number;
  values.settings.subset_count = *count;
  return true;
}

bool set_one_of(Text text, std::initializer_list<Text> allowed, std::string& target) {
  if (std::ranges::find(allowed, text) == allowed.end()) return false;
  target = text;
  return true;
}

bool is_tag_name(Text text) {
  return !text.empty() && text.find_first_of(" \t\r\n") == Text::npos && is_utf8(text);
}

// The site's tags have no spaces, but some have commas.
bool set_tags(Text text, std::vector<std::string>& target) {
  std::vector<std::string> tags;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) tags.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (tags.empty() || !std::ranges::all_of(tags, is_tag_name)) return false;
  target.insert(target.end(), tags.begin(), tags.end());
  return true;
}

bool is_reason(Text text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == Text::npos;
}

bool set_ids(Values& values, Text text) {
  std::filesystem::path path;
  if (!set_path(text, path)) return false;
  values.settings.ids = path;
  return true;
}

}  // namespace dbr::cli
