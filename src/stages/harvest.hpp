// SPDX-License-Identifier: MIT
// The first harvest of everything, sweeps, and what they share with the refresh: posts, users and rows by ID.
#pragma once

#include <functional>
#include <vector>

#include "walk.hpp"

namespace dbr::stages {

/// Posts as they are now, by ID. `after` runs in the transaction that holds them, for each batch.
Result<void> read_posts(Collector& collector, const std::vector<PostId>& ids,
                        const std::function<Result<void>(const std::vector<PostId>&)>& after = {});

/// Rows that earlier runs could not read.
Result<void> read_skipped(Collector& collector);
/// The users that posts name.
Result<void> read_users(Collector& collector);

/// The first harvest and a sweep, from where they stand up to the end.
Result<void> harvest(Collector& collector, Timestamp cutoff);
/// Everything is to be read again; a sweep under way goes on.
Result<void> begin_sweep(Collector& collector);
/// True when there is one under way, or none was ever begun.
Result<bool> is_harvest_due(sql::Database& database);

}  // namespace dbr::stages
