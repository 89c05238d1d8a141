// SPDX-License-Identifier: MIT
// Tag keys and their numbers in memory: every import asks for thirty of them a post, most of which lie in no cache of
// the processor. So a look-up touches two places, and those of a whole post are fetched ahead.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace dbr::dataset {

class TagCache {
 public:
  static std::uint64_t hash_of(std::string_view key) { return std::hash<std::string_view>()(key); }
  /// Says that `find` will come.
  void expect(std::uint64_t hash) const;
  /// 0 when it is not there.
  std::int64_t find(std::string_view key, std::uint64_t hash) const;
  /// What is not there yet. Numbers from 1.
  void add(std::string_view key, std::uint64_t hash, std::int64_t number);
  void clear();

 private:
  struct Slot {
    std::uint32_t mark = 0;   // of the hash: most strangers differ in it
    std::uint32_t place = 0;  // in m_entries, plus 1; 0: free
  };
  void grow();
  std::size_t first_slot(std::uint64_t hash) const { return hash & (m_slots.size() - 1); }
  static std::uint32_t mark_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

  std::vector<Slot> m_slots = std::vector<Slot>(1024);  // a power of two, at most half of them taken
  std::string m_entries;                                // number, length, key, one after the other
  std::size_t m_count = 0;
};

}  // namespace dbr::dataset
