// SPDX-License-Identifier: MIT
#include "figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace dbr::exports {
namespace {

constexpr std::int64_t k_thousandths = 1000;

bool is_plain(const Document& value) {
  return !value.is_structured() || value.empty();
}

void print(std::string& text, const Document& value, std::size_t depth) {
  if (value.is_number_float()) {
    text += fmt::format("{:.3f}", value.get<double>());
    return;
  }
  if (is_plain(value)) {
    text += value.dump(-1, ' ', false, Document::error_handler_t::replace);
    return;
  }
  const bool is_on_one_line = depth > 0 && std::ranges::all_of(value, is_plain);
  text += value.is_object() ? '{' : '[';
  std::string_view separator;
  for (const auto& [key, item] : value.items()) {
    text += separator;
    if (!is_on_one_line) text.append("\n").append((depth + 1) * 2, ' ');
    if (value.is_object()) text += Document(key).dump(-1, ' ', false, Document::error_handler_t::replace) + ": ";
    print(text, item, depth + 1);
    separator = is_on_one_line ? ", " : ",";
  }
  if (!is_on_one_line) text.append("\n").append(depth * 2, ' ');
  text += value.is_object() ? '}' : ']';
}

}  // namespace

Document decimal(std::int64_t numerator, std::int64_t denominator) {
  if (denominator == 0) return nullptr;
  const std::int64_t size = std::abs(numerator);
  // In two steps: the whole numerator in thousandths could pass 2^63.
  const std::int64_t rest = size % denominator;
  const std::int64_t thousandths =
      size / denominator * k_thousandths + (rest * k_thousandths * 2 + denominator) / (denominator * 2);
  return static_cast<double>(numerator < 0 ? -thousandths : thousandths) / static_cast<double>(k_thousandths);
}

std::string print_document(const Document& document) {
  std::string text;
  print(text, document, 0);
  return text + "\n";
}

std::vector<std::int64_t> percents_in_tenths(std::span<const std::int64_t> counts) {
  constexpr std::int64_t k_all = 1000;
  std::vector<std::int64_t> shares(counts.size(), 0);
  const std::int64_t total = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  if (total == 0) return shares;
  std::vector<std::size_t> order(counts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater{},
                           [&](std::size_t index) { return counts[index] * k_all % total; });
  std::int64_t missing = k_all;
  for (std::size_t index = 0; index < counts.size(); ++index) {
    shares[index] = counts[index] * k_all / total;
    missing -= shares[index];
  }
  for (std::size_t place = 0; missing > 0; ++place, --missing) ++shares[order[place]];
  return shares;
}

void Tally::add(std::int64_t value) {
  ++m_counts[value];
  ++m_count;
  m_sum += value;
}

std::int64_t Tally::at(std::int64_t position) const {
  for (const auto& [value, count] : m_counts) {
    if (position < count) return value;
    position -= count;
  }
  return 0;
}

Document Tally::median() const {
  if (m_count == 0) return nullptr;
  return decimal(at((m_count - 1) / 2) + at(m_count / 2), 2);
}

Document Tally::lowest() const {
  return m_counts.empty() ? Document(nullptr) : Document(m_counts.begin()->first);
}

Document Tally::highest() const {
  return m_counts.empty() ? Document(nullptr) : Document(m_counts.rbegin()->first);
}

void Ranges::add(std::int64_t value) {
  const auto next = std::ranges::upper_bound(m_bounds, value);
  if (next == m_bounds.begin()) return;
  Cell& cell = m_cells[static_cast<std::size_t>(next - m_bounds.begin()) - 1];
  ++cell.count;
  cell.sum += value;
}

Document Ranges::document(std::string_view count, std::string_view sum) const {
  Document list = Document::array();
  for (std::size_t index = 0; index < m_bounds.size(); ++index) {
    Document range = {{"from", m_bounds[index]},
                      {"below", index + 1 < m_bounds.size() ? Document(m_bounds[index + 1]) : Document(nullptr)}};
    range[std::string(count)] = m_cells[index].count;
    if (!sum.empty()) range[std::string(sum)] = m_cells[index].sum;
    list.push_back(std::move(range));
  }
  return list;
}

}  // namespace dbr::exports
