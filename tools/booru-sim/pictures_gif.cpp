// SPDX-License-Identifier: MIT
// GIF through giflib: palette with a transparent hole; the animated one has three frames.
#include <gif_lib.h>

#include <memory>
#include <stdexcept>

#include "pictures_encode.hpp"
#include "pictures_kinds.hpp"

namespace dbr::sim {
namespace {

int write_to_string(GifFileType* gif, const GifByteType* data, int size) {
  static_cast<std::string*>(gif->UserData)->append(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
  return size;
}

void must(int status) {
  if (status != GIF_OK) {
    throw std::runtime_error("giflib does not write");
  }
}

struct FreeMap {
  void operator()(ColorMapObject* map) const { GifFreeMapObject(map); }
};

std::unique_ptr<ColorMapObject, FreeMap> make_map(const Palette& palette) {
  std::vector<GifColorType> colours(256);
  for (std::size_t i = 0; i < palette.colours.size(); ++i) {
    colours[i] = {palette.colours[i].r, palette.colours[i].g, palette.colours[i].b};
  }
  return std::unique_ptr<ColorMapObject, FreeMap>(GifMakeMapObject(256, colours.data()));
}

void put_frame(GifFileType* gif, Indexed frame, bool timed) {
  // No half transparency in a GIF: the veil is opaque.
  std::replace(frame.indices.begin(), frame.indices.end(), std::uint8_t{k_hole_index + 1}, std::uint8_t{1});
  GraphicsControlBlock control{};
  control.DisposalMode = DISPOSE_DO_NOT;
  control.DelayTime = timed ? 10 : 0;
  control.TransparentColor = k_hole_index;
  GifByteType block[4];
  const auto length = static_cast<int>(EGifGCBToExtension(&control, block));
  must(EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, length, block));
  must(EGifPutImageDesc(gif, 0, 0, frame.size.width, frame.size.height, false, nullptr));
  must(EGifPutLine(gif, frame.indices.data(), static_cast<int>(frame.indices.size())));
}

std::string encode_gif(const std::vector<Indexed>& frames) {
  std::string out;
  int error = 0;
  GifFileType* gif = EGifOpen(&out, write_to_string, &error);
  if (gif == nullptr) {
    throw std::runtime_error("giflib does not start");
  }
  EGifSetGifVersion(gif, true);
  const auto map = make_map(frames.front().palette);
  must(EGifPutScreenDesc(gif, frames.front().size.width, frames.front().size.height, 8, 0, map.get()));
  for (const Indexed& frame : frames) {
    put_frame(gif, frame, frames.size() > 1);
  }
  must(EGifCloseFile(gif, &error));
  return out;
}

Picture make_gif(Seeded& dice, Size size, int count) {
  std::vector<Indexed> frames;
  for (int i = 0; i < count; ++i) {
    frames.push_back(to_indexed(draw_scene(size, dice)));
  }
  return {encode_gif(frames), size.width, size.height};
}

}  // namespace

Picture make_still_gif(Seeded& dice) {
  const Size size = draw_size(dice);
  return make_gif(dice, size, 1);
}

Picture make_animated_gif(Seeded& dice) {
  const Size size = draw_size(dice);
  return make_gif(dice, {size.width / 2, size.height / 2}, 3);
}

}  // namespace dbr::sim
