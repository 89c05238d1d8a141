// SPDX-License-Identifier: MIT
// Options: how ML forms look.
#include <array>
#include <charconv>

#include "option_tables.hpp"
#include "setters.hpp"
#include "validate.hpp"

namespace dbr::cli {
namespace {

using Text = std::string_view;

bool set_whole_into(Text text, int low, int high, int& target) {
  std::optional<int> value;
  if (!set_whole(text, low, high, value)) return false;
  target = *value;
  return true;
}

template <class Choice>
struct Named {
  Text name;
  Choice choice;
};

/// The choice of that name.
template <class Choice>
bool set_named(Text text, std::initializer_list<Named<Choice>> all, Choice& target) {
  for (const auto& [name, choice] : all) {
    if (name != text) continue;
    target = choice;
    return true;
  }
  return false;
}

bool set_background(Values& values, Text text) {
  auto& background = values.settings.ml.background;
  if (text == "auto") return background.reset(), true;
  if (text == "black") return background = image::Colour{}, true;
  if (text == "white") return background = image::Colour{255, 255, 255}, true;
  std::uint32_t number = 0;
  if (text.size() != 7 || text[0] != '#') return false;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), number, 16);
  if (error != std::errc() || end != text.data() + text.size()) return false;
  const auto byte = [&](unsigned shift) { return static_cast<std::uint8_t>(number >> shift & 0xFF); };
  background = image::Colour{byte(16), byte(8), byte(0)};
  return true;
}

constexpr std::array k_options = {
    Option{.name = "size",
           .value = "N",
           .group = Group::downscale,
           .help = "side of the square in pixels (default 512)",
           .allowed = "a whole number from 16 to 16384",
           .set = [](Values& v, Text t) { return set_whole_into(t, 16, image::k_largest_size, v.settings.ml.size); }},
    Option{.name = "fit",
           .value = "FIT",
           .group = Group::downscale,
           .help = "pad with black (default), inside without padding, or cover and lose what sticks out",
           .allowed = "pad, inside or cover",
           .set =
               [](Values& v, Text t) {
                 using image::Fit;
                 return set_named<Fit>(t, {{"pad", Fit::pad}, {"inside", Fit::inside}, {"cover", Fit::cover}},
                                       v.settings.ml.fit);
               }},
    Option{.name = "enlarge",
           .group = Group::downscale,
           .help = "enlarge small pictures, too",
           .allowed = k_on_or_off,
           .set = [](Values& v, Text t) { return set_switch(t, v.settings.ml.enlarge); }},
    Option{.name = "background",
           .value = "COLOUR",
           .group = Group::downscale,
           .help = "behind transparency: black (default), white, auto for what contrasts, or #rrggbb",
           .allowed = "black, white, auto or a colour such as #ff8000",
           .set = set_background},
    Option{.name = "quality",
           .value = "Q",
           .group = Group::downscale,
           .help = "of the JPEGs made (default 90)",
           .allowed = "a whole number from 1 to 100",
           .set = [](Values& v, Text t) { return set_whole_into(t, 1, 100, v.settings.ml.quality); }},
    Option{.name = "subsampling",
           .value = "S",
           .group = Group::downscale,
           .help = "of chroma: 444 keeps all of it (default), 420 a quarter",
           .allowed = "444 or 420",
           .set =
               [](Values& v, Text t) {
                 using image::Subsampling;
                 return set_named<Subsampling>(t, {{"444", Subsampling::none}, {"420", Subsampling::half}},
                                               v.settings.ml.subsampling);
               }},
    Option{.name = "progressive",
           .group = Group::downscale,
           .help = "progressive JPEGs: smaller, slower to read",
           .allowed = k_on_or_off,
           .set = [](Values& v, Text t) { return set_switch(t, v.settings.ml.progressive); }},
    Option{.name = "on-truncated",
           .value = "POLICY",
           .group = Group::downscale,
           .help = "files that end too early: reject them (default), or accept what there is",
           .allowed = "reject or accept",
           .set =
               [](Values& v, Text t) {
                 using image::OnTruncated;
                 return set_named<OnTruncated>(t, {{"reject", OnTruncated::reject}, {"accept", OnTruncated::accept}},
                                               v.settings.ml.on_truncated);
               }},
    Option{.name = "memory",
           .value = "BYTES",
           .group = Group::downscale,
           .help = "what downscaling may use (default: half of the machine's)",
           .allowed = "a size of at least 200M, such as 1G",
           .set = [](Values& v, Text t) { return set_bytes_at_least(t, 200'000'000, v.settings.memory); }},
    Option{.name = "lane",
           .value = "LANE",
           .group = Group::downscale,
           .help = "auto (default), vips for libvips alone, or scalar for no SIMD",
           .allowed = "auto, vips or scalar",
           .set =
               [](Values& v, Text t) {
                 using image::Lane;
                 return set_named<Lane>(t, {{"auto", Lane::automatic}, {"vips", Lane::vips}, {"scalar", Lane::scalar}},
                                        v.settings.ml.lane);
               }},
};

}  // namespace

std::span<const Option> downscale_options() {
  return k_options;
}

}  // namespace dbr::cli
