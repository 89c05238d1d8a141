// SPDX-License-Identifier: MIT
#include "vocabulary.hpp"

#include <algorithm>
#include <numeric>

#include "tag_names.hpp"

namespace dbr::bench {

struct RankedNames {
  std::vector<TagName> names;          // most used first
  std::vector<std::uint32_t> by_name;  // ranks, in the order of the names
};

namespace {

/// 1/(rank + 2): with thirty tags a post the first is on over half of the posts, as on the site; 1/rank would put it on
/// nine of ten.
std::vector<double> zipf(std::uint32_t count) {
  std::vector<double> weights(count);
  for (std::uint32_t at = 0; at < count; ++at) weights[at] = 1.0 / (at + 3);
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) weight /= sum;
  return weights;
}

std::string escaped(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (c == '<')
      text += "\\u003c";
    else if (c == '>')
      text += "\\u003e";
    else if (c == '&')
      text += "\\u0026";
    else {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
  }
  return text;
}

/// IDs grow as tags are made, which has little to do with how much they are used.
std::vector<std::uint32_t> make_ids(std::uint32_t count) {
  std::vector<std::uint32_t> ids(count);
  Random random(1);
  for (std::uint32_t at = 0; at < count; ++at) ids[at] = 1 + at * 3 + random.below(3);
  for (std::uint32_t at = count; at > 1; --at) std::swap(ids[at - 1], ids[random.below(at)]);
  return ids;
}

RankedNames make_ranked(std::uint32_t count) {
  RankedNames ranked{make_tag_names(count), std::vector<std::uint32_t>(count)};
  std::iota(ranked.by_name.begin(), ranked.by_name.end(), 0U);
  std::sort(ranked.by_name.begin(), ranked.by_name.end(),
            [&](std::uint32_t a, std::uint32_t b) { return ranked.names[a].name < ranked.names[b].name; });
  return ranked;
}

std::vector<double> frequencies_by_name(const RankedNames& ranked) {
  const std::vector<double> weights = zipf(static_cast<std::uint32_t>(ranked.names.size()));
  std::vector<double> sorted;
  sorted.reserve(weights.size());
  for (const std::uint32_t rank : ranked.by_name) sorted.push_back(weights[rank]);
  return sorted;
}

}  // namespace

Vocabulary::Vocabulary() : Vocabulary(make_ranked(k_tags)) {}

Vocabulary::Vocabulary(const RankedNames& ranked)
    : m_ids(make_ids(k_tags)), m_frequencies(frequencies_by_name(ranked)), m_choice(m_frequencies) {
  m_entries.reserve(k_tags);
  for (const std::uint32_t rank : ranked.by_name) {
    const TagName& tag = ranked.names[rank];
    const std::size_t begin = m_text.size();
    m_text.append(R"({"id":")").append(std::to_string(m_ids[m_entries.size()])).append(R"(","name":")");
    const std::size_t name_begin = m_text.size();
    m_text += escaped(tag.name);
    const std::size_t name_end = m_text.size();
    m_text.append(R"(","category":")").append(std::to_string(tag.category)).append(R"("},)");
    m_entries.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint16_t>(m_text.size() - begin),
                         static_cast<std::uint16_t>(name_end - name_begin),
                         static_cast<std::uint8_t>(name_begin - begin), tag.category});
  }
}

}  // namespace dbr::bench
