// SPDX-License-Identifier: MIT
// Packing a record that is parsed already.
#pragma once

#include <simdjson.h>

#include "dbr/metadata/packed.hpp"

namespace dbr::metadata {

Packed pack(const simdjson::dom::object& record, const PackBase& base);

}  // namespace dbr::metadata
