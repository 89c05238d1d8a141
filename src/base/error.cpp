// SPDX-License-Identifier: MIT
#include "dbr/base/error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

namespace dbr {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return "usage";
    case ErrorKind::config:
      return "config";
    case ErrorKind::not_found:
      return "not_found";
    case ErrorKind::network:
      return "network";
    case ErrorKind::throttled:
      return "throttled";
    case ErrorKind::remote_rejected:
      return "remote_rejected";
    case ErrorKind::corrupt:
      return "corrupt";
    case ErrorKind::io:
      return "io";
    case ErrorKind::disk_full:
      return "disk_full";
    case ErrorKind::locked:
      return "locked";
    case ErrorKind::schema:
      return "schema";
    case ErrorKind::cancelled:
      return "cancelled";
    case ErrorKind::internal:
      return "internal";
  }
  return "unknown";
}

bool stops_stage(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
    case ErrorKind::config:
    case ErrorKind::remote_rejected:
    case ErrorKind::io:
    case ErrorKind::disk_full:
    case ErrorKind::locked:
    case ErrorKind::schema:
    case ErrorKind::cancelled:
    case ErrorKind::internal:
      return true;
    case ErrorKind::not_found:
    case ErrorKind::network:
    case ErrorKind::throttled:
    case ErrorKind::corrupt:
      return false;
  }
  return true;
}

bool is_transient(ErrorKind kind) {
  return kind == ErrorKind::network || kind == ErrorKind::throttled;
}

Error error_from_errno(int errno_value, std::string_view action, std::string_view subject) {
  const bool is_full = errno_value == ENOSPC || errno_value == EDQUOT;
  return Error{is_full ? ErrorKind::disk_full : ErrorKind::io,
               fmt::format("cannot {} {}: {}", action, subject, std::generic_category().message(errno_value)),
               is_full ? "make room on that file system, then run the same command again" : ""};
}

}  // namespace dbr
