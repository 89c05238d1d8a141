// SPDX-License-Identifier: MIT
// What the world can do to us, as a value. Retrying, an item's outcome and the exit code are functions of
// the kind; nobody searches message text. Bugs are exceptions, not Errors.
#pragma once

#include <string>
#include <string_view>

namespace dbr {

enum class ErrorKind {
  usage,            // the command line is wrong
  config,           // a configuration file, environment variable or dataset setting is wrong
  not_found,        // the thing asked for is not there (404, missing file)
  network,          // could not connect, reset, timed out, server error: may go away by itself
  throttled,        // 429 or 503: we are asked to slow down
  remote_rejected,  // the site refuses us for good: 401, 403, a challenge page
  corrupt,          // bytes are not what they should be
  io,               // the local disk said no
  disk_full,        // no space left
  locked,           // another dbr works on this dataset
  schema,           // not a dataset, or one made by a newer dbr
  cancelled,        // the user interrupted
  internal,         // our own mistake, noticed in time
};

std::string_view to_string(ErrorKind kind);

/// `message` names its subject and puts the cause last; `hint` says what to do, or is empty.
struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string message;
  std::string hint = {};
};

/// Errors that stop a whole stage at once, whatever item met them.
bool stops_stage(ErrorKind kind);

/// Errors worth trying again later without anything else having changed.
bool is_transient(ErrorKind kind);

/// An io or disk_full Error from an errno value: "cannot <action> <subject>: <cause>".
Error error_from_errno(int errno_value, std::string_view action, std::string_view subject);

}  // namespace dbr
