// SPDX-License-Identifier: MIT
// What the command line asks for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "reply.hpp"

namespace dbr::sim {

struct Options {
  int port = 0;
  std::filesystem::path port_file;
  std::size_t posts = 2000;
  std::uint64_t seed = 2017;
  std::filesystem::path images;
  bool metadata_only = false;
  std::vector<std::string> faults;
  std::filesystem::path log;
  Era era = Era::now;
  double tps_limit = 0;  // 0: no limit
  bool strict_agents = true;
  bool gzip = false;
};

}  // namespace dbr::sim
