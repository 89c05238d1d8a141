// SPDX-License-Identifier: MIT
// The table of kinds.
#include "pictures.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "pictures_kinds.hpp"

namespace dbr::sim {
namespace {

struct Row {
  PictureKind kind;
  std::string_view name;
  std::string_view extension;
  Picture (*make)(Seeded& dice, std::uint64_t seed);
};

template <Picture (*k_make)(Seeded&)>
Picture plain(Seeded& dice, std::uint64_t /*seed*/) {
  return k_make(dice);
}

Picture make_empty(Seeded& dice) {
  const Size stated = draw_size(dice);
  return {"", stated.width, stated.height};
}

constexpr std::array k_rows{
    Row{PictureKind::baseline_jpeg, "baseline_jpeg", "jpg", plain<make_baseline_jpeg>},
    Row{PictureKind::progressive_jpeg, "progressive_jpeg", "jpg", plain<make_progressive_jpeg>},
    Row{PictureKind::grey_jpeg, "grey_jpeg", "jpg", plain<make_grey_jpeg>},
    Row{PictureKind::cmyk_jpeg, "cmyk_jpeg", "jpg", plain<make_cmyk_jpeg>},
    Row{PictureKind::exif_jpeg, "exif_jpeg", "jpg", make_exif_jpeg},
    Row{PictureKind::icc_jpeg, "icc_jpeg", "jpg", plain<make_icc_jpeg>},
    Row{PictureKind::rgb_png, "rgb_png", "png", plain<make_rgb_png>},
    Row{PictureKind::rgba_png, "rgba_png", "png", plain<make_rgba_png>},
    Row{PictureKind::palette_png, "palette_png", "png", plain<make_palette_png>},
    Row{PictureKind::deep_png, "deep_png", "png", plain<make_deep_png>},
    Row{PictureKind::interlaced_png, "interlaced_png", "png", plain<make_interlaced_png>},
    Row{PictureKind::still_gif, "still_gif", "gif", plain<make_still_gif>},
    Row{PictureKind::animated_gif, "animated_gif", "gif", plain<make_animated_gif>},
    Row{PictureKind::animated_png, "animated_png", "png", plain<make_animated_png>},
    Row{PictureKind::still_webp, "still_webp", "webp", plain<make_still_webp>},
    Row{PictureKind::animated_webp, "animated_webp", "webp", plain<make_animated_webp>},
    Row{PictureKind::avif, "avif", "avif", make_avif},
    Row{PictureKind::mp4, "mp4", "mp4", plain<make_mp4>},
    Row{PictureKind::webm, "webm", "webm", plain<make_webm>},
    Row{PictureKind::flash, "flash", "swf", plain<make_flash>},
    Row{PictureKind::ugoira, "ugoira", "zip", plain<make_ugoira>},
    Row{PictureKind::png_named_jpg, "png_named_jpg", "jpg", plain<make_rgb_png>},
    Row{PictureKind::tiny, "tiny", "png", plain<make_tiny>},
    Row{PictureKind::very_wide, "very_wide", "jpg", plain<make_very_wide>},
    Row{PictureKind::very_tall, "very_tall", "png", plain<make_very_tall>},
    Row{PictureKind::truncated, "truncated", "jpg", plain<make_truncated>},
    Row{PictureKind::garbage, "garbage", "jpg", plain<make_garbage>},
    Row{PictureKind::empty, "empty", "jpg", plain<make_empty>},
    Row{PictureKind::enormous, "enormous", "png", plain<make_enormous>},
};

constexpr auto k_kinds = [] {
  std::array<PictureKind, k_rows.size()> kinds{};
  std::transform(k_rows.begin(), k_rows.end(), kinds.begin(), [](const Row& row) { return row.kind; });
  return kinds;
}();

const Row& find(PictureKind kind) {
  const auto row = std::find_if(k_rows.begin(), k_rows.end(), [&](const Row& r) { return r.kind == kind; });
  if (row == k_rows.end()) {
    throw std::logic_error("no such kind of picture");
  }
  return *row;
}

}  // namespace

std::span<const PictureKind> all_picture_kinds() {
  return k_kinds;
}

std::string_view name(PictureKind kind) {
  return find(kind).name;
}

std::string_view extension(PictureKind kind) {
  return find(kind).extension;
}

Picture make_picture(PictureKind kind, std::uint64_t seed) {
  // The kinds of one seed are different pictures.
  Seeded mixed(seed ^ (static_cast<std::uint64_t>(kind) << 56));
  Seeded dice(mixed.next());
  return find(kind).make(dice, seed);
}

}  // namespace dbr::sim
