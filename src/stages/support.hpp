// SPDX-License-Identifier: MIT
// What several subcommands share: the range of IDs they work on, limits, and how a run becomes a report.
#pragma once

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/dataset/release.hpp"
#include "dbr/pipeline/runner.hpp"
#include "dbr/site/booru.hpp"
#include "dbr/stages/command.hpp"

namespace dbr::stages {

using Json = nlohmann::ordered_json;

/// The release the options name (--year, --as-of, --name), if any.
Result<std::optional<dataset::ReleaseSpec>> release_spec(const Settings& settings);
/// The same for commands that cannot do without; kind usage when there is none.
Result<dataset::ReleaseSpec> required_release_spec(const Settings& settings);

/// Puts what --sfw-ratings and --exclude say into the spec. Kind usage when a file cannot be read.
Result<void> add_rule(const Settings& settings, dataset::ReleaseSpec& spec);

/// The IDs a stage works on.
struct Scope {
  PostId last = std::numeric_limits<PostId>::max();
  std::optional<std::vector<PostId>> ids;  ///< sorted, from --ids
};
Result<Scope> make_scope(sql::Database& database, const Settings& settings);
/// A post's or row's number as a word of the command line; kind usage for anything else.
Result<std::int64_t> parse_id(std::string_view word);
/// The lines of --ids: one ID a line, blank lines and "#" comments allowed.
Result<std::vector<PostId>> read_ids(const std::filesystem::path& path);

/// Walks the scope in ID order.
class ScopeCursor {
 public:
  explicit ScopeCursor(Scope scope) : m_scope(std::move(scope)) {}

  /// Asks `query(after, last, limit)` for the next items; none at the end.
  template <class Query>
  auto next(bool from_start, int limit, Query query) -> decltype(query(PostId{}, PostId{}, limit)) {
    if (from_start) m_after = 0;
    auto items = m_scope.ids ? next_listed(limit, query) : query(m_after, m_scope.last, limit);
    if (items && !items->empty()) m_after = items->back().id;
    return items;
  }

 private:
  template <class Query>
  auto next_listed(int limit, Query query) -> decltype(query(PostId{}, PostId{}, limit)) {
    typename decltype(query(PostId{}, PostId{}, limit))::value_type found;
    for (auto id = std::ranges::upper_bound(*m_scope.ids, m_after);
         id != m_scope.ids->end() && static_cast<int>(found.size()) < limit; ++id) {
      auto one = query(*id - 1, std::min(*id, m_scope.last), 1);
      if (!one) return one;
      for (auto& item : *one) found.push_back(std::move(item));
    }
    return found;
  }

  Scope m_scope;
  PostId m_after = 0;
};

pipeline::RunLimits make_limits(const Settings& settings, int default_threads);

Result<site::Booru> open_booru(const Settings& settings, int connections);

/// Ends an item stage: the Error that stopped it, or a report with its counts and code. `counts` goes into the JSON.
Result<Report> report_run(std::string_view stage, const pipeline::RunSummary& summary, const Json& counts);

/// A report of a few numbers: {"command": stage, ...}; the text is one line.
Report make_report(std::string_view stage, std::string text, const Json& facts, ExitCode code = ExitCode::ok);

}  // namespace dbr::stages
