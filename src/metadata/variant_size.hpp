// SPDX-License-Identifier: MIT
// The size of a media asset's variant follows from its type and the picture's size (API contract, section 3.2).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace dbr::metadata {

struct Sides {
  std::int64_t width = 0;
  std::int64_t height = 0;
};

/// What "width" and "height" would be for this type; nullopt for types without a rule.
inline std::optional<Sides> variant_size(std::string_view type, const Sides& picture) {
  constexpr std::int64_t k_largest = 100'000;
  constexpr std::int64_t k_sample_width = 850;
  if (picture.width <= 0 || picture.height <= 0 || picture.width > k_largest || picture.height > k_largest) return {};
  if (type == "original" || type == "full") return picture;
  const bool is_sample = type == "sample";
  const std::int64_t box = is_sample ? k_sample_width : type == "180x180" ? 180 : type == "360x360" ? 360 : 720;
  if (!is_sample && type != "180x180" && type != "360x360" && type != "720x720") return {};
  const std::int64_t longest = is_sample || picture.width >= picture.height ? picture.width : picture.height;
  if (longest <= box) return picture;
  const auto scaled = [&](std::int64_t side) { return (side * box * 2 + longest) / (longest * 2); };
  return Sides{scaled(picture.width), scaled(picture.height)};
}

}  // namespace dbr::metadata
