// SPDX-License-Identifier: MIT
#include "torrent_files.hpp"

#include "dbr/base/log.hpp"

namespace dbr::stages {

ExitCode report_bad_torrent(const Error& error) {
  log::error("{}", error.message);
  return exit_code_for(error.kind);
}

Json json_of_bad_torrent(std::string_view file, const Error& error) {
  return {{"file", file}, {"error", {{"kind", to_string(error.kind)}, {"message", error.message}}}};
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace dbr::stages
