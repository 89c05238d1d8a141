// SPDX-License-Identifier: MIT
// The setters of the option table that take more than a line.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/base/ids.hpp"
#include "dbr/cli/options.hpp"

namespace dbr::cli {

bool set_path(std::string_view text, std::filesystem::path& target);
bool set_cdn_tps(Values& values, std::string_view text);
bool set_tps(Values& values, std::string_view text);
bool set_bytes_at_least(std::string_view text, ByteCount low, std::optional<ByteCount>& target);
bool set_piece_size(Values& values, std::string_view text);
bool set_duration(Values& values, std::string_view text);
/// An address that paths can be appended to.
bool set_plain_url(std::string_view text, std::string& target);
bool add_dump(Values& values, std::string_view text);
bool is_rating(std::string_view text);
bool is_post_state(std::string_view text);
/// "FROM..TO", or one day.
bool set_created(Values& values, std::string_view text);
bool add_allowed_hosts(Values& values, std::string_view text);
bool set_moment(std::string_view text, std::optional<Timestamp>& target);
/// Of --format: the exports' own table decides.
bool is_format(std::string_view text);
std::string_view format_names();
std::string_view format_help();
/// From 1970 on: torrents count the seconds since, and clients know no date before.
bool set_creation_date(Values& values, std::string_view text);
bool set_tracker(Values& values, std::string_view text);
bool set_web_seed(Values& values, std::string_view text);
bool set_release_name(std::string_view text, std::string& target);
bool set_sfw_ratings(Values& values, std::string_view text);
bool set_log_format(Values& values, std::string_view text);
bool set_color(Values& values, std::string_view text);
bool set_depth(Values& values, std::string_view text);
/// "N/T".
bool set_subset(Values& values, std::string_view text);
bool set_one_of(std::string_view text, std::initializer_list<std::string_view> allowed, std::string& target);
/// Of --exclude-tags.
bool set_tags(std::string_view text, std::vector<std::string>& target);
/// Of --reason: a word of dbr status.
bool is_reason(std::string_view text);
bool set_ids(Values& values, std::string_view text);

}  // namespace dbr::cli
