// SPDX-License-Identifier: MIT
#include "plan.hpp"

#include <algorithm>

namespace dbr::image {
namespace {

/// `extent` scaled by size / reference, rounded to the nearest pixel.
int scale(int extent, int size, int reference) {
  const std::int64_t rounded = (std::int64_t{extent} * size + reference / 2) / reference;
  return static_cast<int>(std::clamp<std::int64_t>(rounded, 1, INT32_MAX));
}

Extent scaled_extent(Extent source, const MlSettings& settings) {
  // The side that is to become `size`: the longer one fits all of it in, the shorter one fills the square.
  const auto [shorter, longer] = std::minmax(source.width, source.height);
  const int reference = settings.fit == Fit::cover ? shorter : longer;
  if (reference == settings.size || (reference < settings.size && !settings.enlarge)) return source;
  return {scale(source.width, settings.size, reference), scale(source.height, settings.size, reference)};
}

}  // namespace

Plan make_plan(Extent source, int orientation, const MlSettings& settings) {
  Plan plan{.source = source, .scaled = scaled_extent(source, settings), .orientation = orientation};
  plan.window = {std::min(plan.scaled.width, settings.size), std::min(plan.scaled.height, settings.size)};
  plan.left = (plan.scaled.width - plan.window.width) / 2;
  plan.top = (plan.scaled.height - plan.window.height) / 2;

  const bool is_turned = orientation >= 5;
  const Extent upright = is_turned ? Extent{plan.window.height, plan.window.width} : plan.window;
  plan.canvas = settings.fit == Fit::inside ? upright : Extent{settings.size, settings.size};
  plan.box = {(plan.canvas.width - upright.width) / 2, (plan.canvas.height - upright.height) / 2, upright.width,
              upright.height};
  return plan;
}

}  // namespace dbr::image
