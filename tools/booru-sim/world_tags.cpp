// SPDX-License-Identifier: MIT
// The vocabulary: common words first (they get the low ranks and so most posts), hostile names in between.
#include <algorithm>
#include <array>

#include "world.hpp"

namespace dbr::sim {

namespace {

constexpr auto k_common = std::to_array<std::string_view>({"1girl",
                                                           "solo",
                                                           "long_hair",
                                                           "smile",
                                                           "blush",
                                                           "short_hair",
                                                           "open_mouth",
                                                           "blue_eyes",
                                                           "simple_background",
                                                           "shirt",
                                                           "skirt",
                                                           "hat",
                                                           "1boy",
                                                           "2girls",
                                                           "standing",
                                                           "sitting",
                                                           "closed_eyes",
                                                           "holding",
                                                           "bow-shaped_hair",
                                                           "hair_ribbon"});
constexpr auto k_first =
    std::to_array<std::string_view>({"red", "blue", "green", "striped", "wet", "long", "short", "silver", "torn",
                                     "winter", "summer", "paper", "glass", "round", "double"});
constexpr auto k_second = std::to_array<std::string_view>({"hair", "eyes", "dress", "ribbon", "gloves", "hat", "scarf",
                                                           "umbrella", "flower", "sword", "lantern", "boots", "coat"});
constexpr auto k_syllables =
    std::to_array<std::string_view>({"ka", "mi", "shi", "ro", "ta", "ne", "yu", "ha", "no", "ri",
                                     "ku", "sa", "to",  "ma", "e",  "an", "gu", "zu", "ki", "o"});
constexpr auto k_meta =
    std::to_array<std::string_view>({"highres", "absurdres", "commentary", "translated", "bad_id", "animated",
                                     "photoshop_(medium)", "scan", "tagme_(character)"});
/// Names that break whoever puts them into a shell, a path, a query, a page or a CSV file without care.
constexpr auto k_hostile = std::to_array<std::string_view>({"\"quoted\"",
                                                            "$(rm_-rf)",
                                                            ";",
                                                            "'",
                                                            "back\\slash",
                                                            "\xF0\x9F\x98\xBA_emoji",
                                                            "t-34_\"tiger\"",
                                                            "-rf",
                                                            "%s",
                                                            "<b>",
                                                            "re:zero",
                                                            "a:b:c",
                                                            ":d",
                                                            "`id`",
                                                            "&amp;",
                                                            "tag,with,commas",
                                                            "../../etc",
                                                            "#hash",
                                                            "50%_off",
                                                            "\\n",
                                                            "???",
                                                            "|",
                                                            "~tilde",
                                                            "*star*",
                                                            "\xE5\x88\x9D\xE9\x9F\xB3\xE3\x83\x9F\xE3\x82\xAF",
                                                            "caf\xC3\xA9",
                                                            "o_o",
                                                            "null",
                                                            "true",
                                                            "0"});

std::string syllables(Dice& dice, std::int64_t count) {
  std::string name;
  for (std::int64_t i = 0; i < count; ++i) name += dice.pick(k_syllables);
  return name;
}

std::string draw_name(Dice& dice, int category) {
  switch (category) {
    case 1:
      return syllables(dice, dice.between(2, 4)) + (dice.chance(0.15) ? "_(artist)" : "");
    case 3:
      return syllables(dice, dice.between(2, 3)) + "_" + syllables(dice, 2);
    case 4:
      return syllables(dice, 3) + "_" + syllables(dice, 2) + (dice.chance(0.3) ? "_(" + syllables(dice, 2) + ")" : "");
    case 5:
      return std::string(dice.pick(k_meta)) + "_" + syllables(dice, 1);
    default:
      return std::string(dice.pick(k_first)) + "_" + std::string(dice.pick(k_second));
  }
}

int draw_category(Dice& dice) {
  const double drawn = dice.fraction();
  return drawn < 0.5 ? 0 : drawn < 0.72 ? 1 : drawn < 0.8 ? 3 : drawn < 0.97 ? 4 : 5;
}

class Vocabulary {
 public:
  explicit Vocabulary(World& world) : m_world(world), m_dice(world.options.seed, 1) {}

  void add(std::string name, int category) {
    std::string unique = name;
    for (int n = 2; m_world.tag_by_name.contains(unique); ++n) unique = name + "_" + std::to_string(n);
    m_id += m_dice.between(1, 3);
    m_moment += m_dice.between(1, 3 * k_day);
    Tag tag{.id = m_id, .name = unique, .category = category, .counted_category = category, .created_at = m_moment};
    tag.updated_at = m_moment + (m_dice.chance(0.3) ? m_dice.between(0, 300 * k_day) : 0);
    tag.is_deprecated = m_dice.chance(0.01);
    m_world.tag_by_name[unique] = static_cast<TagIndex>(m_world.tags.size());
    m_world.tags.push_back(std::move(tag));
  }

  void fill(std::size_t count) {
    for (const auto name : k_common) add(std::string(name), 0);
    for (const auto name : k_meta) add(std::string(name), 5);
    for (std::size_t i = 0; i < k_hostile.size(); ++i) add(std::string(k_hostile[i]), i % 5 == 2 ? 4 : 0);
    for (const auto* name : {"private_list_one", "private_list_two"}) {
      add(name, 0);
      m_world.tags.back().is_restricted = true;
    }
    while (m_world.tags.size() < count) {
      const int category = draw_category(m_dice);
      add(draw_name(m_dice, category), category);
    }
  }

 private:
  World& m_world;
  Dice m_dice;
  std::int64_t m_id = 0;
  Moment m_moment = moment("2005-05-24");
};

}  // namespace

void add_tags(World& world) {
  Vocabulary(world).fill(400 + world.options.posts / 10);
  // Ids grow with the moments; fit those into the site's life.
  const Moment begin = world.tags.front().created_at;
  const Moment end = moment("2018-06-10");
  const Moment last = world.tags.back().created_at;
  const double factor = static_cast<double>(end - begin) / static_cast<double>(last - begin);
  for (Tag& tag : world.tags) {
    const Moment stay = tag.updated_at - tag.created_at;
    tag.created_at = begin + static_cast<Moment>(static_cast<double>(tag.created_at - begin) * factor);
    tag.updated_at = std::min(tag.created_at + stay, moment("2018-06-18"));
  }
}

void count_tags(World& world) {
  for (const Post& post : world.posts) {
    for (const TagIndex tag : post.tags) ++world.tags[tag].post_count;
  }
}

}  // namespace dbr::sim
