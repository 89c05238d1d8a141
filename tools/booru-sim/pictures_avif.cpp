// SPDX-License-Identifier: MIT
// AVIF through libvips. AV1 is slow to encode, so there are few encoded pictures; the seed goes into a `free` box.
#include <vips/vips.h>

#include <memory>
#include <mutex>
#include <stdexcept>

#include "pictures_bytes.hpp"
#include "pictures_kinds.hpp"

namespace dbr::sim {
namespace {

struct Unref {
  void operator()(VipsImage* image) const { g_object_unref(image); }
};
using OwnedImage = std::unique_ptr<VipsImage, Unref>;

void must(int status) {
  if (status != 0) {
    throw std::runtime_error("libvips does not write AVIF: " + std::string(vips_error_buffer()));
  }
}

std::string encode_avif(const Canvas& canvas) {
  const OwnedImage raw(vips_image_new_from_memory(canvas.pixels.data(), canvas.pixels.size() * sizeof(Rgb),
                                                  canvas.size.width, canvas.size.height, 3, VIPS_FORMAT_UCHAR));
  VipsImage* tagged = nullptr;
  must(vips_copy(raw.get(), &tagged, "interpretation", VIPS_INTERPRETATION_sRGB, nullptr));
  const OwnedImage source(tagged);
  void* data = nullptr;
  std::size_t size = 0;
  must(vips_heifsave_buffer(source.get(), &data, &size, "compression", VIPS_FOREIGN_HEIF_COMPRESSION_AV1, "effort", 0,
                            "Q", 60, nullptr));
  const std::unique_ptr<void, decltype(&g_free)> owned(data, g_free);
  return {static_cast<const char*>(data), size};
}

struct Encoded {
  std::once_flag once;
  Picture picture;
};

const Picture& encoded(std::uint64_t variant) {
  static std::once_flag library;
  std::call_once(library, [] { must(VIPS_INIT("dbr-sim")); });
  constexpr std::array k_sizes{Size{240, 320}, Size{420, 300}, Size{600, 400}, Size{333, 555}};
  static std::array<Encoded, k_sizes.size()> all;
  Encoded& slot = all[variant % all.size()];
  std::call_once(slot.once, [&] {
    const Size size = k_sizes[variant % all.size()];
    Seeded dice(variant % all.size());
    slot.picture = {encode_avif(draw_scene(size, dice)), size.width, size.height};
  });
  return slot.picture;
}

}  // namespace

Picture make_avif(Seeded& dice, std::uint64_t seed) {
  Picture picture = encoded(seed);
  std::string unique;
  put_be<8>(unique, seed);
  picture.bytes += box("free", unique + noise(dice, dice.between(0, 4000)));
  return picture;
}

}  // namespace dbr::sim
