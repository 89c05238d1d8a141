// SPDX-License-Identifier: MIT
// Pages by ID, whole: short ones are asked for again, and one that cannot be had is narrowed until the row is found
// that breaks it.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>

#include "dbr/base/log.hpp"
#include "dbr/base/result.hpp"
#include "dbr/site/booru.hpp"

namespace dbr::stages {

template <class Row>
struct WholePage {
  std::map<std::int64_t, Row> rows;
  std::map<std::int64_t, std::string> refused;  ///< rows that cannot be read, and why
  bool has_nameless_rows = false;               ///< hidden posts, as they were sent for some years
  bool is_full = false;                         ///< what is between its rows does not exist
  /// Not 0: no page can be had that begins here, because of one row or more up to this ID.
  std::int64_t broken_until = 0;
  bool is_empty() const { return rows.empty() && refused.empty() && broken_until == 0; }
};

template <class Row>
class PageReader {
 public:
  struct Source {
    int limit;         ///< rows a page may hold
    bool is_repeated;  ///< short pages are asked for again: what is not in them is to be known not to exist
    std::function<Result<site::Page<Row>>(std::int64_t after, int limit, site::Patience)> page_after;
    std::function<Result<void>(const Error&)> check_site;  ///< fails when nothing else works either
  };
  explicit PageReader(Source source) : m_source(std::move(source)) {}

  Result<WholePage<Row>> next(std::int64_t after) {
    for (;;) {
      // Halving what is known to hold the bad row, as good rows before it are read.
      const int limit = m_suspects == 0 ? m_source.limit : std::max(1, m_suspects / 2);
      auto page = whole(after, limit);
      if (page) {
        const auto good = static_cast<int>(page->rows.size() + page->refused.size());
        m_suspects = good == 0 ? 0 : std::max(0, m_suspects - good);
        return page;
      }
      if (page.error().kind != ErrorKind::network) return page;
      if (m_suspects == 0) {
        DBR_CHECK(m_source.check_site(page.error()));
        log::warning("{}; looking for the row that breaks the page after {}", page.error().message, after);
      }
      m_suspects = limit;
      if (limit > 1) continue;
      m_suspects = 0;
      return find_broken(after, page.error());
    }
  }

 private:
  /// More IDs in a row than this do not break, unless everything does.
  static constexpr std::int64_t k_longest_break = 1 << 17;

  site::Patience patience() const { return m_suspects == 0 ? site::Patience::some : site::Patience::little; }

  Result<site::Page<Row>> page_after(std::int64_t after, int limit) {
    auto page = m_source.page_after(after, limit, patience());
    if (!page) return page;
    const bool has_ids =
        !page->rows.empty() || std::ranges::any_of(page->refused, [](const auto& row) { return row.id != 0; });
    if (page->is_full && !has_ids) {
      return fail(ErrorKind::network,
                  fmt::format("cannot read what comes after {}: the site sends rows, none of them readable", after));
    }
    return page;
  }

  /// Asks until an answer is full or, if that matters, adds nothing within what is known.
  Result<WholePage<Row>> whole(std::int64_t after, int limit) {
    WholePage<Row> whole;
    for (;;) {
      DBR_TRY(auto page, page_after(after, limit));
      const std::int64_t last = whole.rows.empty() ? 0 : whole.rows.rbegin()->first;
      bool adds_within = last == 0 && !page.rows.empty();  // what comes after its end is for the next page
      for (Row& row : page.rows) {
        adds_within = adds_within || (row.id < last && !whole.rows.contains(row.id));
        whole.rows.insert_or_assign(row.id, std::move(row));
      }
      for (auto& row : page.refused) {
        whole.has_nameless_rows = whole.has_nameless_rows || row.id == 0;
        if (row.id > after) whole.refused.insert_or_assign(row.id, std::move(row.reason));
      }
      whole.is_full = whole.is_full || page.is_full;
      if (page.is_full || !m_source.is_repeated || !adds_within) return whole;
    }
  }

  /// A page of one row fails after every ID up to that of the bad row, and no longer from there on.
  Result<WholePage<Row>> find_broken(std::int64_t after, const Error& error) {
    std::int64_t bad = after;
    std::int64_t good = after;
    const auto try_at = [&](std::int64_t id) -> Result<void> {
      m_suspects = 1;  // little patience
      const auto page = page_after(id, 1);
      m_suspects = 0;
      if (!page && page.error().kind != ErrorKind::network) return fail(page.error());
      (page ? good : bad) = id;
      return {};
    };
    for (std::int64_t step = 1; good == after; step *= 2) {
      if (step > k_longest_break) return fail(error);
      DBR_CHECK(try_at(after + step));
    }
    while (good - bad > 1) DBR_CHECK(try_at(bad + (good - bad) / 2));
    WholePage<Row> page;
    page.broken_until = good;
    return page;
  }

  Source m_source;
  /// How many of the rows that come next are known to hold a bad one.
  int m_suspects = 0;
};

}  // namespace dbr::stages
