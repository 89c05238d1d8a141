// SPDX-License-Identifier: MIT
// One post's own fields: tags by category, rating, source, scores.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "world.hpp"

namespace dbr::sim {

namespace {

/// The last twentieth of the vocabulary stays empty, as tags do whose posts were all retagged.
std::size_t used_tags(const World& world) {
  return world.tags.size() - world.tags.size() / 20;
}

void draw_tags(const World& world, Post& post, Dice& dice) {
  const auto add = [&](int category, std::int64_t count) {
    for (int tries = 0; count > 0 && tries < 200; ++tries) {
      const auto tag = static_cast<TagIndex>(dice.rank(used_tags(world)));
      if (world.tags[tag].category != category || world.tags[tag].is_restricted) continue;
      if (std::find(post.tags.begin(), post.tags.end(), tag) != post.tags.end()) continue;
      post.tags.push_back(tag);
      --count;
    }
  };
  if (dice.chance(0.003)) return;  // some posts have no tag at all
  add(0, dice.between(9, 20));
  add(1, dice.chance(0.95) ? 1 : 2);
  add(3, dice.between(0, 2));
  add(4, dice.between(0, 3));
  if (post.created_at > moment("2009-01-01")) add(5, dice.between(0, 3));
}

char draw_rating(Moment created_at, Dice& dice) {
  const double drawn = dice.fraction();
  const double general = created_at < moment("2016-01-01") ? 0.08 : 0.15;
  return drawn < general ? 'g' : drawn < 0.78 ? 's' : drawn < 0.91 ? 'q' : 'e';
}

std::string draw_source(Post& post, Dice& dice) {
  switch (dice.between(0, 9)) {
    case 0:
      return "";
    case 1:
      return "file://\xE7\xB5\xB5 (1).jpg";
    case 2:
      return "scan by me; C78 \"Summer\" p. 12 \xE2\x99\xA5";
    case 3:
      return fmt::format("https://twitter.com/{}/status/{}", dice.hex(6), dice.between(1'000'000'000, 9'000'000'000));
    case 4:
      return fmt::format("http://example.org/a?b=<{}>&c=%20'\\", dice.between(1, 99));
    case 5:
      return dice.chance(0.1) ? "https://example.net/" + dice.hex(1180)
                              : "http://www.nijie.info/view.php?id=" + dice.hex(5);
    default:
      post.pixiv_id = dice.between(100'000, 69'000'000);
      return fmt::format("https://i.pximg.net/img-original/img/2017/01/02/03/04/05/{}_p0.png", post.pixiv_id);
  }
}

}  // namespace

Post draw_post(const World& world, Dice& dice, Moment created_at) {
  Post post;
  post.created_at = created_at;
  post.updated_at = created_at;
  draw_tags(world, post, dice);
  post.rating = draw_rating(created_at, dice);
  post.source = draw_source(post, dice);
  post.uploader_id = dice.between(1, 30);
  if (dice.chance(0.6)) post.approver_id = dice.between(1, 5);
  post.up_score = static_cast<int>(dice.rank(200));
  post.down_score = -static_cast<int>(dice.rank(8));
  post.fav_count = static_cast<int>(dice.rank(500));
  if (dice.chance(0.1)) post.last_commented_at = created_at + dice.between(k_second, 3 * k_day);
  if (dice.chance(0.05)) post.last_noted_at = created_at + dice.between(k_second, 3 * k_day);
  std::sort(post.tags.begin(), post.tags.end(),
            [&](TagIndex a, TagIndex b) { return world.tags[a].name < world.tags[b].name; });
  return post;
}

}  // namespace dbr::sim
