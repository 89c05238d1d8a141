// SPDX-License-Identifier: MIT
// Which part of a file an answer carries.
#pragma once

#include <optional>

#include "dbr/http/client.hpp"

namespace dbr::http {

struct ContentRange {
  ByteCount first = 0;
  ByteCount last = 0;              ///< included
  std::optional<ByteCount> total;  ///< of the whole file; absent when the server does not know
};

/// Content-Range in bytes; nullopt when it is absent, contradicts itself, or says that there is no such part.
std::optional<ContentRange> content_range(const Head& head);

}  // namespace dbr::http
