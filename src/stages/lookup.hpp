// SPDX-License-Identifier: MIT
// What became of IDs: asked for by list, those that do not come asked for again, and a list that cannot be had in
// halves.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dbr/base/result.hpp"
#include "dbr/site/booru.hpp"

namespace dbr::stages {

template <class Row>
struct Found {
  std::map<std::int64_t, Row> rows;
  std::map<std::int64_t, std::string> unread;  ///< the site sends something that is no such row; why
  std::vector<std::int64_t> absent;            ///< the site does not know them
};

/// What shows that the site does not know an ID: that a list goes without it twice, or that it says so itself.
enum class Proof { list, alone };

template <class Row>
class Lookup {
 public:
  struct Source {
    std::size_t most;  ///< IDs a list may hold
    std::function<Result<site::Page<Row>>(const std::vector<std::int64_t>&, site::Patience)> listed;
    std::function<Result<std::optional<Row>>(std::int64_t)> alone;  ///< empty where a list of one is as good
    std::function<Result<void>(const Error&)> check_site;           ///< fails when nothing else works either
  };
  Lookup(Source source, Proof proof) : m_source(std::move(source)), m_proof(proof) {}

  Result<Found<Row>> operator()(const std::vector<std::int64_t>& ids) {
    m_found = {};
    for (auto at = ids.begin(); at != ids.end();) {
      const auto end = at + std::min(std::distance(at, ids.end()), static_cast<std::ptrdiff_t>(m_source.most));
      DBR_CHECK(look(std::vector(at, end)));
      at = end;
    }
    return std::move(m_found);
  }

 private:
  /// Fewer missing ones than this are asked for alone at once: that is the proof anyway.
  static constexpr std::size_t k_few = 3;

  Result<void> look(std::vector<std::int64_t> pending) {
    const bool can_be_alone = static_cast<bool>(m_source.alone);
    bool must_be_alone = m_proof == Proof::alone && can_be_alone;
    while (!pending.empty() && !(must_be_alone && pending.size() < k_few)) {
      const auto page = m_source.listed(pending, site::Patience::some);
      if (!page && page.error().kind != ErrorKind::network) return fail(page.error());
      if (!page && pending.size() > 1) return look_in_halves(pending, page.error());
      if (!page) {
        if (can_be_alone) return look_alone(pending);
        return put_unread(pending.front(), page.error());
      }
      const std::size_t before = pending.size();
      // Hidden posts did not name their ID for some years.
      must_be_alone = (add(*page) && can_be_alone) || must_be_alone;
      std::erase_if(pending, [&](std::int64_t id) { return m_found.rows.contains(id) || m_found.unread.contains(id); });
      if (pending.size() == before) break;
    }
    if (must_be_alone) return look_alone(pending);
    m_found.absent.insert(m_found.absent.end(), pending.begin(), pending.end());
    return {};
  }

  Result<void> look_in_halves(const std::vector<std::int64_t>& ids, const Error& error) {
    DBR_CHECK(m_source.check_site(error));
    const auto middle = ids.begin() + static_cast<std::ptrdiff_t>(ids.size() / 2);
    DBR_CHECK(look(std::vector(ids.begin(), middle)));
    return look(std::vector(middle, ids.end()));
  }

  Result<void> look_alone(const std::vector<std::int64_t>& ids) {
    for (const std::int64_t id : ids) {
      auto row = m_source.alone(id);
      if (!row && row.error().kind != ErrorKind::network) return fail(row.error());
      if (!row) {
        DBR_CHECK(put_unread(id, row.error()));
      } else if (*row) {
        m_found.rows.insert_or_assign(id, std::move(**row));
      } else {
        m_found.absent.push_back(id);
      }
    }
    return {};
  }

  Result<void> put_unread(std::int64_t id, const Error& error) {
    DBR_CHECK(m_source.check_site(error));
    m_found.unread.insert_or_assign(id, error.message);
    return {};
  }

  /// True when rows came that do not say which they are.
  bool add(const site::Page<Row>& page) {
    bool has_nameless_rows = false;
    for (const Row& row : page.rows) m_found.rows.insert_or_assign(row.id, row);
    for (const auto& row : page.refused) {
      has_nameless_rows = has_nameless_rows || row.id == 0;
      if (row.id != 0) m_found.unread.insert_or_assign(row.id, row.reason);
    }
    return has_nameless_rows;
  }

  Source m_source;
  Proof m_proof;
  Found<Row> m_found;
};

}  // namespace dbr::stages
