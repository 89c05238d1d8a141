// SPDX-License-Identifier: MIT
// records: rows of the other tables as they were received, one JSON object a line.
#include <fmt/format.h>

#include <algorithm>

#include "dbr/dataset/post_query.hpp"
#include "dbr/dataset/posts.hpp"
#include "row_printer.hpp"
#include "stages.hpp"
#include "support.hpp"

namespace dbr::stages {

Result<Report> records(const Context& context) {
  const auto& words = context.settings.positional;
  const auto table = words.empty() ? metadata::k_tables.end()
                                   : std::ranges::find(metadata::k_tables, std::string_view(words.front()),
                                                       [](metadata::Table each) { return to_string(each); });
  if (table == metadata::k_tables.end()) {
    std::string names;
    for (const auto each : metadata::k_tables) names += fmt::format("{}{}", names.empty() ? "" : ", ", to_string(each));
    return fail(ErrorKind::usage, "records: name a table first", "the tables are " + names);
  }
  DBR_TRY(auto database, context.dataset.connect());
  DBR_CHECK(database.execute("BEGIN"));  // one snapshot, whatever a writer does meanwhile
  RowPrinter printer(context, "records");
  ExitCode code = ExitCode::ok;
  if (words.size() == 1) {
    DBR_CHECK(dataset::for_each_record(database, *table, [&](std::int64_t id, std::string_view json) -> Result<void> {
      DBR_TRY(const bool goes_on, printer.add(id, json));
      return goes_on ? Result<void>() : fail(ErrorKind::cancelled, "interrupted");
    }));
    return printer.finish(code);
  }
  for (std::size_t i = 1; i < words.size(); ++i) {
    DBR_TRY(const std::int64_t id, parse_id(words[i]));
    DBR_TRY(const auto json, dataset::find_record(database, *table, id));
    if (json) DBR_CHECK(printer.add(id, *json).map([](bool) {}));
    if (!json) code = ExitCode::items_left;
  }
  return printer.finish(code);
}

}  // namespace dbr::stages
