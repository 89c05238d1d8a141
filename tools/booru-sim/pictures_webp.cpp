// SPDX-License-Identifier: MIT
// WebP through libwebp, lossy and lossless in turn; the animation's container is put together here.
#include <webp/encode.h>

#include <stdexcept>

#include "pictures_bytes.hpp"
#include "pictures_encode.hpp"
#include "pictures_kinds.hpp"

namespace dbr::sim {
namespace {

constexpr std::size_t k_riff_header = 12;

std::string encode_webp(const Canvas& canvas, bool lossless) {
  WebPConfig config;
  WebPPicture source;
  WebPMemoryWriter writer;
  if (WebPConfigInit(&config) == 0 || WebPPictureInit(&source) == 0) {
    throw std::runtime_error("libwebp does not start");
  }
  WebPMemoryWriterInit(&writer);
  config.quality = 88;
  if (lossless) {
    WebPConfigLosslessPreset(&config, 0);
  }
  config.method = 0;
  source.use_argb = lossless ? 1 : 0;
  source.width = canvas.size.width;
  source.height = canvas.size.height;
  source.writer = WebPMemoryWrite;
  source.custom_ptr = &writer;
  WebPPictureImportRGB(&source, &canvas.pixels.data()->r, 3 * canvas.size.width);
  const bool encoded = WebPEncode(&config, &source) != 0;
  std::string out(reinterpret_cast<const char*>(writer.mem), writer.size);
  WebPPictureFree(&source);
  WebPMemoryWriterClear(&writer);
  if (!encoded) {
    throw std::runtime_error("libwebp does not encode");
  }
  return out;
}

std::string animation_frame(const Canvas& canvas) {
  std::string out;
  put_le<6>(out, 0);  // at the corner
  put_le<3>(out, canvas.size.width - 1);
  put_le<3>(out, canvas.size.height - 1);
  put_le<3>(out, 100);  // milliseconds
  put_le<1>(out, 0);
  out += encode_webp(canvas, false).substr(k_riff_header);
  return riff_chunk("ANMF", out);
}

}  // namespace

Picture make_still_webp(Seeded& dice) {
  const Size size = draw_size(dice);
  const bool lossless = dice.between(0, 3) == 0;
  return {encode_webp(draw_scene(size, dice), lossless), size.width, size.height};
}

Picture make_animated_webp(Seeded& dice) {
  const Size drawn = draw_size(dice);
  const Size size{drawn.width / 2, drawn.height / 2};
  std::string extended;
  put_le<4>(extended, 0x02);  // animated
  put_le<3>(extended, size.width - 1);
  put_le<3>(extended, size.height - 1);
  std::string body = "WEBP" + riff_chunk("VP8X", extended) + riff_chunk("ANIM", std::string(6, '\0'));
  for (int i = 0; i < 3; ++i) {
    body += animation_frame(draw_scene(size, dice));
  }
  return {riff_chunk("RIFF", body), size.width, size.height};
}

}  // namespace dbr::sim
