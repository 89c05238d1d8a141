// SPDX-License-Identifier: MIT
#include "tag_names.hpp"

#include <array>
#include <string_view>
#include <unordered_set>

namespace dbr::bench {
namespace {

struct Known {
  std::string_view name;
  Category category = general;
};

// Roughly in the site's order. Some have what JSON must escape.
constexpr auto k_commonest = std::to_array<Known>({
    {"1girl"},
    {"solo"},
    {"long_hair"},
    {"highres", meta},
    {"breasts"},
    {"blush"},
    {"short_hair"},
    {"smile"},
    {"looking_at_viewer"},
    {"open_mouth"},
    {"blue_eyes"},
    {"multiple_girls"},
    {"blonde_hair"},
    {"skirt"},
    {"brown_hair"},
    {"large_breasts"},
    {"touhou", copyright},
    {"hat"},
    {"thighhighs"},
    {"simple_background"},
    {"black_hair"},
    {"red_eyes"},
    {"absurdres", meta},
    {"1boy"},
    {"gloves"},
    {"white_background"},
    {"bangs"},
    {"dress"},
    {"ribbon"},
    {"bow"},
    {"2girls"},
    {"commentary_request", meta},
    {"navel"},
    {"shirt"},
    {"long_sleeves"},
    {"original", copyright},
    {"hair_ornament"},
    {"cleavage"},
    {"brown_eyes"},
    {"hair_ribbon"},
    {"twintails"},
    {"animal_ears"},
    {"medium_breasts"},
    {"sitting"},
    {"underwear"},
    {"school_uniform"},
    {"green_eyes"},
    {"very_long_hair"},
    {"jewelry"},
    {"kantai_collection", copyright},
    {"monochrome"},
    {"closed_eyes"},
    {"weapon"},
    {"hatsune_miku", character},
    {"vocaloid", copyright},
    {"comic"},
    {":d"},
    {"^_^"},
    {">_<"},
    {"translation_request", meta},
    {"hakurei_reimu", character},
    {"kirisame_marisa", character},
    {"\\o/"},
    {"t-34_\"tiger\""},
    {"fate/grand_order", copyright},
    {"fate_(series)", copyright},
    {"k-on!", copyright},
});

constexpr auto k_adjectives = std::to_array<std::string_view>({
    "black",
    "white",
    "red",
    "blue",
    "green",
    "purple",
    "pink",
    "brown",
    "grey",
    "orange",
    "silver",
    "yellow",
    "aqua",
    "striped",
    "plaid",
    "frilled",
    "torn",
    "wet",
    "short",
    "long",
    "small",
    "large",
    "huge",
    "open",
    "closed",
    "crossed",
    "hands_on",
    "holding",
    "no",
    "official",
    "floral",
    "leather",
    "lace",
    "see-through",
    "two-tone",
    "single",
    "partially_unbuttoned",
    "unmoving",
    "light",
    "dark",
    "glowing",
    "gradient",
    "heart-shaped",
    "high-waist",
    "off-shoulder",
    "detached",
    "asymmetrical",
    "multicolored",
    "polka_dot",
    "print",
});
constexpr auto k_nouns = std::to_array<std::string_view>({
    "hair",       "eyes",  "dress",   "skirt",    "shirt",    "jacket",   "gloves",   "boots",  "hat",
    "ribbon",     "bow",   "legwear", "sleeves",  "collar",   "cape",     "hood",     "horns",  "tail",
    "wings",      "ears",  "sword",   "gun",      "spear",    "umbrella", "flower",   "leaf",   "tree",
    "sky",        "cloud", "moon",    "star",     "water",    "ocean",    "beach",    "window", "chair",
    "bed",        "table", "cup",     "book",     "bag",      "phone",    "camera",   "guitar", "microphone",
    "necktie",    "belt",  "choker",  "earrings", "glasses",  "swimsuit", "bikini",   "kimono", "apron",
    "uniform",    "armor", "mask",    "bandages", "hairband", "hairclip", "ponytail", "braid",  "sidelocks",
    "background", "theme", "pose",    "arm",      "leg",      "shoulder", "focus",
});
constexpr auto k_syllables = std::to_array<std::string_view>({
    "a",   "i",   "u",  "e",  "o",  "ka", "ki", "ku", "ke", "ko",  "sa",  "shi", "su",  "se",  "so",   "ta",
    "chi", "tsu", "te", "to", "na", "ni", "nu", "ne", "no", "ha",  "hi",  "fu",  "he",  "ho",  "ma",   "mi",
    "mu",  "me",  "mo", "ya", "yu", "yo", "ra", "ri", "ru", "re",  "ro",  "wa",  "ga",  "gi",  "go",   "za",
    "ji",  "zu",  "da", "do", "ba", "bi", "bu", "be", "bo", "kyo", "ryu", "sho", "jun", "ken", "shin", "rin",
});

template <std::size_t N>
std::string_view one_of(Random& random, const std::array<std::string_view, N>& words) {
  return words[random.below(N)];
}

std::string spoken(Random& random, std::uint32_t fewest, std::uint32_t most) {
  std::string word;
  for (std::uint32_t left = random.between(fewest, most); left > 0; --left) word += one_of(random, k_syllables);
  return word;
}

std::string described(Random& random) {
  std::string name(one_of(random, k_adjectives));
  name.append("_").append(one_of(random, k_nouns));
  return name;
}

std::string make_name(Random& random, Category category, std::uint32_t rank) {
  switch (category) {
    case artist:
      return random.below(3) == 0 ? spoken(random, 3, 5) : spoken(random, 2, 4) + "_" + spoken(random, 2, 3);
    case copyright:
      return spoken(random, 2, 4) + (random.below(2) == 0 ? "" : "_no_" + spoken(random, 2, 4));
    case character: {
      std::string name = spoken(random, 2, 3) + "_" + spoken(random, 2, 3);
      if (random.below(4) == 0) name += "_(" + spoken(random, 2, 4) + ")";
      return name;
    }
    case meta:
      return spoken(random, 2, 3) + (random.below(2) == 0 ? "_request" : "_commentary");
    case general:
      break;
  }
  if (rank < 800) return random.below(2) == 0 ? described(random) : std::string(one_of(random, k_nouns));
  return random.below(3) == 0 ? described(random) + "_" + spoken(random, 2, 3)
                              : spoken(random, 2, 3) + "_" + std::string(one_of(random, k_nouns));
}

/// What is common is mostly general; the further down, the more names of somebody or something.
Category make_category(Random& random, std::uint32_t rank) {
  const bool is_common = rank < 1000;
  const std::uint32_t die = random.below(100);
  if (die < (is_common ? 1 : 8)) return artist;
  if (die < (is_common ? 3 : 14)) return copyright;
  if (die < (is_common ? 6 : 27)) return character;
  if (die < (is_common ? 8 : 29)) return meta;
  return general;
}

}  // namespace

std::vector<TagName> make_tag_names(std::uint32_t count) {
  Random random(400'000);
  std::vector<TagName> names;
  names.reserve(count);
  std::unordered_set<std::string> seen;
  seen.reserve(count);
  for (const Known& known : k_commonest) {
    if (seen.emplace(known.name).second) names.push_back({std::string(known.name), known.category});
  }
  while (names.size() < count) {
    const auto rank = static_cast<std::uint32_t>(names.size());
    const Category category = make_category(random, rank);
    std::string name = make_name(random, category, rank);
    while (!seen.insert(name).second) name += "_" + std::string(one_of(random, k_syllables));
    names.push_back({std::move(name), category});
  }
  return names;
}

}  // namespace dbr::bench
