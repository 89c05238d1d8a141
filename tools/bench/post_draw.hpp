// SPDX-License-Identifier: MIT
// Makes posts, row by row, in any order.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "post.hpp"
#include "ties.hpp"

namespace dbr::bench {

class PostDraw {
 public:
  /// `end`: nothing happens at or after it.
  PostDraw(std::uint64_t seed, std::uint32_t first_id, std::uint32_t rows, Moment end);

  void draw(std::uint32_t row, Post& post);

  const Vocabulary& vocabulary() const { return m_vocabulary; }
  const Ties& ties() const { return m_ties; }
  Moment created(std::uint32_t id) const;
  Moment end() const { return m_end; }

 private:
  void draw_times(Random& random, Post& post) const;
  void draw_people(Random& random, Post& post) const;
  static void draw_state(Random& random, Post& post);
  void draw_file(Random& random, Post& post) const;
  void draw_tags(Random& random, Post& post);

  std::uint64_t m_seed;
  Ties m_ties;
  Moment m_end;
  Moment m_step;  // between two IDs
  Vocabulary m_vocabulary;
  SkewedCount m_tag_counts;
  SkewedCount m_fav_counts;
  std::vector<std::uint32_t> m_last_draw;  // by tag, which draw took it last
  std::uint32_t m_draws = 0;
};

}  // namespace dbr::bench
