// SPDX-License-Identifier: MIT
// Paging as the site does it: numbered pages up to 1000, keyset pages without end, both always descending.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "fault_rule.hpp"
#include "reply.hpp"

namespace dbr::sim {

constexpr std::int64_t k_last_page = 1000;

struct Page {
  enum class Kind { number, below, above };
  Kind kind = Kind::number;
  std::int64_t value = 1;  // the page's number, or the id to go on from
  std::int64_t limit = 20;
};

Page parse_page(const Parameters& parameters, std::int64_t max_limit);

/// A page that ends early: the rows nearest to where the client goes on from are the ones kept, so none is lost.
void shorten(Page& page, Drop drop);

/// 410 beyond the last page.
std::optional<Reply> refuse_page(const Page& page);

/// Indexes of a keyset page out of rows whose ids ascend: descending, whichever way it was read.
template <class IdAt, class Matches>
std::vector<std::size_t> keyset_page(const Page& page, std::size_t count, IdAt id_at, Matches matches) {
  const auto limit = static_cast<std::size_t>(page.limit);
  std::vector<std::size_t> found;
  std::size_t low = 0;
  for (std::size_t high = count; low < high;) {
    const std::size_t middle = low + (high - low) / 2;
    const bool is_before = page.kind == Page::Kind::above ? id_at(middle) <= page.value : id_at(middle) < page.value;
    if (is_before)
      low = middle + 1;
    else
      high = middle;
  }
  if (page.kind == Page::Kind::above) {
    for (std::size_t i = low; i < count && found.size() < limit; ++i) {
      if (matches(i)) found.push_back(i);
    }
    std::reverse(found.begin(), found.end());
  } else {
    for (std::size_t i = low; i > 0 && found.size() < limit; --i) {
      if (matches(i - 1)) found.push_back(i - 1);
    }
  }
  return found;
}

/// A numbered page of `count` rows; `index_at(k)` is the k-th row in the order asked for.
template <class IndexAt, class Matches>
std::vector<std::size_t> numbered_page(const Page& page, std::size_t count, IndexAt index_at, Matches matches) {
  std::vector<std::size_t> found;
  std::int64_t skip = (page.value - 1) * page.limit;
  for (std::size_t k = 0; k < count && static_cast<std::int64_t>(found.size()) < page.limit; ++k) {
    const std::size_t index = index_at(k);
    if (!matches(index)) continue;
    if (skip > 0)
      --skip;
    else
      found.push_back(index);
  }
  // The site takes exactly the last page for a sequential one, and those it turns round.
  if (page.value == k_last_page) std::reverse(found.begin(), found.end());
  return found;
}

}  // namespace dbr::sim
