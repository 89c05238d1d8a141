// SPDX-License-Identifier: MIT
// The tags of the generated site, always the same ones: 400,000 names whose use follows Zipf's law.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "random.hpp"

namespace dbr::bench {

/// Tags are numbered in the order of their names, so a post's tags are sorted by name when they are by number.
using TagNumber = std::uint32_t;

enum Category : std::uint8_t { general = 0, artist = 1, copyright = 3, character = 4, meta = 5 };
constexpr std::size_t k_categories = 6;

struct RankedNames;

class Vocabulary {
 public:
  static constexpr std::uint32_t k_tags = 400'000;

  Vocabulary();

  TagNumber draw(Random& random) const { return m_choice.draw(random); }

  /// As in JSON, escaped.
  std::string_view name(TagNumber tag) const {
    const Entry& entry = m_entries[tag];
    return {&m_text[entry.at + entry.name_at], entry.name_size};
  }
  /// `{"id":"540830","name":"1boy","category":"0"},`, as old dumps have it.
  std::string_view object(TagNumber tag) const {
    const Entry& entry = m_entries[tag];
    return {&m_text[entry.at], entry.size};
  }
  Category category(TagNumber tag) const { return m_entries[tag].category; }
  std::uint32_t id(TagNumber tag) const { return m_ids[tag]; }
  /// The share of all draws that give this tag.
  double frequency(TagNumber tag) const { return m_frequencies[tag]; }

 private:
  struct Entry {
    std::uint32_t at;
    std::uint16_t size, name_size;
    std::uint8_t name_at;
    Category category;
  };
  explicit Vocabulary(const RankedNames& ranked);

  std::vector<Entry> m_entries;
  std::string m_text;
  std::vector<std::uint32_t> m_ids;
  std::vector<double> m_frequencies;
  WeightedChoice m_choice;
};

}  // namespace dbr::bench
