// SPDX-License-Identifier: MIT
// What fetching will take of the disk and of the line, from the sizes that the site states.
#pragma once

#include <filesystem>
#include <optional>

#include "dbr/dataset/files.hpp"
#include "dbr/stages/command.hpp"
#include "disk_room.hpp"

namespace dbr::stages {

struct Forecast {
  dataset::Totals wanted;
  ByteCount needed = 0;
  ByteCount available = 0;     ///< on the disk, without the reserve; may be negative
  std::optional<double> days;  ///< at the stated allowance; nullopt when none is
};

Result<Forecast> make_forecast(const Settings& settings, const DiskRoom& room, const dataset::Totals& wanted);

/// For --dry-run.
Report report_forecast(const Forecast& forecast);

/// Kind disk_full, with the numbers, when it cannot fit.
Result<void> check_it_fits(const Forecast& forecast, const DiskRoom& room, const std::filesystem::path& root);

}  // namespace dbr::stages
