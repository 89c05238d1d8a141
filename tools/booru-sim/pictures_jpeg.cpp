// SPDX-License-Identifier: MIT
// JPEG through libjpeg.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>

// jpeglib.h needs the two above.
#include <jpeglib.h>

#include "pictures_encode.hpp"

namespace dbr::sim {
namespace {

/// libjpeg's own handler ends the process with exit(); an encoder that refuses our rows is a bug.
void give_up(j_common_ptr info) {
  (*info->err->output_message)(info);
  std::abort();
}

void set_colour(jpeg_compress_struct& info, JpegColour colour) {
  info.input_components = colour == JpegColour::grey ? 1 : colour == JpegColour::rgb ? 3 : 4;
  info.in_color_space = colour == JpegColour::grey ? JCS_GRAYSCALE : colour == JpegColour::rgb ? JCS_RGB : JCS_CMYK;
}

}  // namespace

std::string encode_jpeg(Size size, JpegColour colour, const std::uint8_t* samples, const JpegOptions& options) {
  jpeg_error_mgr errors{};
  jpeg_compress_struct info{};
  info.err = jpeg_std_error(&errors);
  errors.error_exit = give_up;
  jpeg_create_compress(&info);
  unsigned char* data = nullptr;
  unsigned long length = 0;
  jpeg_mem_dest(&info, &data, &length);

  info.image_width = static_cast<JDIMENSION>(size.width);
  info.image_height = static_cast<JDIMENSION>(size.height);
  set_colour(info, colour);
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, options.quality, TRUE);
  if (options.progressive) {
    jpeg_simple_progression(&info);
  }
  info.comp_info[0].h_samp_factor = info.comp_info[0].v_samp_factor = options.subsample ? 2 : 1;

  jpeg_start_compress(&info, TRUE);
  if (!options.exif.empty()) {
    jpeg_write_marker(&info, JPEG_APP0 + 1, reinterpret_cast<const JOCTET*>(options.exif.data()),
                      static_cast<unsigned>(options.exif.size()));
  }
  if (!options.profile.empty()) {
    jpeg_write_icc_profile(&info, reinterpret_cast<const JOCTET*>(options.profile.data()),
                           static_cast<unsigned>(options.profile.size()));
  }
  const std::size_t stride = static_cast<std::size_t>(size.width) * info.input_components;
  while (info.next_scanline < info.image_height) {
    // libjpeg reads the row only; its signature lacks the const.
    auto* row = const_cast<JSAMPROW>(samples + info.next_scanline * stride);
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  const std::unique_ptr<unsigned char, decltype(&std::free)> owned(data, std::free);
  return {reinterpret_cast<const char*>(data), length};
}

std::string encode_jpeg(const Canvas& canvas, const JpegOptions& options) {
  static_assert(sizeof(Rgb) == 3);
  return encode_jpeg(canvas.size, JpegColour::rgb, &canvas.pixels.data()->r, options);
}

}  // namespace dbr::sim
