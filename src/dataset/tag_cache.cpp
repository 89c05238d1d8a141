// SPDX-License-Identifier: MIT
#include "tag_cache.hpp"

#include <cstring>
#include <limits>
#include <utility>

namespace dbr::dataset {
namespace {

struct Head {
  std::int64_t number;
  std::uint64_t length;
};

Head read_head(const std::string& entries, std::uint32_t place) {
  Head head;
  std::memcpy(&head, entries.data() + place, sizeof head);
  return head;
}

std::string_view key_at(const std::string& entries, std::uint32_t place) {
  return std::string_view(entries).substr(place + sizeof(Head), read_head(entries, place).length);
}

}  // namespace

void TagCache::expect(std::uint64_t hash) const {
  __builtin_prefetch(&m_slots[first_slot(hash)]);
}

std::int64_t TagCache::find(std::string_view key, std::uint64_t hash) const {
  for (std::size_t at = first_slot(hash);; at = (at + 1) & (m_slots.size() - 1)) {
    const Slot& slot = m_slots[at];
    if (slot.place == 0) return 0;
    if (slot.mark == mark_of(hash) && key_at(m_entries, slot.place - 1) == key) {
      return read_head(m_entries, slot.place - 1).number;
    }
  }
}

void TagCache::add(std::string_view key, std::uint64_t hash, std::int64_t number) {
  // Some 60 million tags; whatever comes then is asked for in the manifest.
  if (m_entries.size() + key.size() + sizeof(Head) >= std::numeric_limits<std::uint32_t>::max()) return;
  if ((m_count + 1) * 2 > m_slots.size()) grow();
  std::size_t at = first_slot(hash);
  while (m_slots[at].place != 0) at = (at + 1) & (m_slots.size() - 1);
  m_slots[at] = {mark_of(hash), static_cast<std::uint32_t>(m_entries.size()) + 1};
  const Head head{number, key.size()};
  m_entries.append(reinterpret_cast<const char*>(&head), sizeof head);
  m_entries += key;
  ++m_count;
}

void TagCache::grow() {
  const std::vector<Slot> before = std::exchange(m_slots, std::vector<Slot>(m_slots.size() * 2));
  for (const Slot& slot : before) {
    if (slot.place == 0) continue;
    std::size_t at = first_slot(hash_of(key_at(m_entries, slot.place - 1)));
    while (m_slots[at].place != 0) at = (at + 1) & (m_slots.size() - 1);
    m_slots[at] = slot;
  }
}

void TagCache::clear() {
  *this = TagCache();
}

}  // namespace dbr::dataset
