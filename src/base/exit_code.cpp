// SPDX-License-Identifier: MIT
#include "dbr/base/exit_code.hpp"

#include <algorithm>
#include <array>

namespace dbr {

ExitCode exit_code_for(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
    case ErrorKind::config:
      return ExitCode::usage;
    case ErrorKind::network:
    case ErrorKind::throttled:
      return ExitCode::network;
    case ErrorKind::remote_rejected:
      return ExitCode::refused;
    case ErrorKind::corrupt:
      return ExitCode::mismatch;
    case ErrorKind::io:
    case ErrorKind::disk_full:
      return ExitCode::io;
    case ErrorKind::locked:
      return ExitCode::locked;
    case ErrorKind::schema:
      return ExitCode::not_a_dataset;
    case ErrorKind::cancelled:
      return ExitCode::interrupted;
    case ErrorKind::not_found:
      return ExitCode::items_left;
    case ErrorKind::internal:
      return ExitCode::internal;
  }
  return ExitCode::internal;
}

ExitCode most_important(ExitCode a, ExitCode b) {
  static constexpr std::array k_order = {ExitCode::interrupted, ExitCode::internal,  ExitCode::usage,
                                         ExitCode::io,          ExitCode::locked,    ExitCode::not_a_dataset,
                                         ExitCode::refused,     ExitCode::network,   ExitCode::limit,
                                         ExitCode::mismatch,    ExitCode::items_left};
  for (const ExitCode code : k_order) {
    if (a == code || b == code) return code;
  }
  return ExitCode::ok;
}

}  // namespace dbr
