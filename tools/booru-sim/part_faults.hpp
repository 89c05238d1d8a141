// SPDX-License-Identifier: MIT
// Faults of a file host that have to do with parts of files and with where they are: answers that are well formed, and
// wrong only in what they are a part of.
#pragma once

#include <optional>

#include "faults.hpp"
#include "world.hpp"

namespace dbr::sim {

/// The answer of such a fault; nothing when the fault is of another kind, or the file is not there anyway.
std::optional<Reply> answer_part_badly(const World& world, const Call& call, const Fault& fault);

}  // namespace dbr::sim
