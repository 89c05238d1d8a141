// SPDX-License-Identifier: MIT
#include "post_draw.hpp"

#include <algorithm>
#include <cstring>

#include "sources.hpp"

namespace dbr::bench {
namespace {

constexpr std::uint32_t k_users = 600'000, k_approvers = 120;
constexpr std::uint32_t k_newest_id = 10'500'000;  // what the site has reached when the shape's year ends
const Moment k_begin = moment_of(2005, 5, 24);

constexpr auto k_hex_pairs = [] {
  std::array<std::array<char, 2>, 256> pairs{};
  constexpr std::string_view digits = "0123456789abcdef";
  for (std::size_t byte = 0; byte < 256; ++byte) pairs[byte] = {digits[byte / 16], digits[byte % 16]};
  return pairs;
}();

void draw_hex(Random& random, std::array<char, 32>& text) {
  for (std::size_t half = 0; half < 2; ++half) {
    std::uint64_t bits = random.next();
    for (std::size_t at = half * 16; at < half * 16 + 16; at += 2, bits >>= 8)
      std::memcpy(&text[at], k_hex_pairs[bits & 0xff].data(), 2);
  }
}

constexpr auto k_common_sides =
    std::to_array<std::uint32_t>({600,  700,  800,  850,  900,  1000, 1024, 1080, 1200, 1280, 1414,
                                  1500, 1600, 1920, 2000, 2048, 2480, 2894, 3000, 3508, 4096});

std::uint32_t draw_side(Random& random) {
  if (random.below(3) == 0) return k_common_sides[random.below(k_common_sides.size())];
  return 400 + random.low_below(3200);
}

}  // namespace

PostDraw::PostDraw(std::uint64_t seed, std::uint32_t first_id, std::uint32_t rows, Moment end)
    : m_seed(mix(seed)),
      m_ties(seed, first_id),
      m_end(end),
      m_step((end - k_begin) / (std::max(k_newest_id, first_id + rows + rows / 32 + 2) + 1)),
      m_tag_counts(30, 0.5, 5, Post::k_most_tags),
      m_fav_counts(8, 1.0, 0, 120),
      m_last_draw(Vocabulary::k_tags) {}

void PostDraw::draw(std::uint32_t row, Post& post) {
  Random random(m_seed + row);
  post.id = m_ties.id(row);
  const std::uint32_t parent = m_ties.parent_row_plus_one(row);
  post.parent = parent == 0 ? 0 : m_ties.id(parent - 1);
  post.has_children = m_ties.has_children(row);
  post.pool_count = m_ties.pools(row, post.pools);
  draw_times(random, post);
  draw_people(random, post);
  draw_state(random, post);
  draw_file(random, post);
  draw_source(random, post.created, post.source);
  draw_tags(random, post);
}

Moment PostDraw::created(std::uint32_t id) const {
  return k_begin + id * m_step + static_cast<Moment>(mix(m_seed ^ id) % static_cast<std::uint64_t>(m_step));
}

void PostDraw::draw_times(Random& random, Post& post) const {
  post.created = created(post.id);
  const Moment age = m_end - k_second - post.created;
  const auto later = [&](std::uint32_t share) {  // soon after rather than late: share of 2^20 of the age, squared
    return post.created + age / (1 << 20) * share / (1 << 20) * share + random.below(1'000'000);
  };
  post.updated = later(random.below(1 << 20));
  post.last_commented = random.per_mille(90) ? later(random.below(1 << 19)) : 0;
  post.last_noted = random.per_mille(40) ? later(random.below(1 << 19)) : 0;
}

void PostDraw::draw_people(Random& random, Post& post) const {
  post.uploader = 1 + random.low_below(random.below(3) == 0 ? k_users : 2000);
  post.approver = random.per_mille(250) ? 1000 + 97 * random.low_below(k_approvers) : 0;
  post.fav_count = static_cast<std::int32_t>(m_fav_counts.draw(random));
  post.up_score = post.fav_count / 2 + static_cast<std::int32_t>(random.low_below(6));
  post.down_score = random.per_mille(60) ? -static_cast<std::int32_t>(1 + random.low_below(5)) : 0;
}

void PostDraw::draw_state(Random& random, Post& post) {
  const std::uint32_t rating = random.below(100);
  post.rating = rating < 22 ? 'g' : rating < 72 ? 's' : rating < 85 ? 'q' : 'e';
  const std::uint32_t state = random.below(10'000);
  post.is_deleted = state < 600;
  post.is_flagged = state >= 600 && state < 605;
  post.is_pending = state >= 605 && state < 608;
  post.is_banned = random.below(1000) < 4;
  post.bit_flags = random.per_mille(300) ? 2 : random.per_mille(10) ? 1 : 0;
}

void PostDraw::draw_file(Random& random, Post& post) const {
  const std::uint32_t die = random.below(1000);
  post.kind = die < 715   ? FileKind::jpg
              : die < 965 ? FileKind::png
              : die < 978 ? FileKind::gif
              : die < 981 ? FileKind::webp
              : die < 990 ? FileKind::mp4
              : die < 994 ? FileKind::webm
              : die < 999 ? FileKind::zip
                          : FileKind::swf;
  post.duration_ms =
      die < 965 || post.kind == FileKind::webp || post.kind == FileKind::swf ? 0 : random.between(200, 60'000);
  if (post.kind == FileKind::webp && m_end < moment_of(2022, 10, 24)) post.kind = FileKind::jpg;  // not allowed before
  post.width = draw_side(random);
  post.height = random.below(3) == 0 ? draw_side(random) : post.width * random.between(100, 160) / 128;
  // Bytes from pixels: PNG takes some three times as much.
  const std::uint64_t pixels = std::uint64_t{post.width} * post.height;
  const std::uint64_t per_kilopixel = post.kind == FileKind::jpg ? random.between(90, 500) : random.between(300, 1400);
  post.file_size = static_cast<std::uint32_t>(1000 + pixels * per_kilopixel / 1000 + random.below(1000));
  draw_hex(random, post.md5);
  draw_hex(random, post.pixel_hash);
  constexpr std::string_view letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz01";
  std::uint64_t bits = random.next();
  for (char& c : post.file_key) {
    c = letters[bits & 63];
    bits >>= 6;
  }
  post.asset_id = post.id * 3 + random.below(3);
}

void PostDraw::draw_tags(Random& random, Post& post) {
  ++m_draws;
  post.tag_count = m_tag_counts.draw(random);
  for (std::uint32_t got = 0; got < post.tag_count;) {
    const TagNumber tag = m_vocabulary.draw(random);
    if (m_last_draw[tag] == m_draws) continue;
    m_last_draw[tag] = m_draws;
    post.tags[got++] = tag;
  }
  std::sort(post.tags.begin(), post.tags.begin() + post.tag_count);
}

}  // namespace dbr::bench
