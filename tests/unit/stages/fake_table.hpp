// SPDX-License-Identifier: MIT
// A table of a site that answers at once, with rows that break every answer they are in.
#pragma once

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "lookup.hpp"
#include "page_reader.hpp"
#include "support/must.hpp"

namespace dbr::stages::test {

using dbr::test::must;

struct FakeTable {
  std::set<std::int64_t> ids;
  std::set<std::int64_t> bad;
  std::set<std::int64_t> dropped;  ///< left out of the next answer that would hold them
  bool is_down = false;
  int requests = 0;
  int checks = 0;

  Result<site::Page<metadata::Record>> answer(const std::vector<std::int64_t>& wanted, std::size_t limit) {
    ++requests;
    site::Page<metadata::Record> page;
    for (const std::int64_t id : wanted) {
      if (bad.contains(id) || is_down) return fail(ErrorKind::network, "HTTP status 500");
      if (dropped.erase(id) > 0) continue;
      page.rows.push_back({id, {}, "{}"});
    }
    if (is_down) return fail(ErrorKind::network, "HTTP status 500");
    page.is_full = page.rows.size() >= limit;
    return page;
  }

  Result<void> check(const Error& cause) {
    ++checks;
    return is_down ? Result<void>(fail(cause)) : Result<void>();
  }

  PageReader<metadata::Record> pages(int most, bool is_repeated = true) {
    return PageReader<metadata::Record>({.limit = most,
                                         .is_repeated = is_repeated,
                                         .page_after =
                                             [this](std::int64_t after, int limit, site::Patience) {
                                               std::vector<std::int64_t> wanted;
                                               for (auto id = ids.upper_bound(after);
                                                    id != ids.end() && std::ssize(wanted) < limit; ++id) {
                                                 wanted.push_back(*id);
                                               }
                                               return answer(wanted, static_cast<std::size_t>(limit));
                                             },
                                         .check_site = [this](const Error& cause) { return check(cause); }});
  }

  Lookup<metadata::Record> lookup(Proof proof, bool has_alone) {
    const auto listed = [this](const std::vector<std::int64_t>& wanted, site::Patience) {
      std::vector<std::int64_t> there;
      for (const std::int64_t id : wanted) {
        if (ids.contains(id)) there.push_back(id);
      }
      return answer(there, wanted.size());
    };
    const auto alone = [this](std::int64_t id) -> Result<std::optional<metadata::Record>> {
      ++requests;
      if (bad.contains(id)) return fail(ErrorKind::network, "HTTP status 500");
      if (!ids.contains(id)) return std::optional<metadata::Record>();
      return std::optional(metadata::Record{id, {}, "{}"});
    };
    Lookup<metadata::Record>::Source source{
        .most = 100, .listed = listed, .alone = {}, .check_site = [this](const Error& cause) { return check(cause); }};
    if (has_alone) source.alone = alone;
    return Lookup<metadata::Record>(std::move(source), proof);
  }
};

inline std::set<std::int64_t> numbers(std::int64_t first, std::int64_t last) {
  std::set<std::int64_t> ids;
  for (std::int64_t id = first; id <= last; ++id) ids.insert(id);
  return ids;
}

}  // namespace dbr::stages::test
