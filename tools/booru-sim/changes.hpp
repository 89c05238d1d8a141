// SPDX-License-Identifier: MIT
// What happens on the site after the first harvest: by number ({"edits":5}) or by id ({"edit":[7,9]}).
#pragma once

#include "world.hpp"

namespace dbr::sim {

/// Applies every change named in `request`, in its order, and answers the ids touched under the same names. Takes the
/// world's lock. Changes carry the present time, or "at" when the request has it. Throws on unknown names and ids.
Json apply_changes(World& world, const Json& request);

}  // namespace dbr::sim
