// SPDX-License-Identifier: MIT
// The subcommands, one file each. `build` chains the stages, so they are functions.
#pragma once

#include <functional>

#include "dbr/stages/command.hpp"

namespace dbr::stages {

Result<Report> fetch_metadata(const Context& context);
Result<Report> fetch_images(const Context& context);
Result<Report> retry(const Context& context);
Result<Report> downscale(const Context& context);
/// The same beside fetch_images: while `is_fed`, an empty queue may fill again.
Result<Report> downscale_while(const Context& context, std::function<bool()> is_fed);
Result<Report> bucket(const Context& context);
Result<Report> export_db(const Context& context);
Result<Report> make_torrent(const Context& context);
Result<Report> build(const Context& context);
Result<Report> verify(const Context& context);
Result<Report> diff(const Context& context);
Result<Report> status(const Context& context);
Result<Report> stats(const Context& context);
Result<Report> posts(const Context& context);
Result<Report> records(const Context& context);
Result<Report> path(const Context& context);
Result<Report> torrent_plan(const Context& context);
Result<Report> torrent_show(const Context& context);
Result<Report> torrent_lint(const Context& context);
Result<Report> torrent_verify(const Context& context);
Result<Report> torrent_prune(const Context& context);

}  // namespace dbr::stages
