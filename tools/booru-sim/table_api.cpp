// SPDX-License-Identifier: MIT
#include "table_api.hpp"

#include <algorithm>

#include "page.hpp"
#include "related.hpp"
#include "table.hpp"
#include "table_search.hpp"

namespace dbr::sim {

namespace {

std::string rendered(const World& world, const Table& table, Json row, const Call& call, const Viewer& viewer) {
  write_moments(row, viewer);
  const auto only = parameter(call.parameters, "only");
  if (only && !only->empty()) row = project(row, parse_only(*only), related_rows(world, table.name, viewer));
  return row.dump();
}

/// The column and direction an order name means; false when it is the default.
bool sort_rows(std::vector<std::size_t>& order, const Table& table, std::string_view name) {
  const bool is_ascending = name == "name" || name.ends_with("_asc");
  if (name.ends_with("_asc")) name.remove_suffix(4);
  const std::string column(name == "count" ? "post_count" : name == "date" ? "id" : name);
  if (order.empty() || !table.columns_at(order.front()).contains(column)) return false;
  std::vector<std::pair<Json, std::size_t>> keyed;
  for (const std::size_t i : order) keyed.emplace_back(table.columns_at(i)[column], i);
  std::stable_sort(keyed.begin(), keyed.end(),
                   [&](const auto& a, const auto& b) { return is_ascending ? a.first < b.first : b.first < a.first; });
  std::transform(keyed.begin(), keyed.end(), order.begin(), [](const auto& pair) { return pair.second; });
  return true;
}

std::vector<std::size_t> rows_of_page(const Table& table, const TableSearch& search, const Page& page) {
  const auto matches = [&](std::size_t i) {
    return search.matches(table.id_at(i), [&] { return table.columns_at(i); });
  };
  if (page.kind != Page::Kind::number) return keyset_page(page, table.count, table.id_at, matches);
  const auto from_the_back = [&](std::size_t k) { return table.count - 1 - k; };
  const std::string& name = search.order.empty() ? table.default_order : search.order;
  if (name.empty()) return numbered_page(page, table.count, from_the_back, matches);

  std::vector<std::size_t> order;
  for (std::size_t k = 0; k < table.count; ++k) {
    if (matches(from_the_back(k))) order.push_back(from_the_back(k));
  }
  if (name == "custom" && !search.ids.empty()) {
    const auto& list = search.ids.front().listed();
    const auto position = [&](std::size_t i) {
      return std::find(list.begin(), list.end(), table.id_at(i)) - list.begin();
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return position(a) < position(b); });
  } else {
    sort_rows(order, table, name);
  }
  return numbered_page(
      page, order.size(), [&](std::size_t k) { return order[k]; }, [](std::size_t) { return true; });
}

}  // namespace

Reply answer_table(const World& world, std::string_view name, const Call& call, const Viewer& viewer,
                   const PageTwist& twist) {
  const auto table = open_table(world, name, viewer);
  if (!table) return not_found_reply();
  Page page = parse_page(call.parameters, table->max_limit);
  if (auto refused = refuse_page(page)) return std::move(*refused);
  shorten(page, twist.drop);
  if (!table->has_id && page.kind != Page::Kind::number) return error_reply(500, "ActiveRecord::StatementInvalid", "");
  std::string body = "[";
  for (const std::size_t i : rows_of_page(*table, parse_table_search(name, call.parameters), page)) {
    const auto& bad = twist.bad_rows;
    if (std::find(bad.begin(), bad.end(), table->id_at(i)) != bad.end()) return error_reply(500, "NoMethodError", "");
    if (body.size() > 1) body += ',';
    body += rendered(world, *table, table->row_at(i), call, viewer);
  }
  return json_reply(body + "]");
}

Reply answer_row(const World& world, std::string_view name, std::int64_t id, const Call& call, const Viewer& viewer) {
  const auto table = open_table(world, name, viewer);
  if (!table || !table->has_id) return not_found_reply();
  const Page page{.kind = Page::Kind::below, .value = id + 1, .limit = 1};
  const auto found = keyset_page(page, table->count, table->id_at, [](std::size_t) { return true; });
  if (found.empty() || table->id_at(found.front()) != id) return not_found_reply();
  return json_reply(rendered(world, *table, table->row_at(found.front()), call, viewer));
}

}  // namespace dbr::sim
