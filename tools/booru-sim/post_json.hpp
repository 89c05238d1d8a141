// SPDX-License-Identifier: MIT
// The post object as the wire has it, written straight to text: pages of 200 are what the site serves most.
#pragma once

#include <string>

#include "world.hpp"

namespace dbr::sim {

/// Who looks: the host the URLs point at, and the zone of the times.
struct Viewer {
  std::string host;
  bool is_utc = false;
  Era era = Era::now;
  std::string time(Moment moment) const { return is_utc ? in_utc(moment) : in_eastern_time(moment); }
};

void write_post(std::string& out, const World& world, const Post& post, const Viewer& viewer);

/// The asset alone, with everything; `is_withheld` leaves out what its post hides. Moments are text already.
void write_asset(std::string& out, const Asset& asset, bool is_withheld, const Viewer& viewer);

/// Where the CDN has it: type is original, sample, 180x180, 360x360, 720x720.
std::string file_url(const Asset& asset, std::string_view type, const Viewer& viewer);

void write_quoted(std::string& out, std::string_view text);

}  // namespace dbr::sim
