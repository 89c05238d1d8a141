// SPDX-License-Identifier: MIT
// Rows as libpng gives them, split into planes; what is transparent is laid on the background before it is shrunk.
#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include <png.h>

#include "escape.hpp"
#include "fast_lane.hpp"
#include "lap.hpp"
#include "png_unpacked.hpp"
#include "resample.hpp"

namespace dbr::image {
namespace {

/// libpng's decoder: strict about sums, deaf to everything but pixels. After any false nothing more is to be asked of
/// it.
class Decoder {
 public:
  /// The file in parts. `is_checked`: its sums are known to be right, and need not be so in the parts.
  Decoder(std::vector<std::string_view> parts, bool is_checked) : m_parts(std::move(parts)), m_is_checked(is_checked) {
    m_png = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, leave, count);
    m_info = m_png != nullptr ? png_create_info_struct(m_png) : nullptr;
  }
  ~Decoder() { png_destroy_read_struct(&m_png, &m_info, nullptr); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  bool read_header() {
    return m_info != nullptr && guard([&] {
             png_set_read_fn(m_png, this, give);
             png_set_keep_unknown_chunks(m_png, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
             if (m_is_checked) {
               png_set_crc_action(m_png, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
               png_set_option(m_png, PNG_IGNORE_ADLER32, PNG_OPTION_ON);
             }
             png_read_info(m_png, m_info);
             m_width = png_get_image_width(m_png, m_info);
             m_height = png_get_image_height(m_png, m_info);
             m_colour_type = png_get_color_type(m_png, m_info);
             m_is_streamed =
                 png_get_interlace_type(m_png, m_info) == PNG_INTERLACE_NONE && png_get_bit_depth(m_png, m_info) <= 8;
             m_has_alpha =
                 (m_colour_type & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid(m_png, m_info, PNG_INFO_tRNS) != 0;
           });
  }

  bool is_plain(const Plan& plan) const {
    return m_is_streamed && m_width == static_cast<unsigned>(plan.source.width) &&
           m_height == static_cast<unsigned>(plan.source.height);
  }
  bool is_grey() const { return (m_colour_type & PNG_COLOR_MASK_COLOR) == 0; }
  bool has_alpha() const { return m_has_alpha; }

  /// From here on a pixel is one sample of grey, three of RGB or four of RGBA.
  bool start() {
    return guard([&] {
      png_set_expand(m_png);
      if (m_has_alpha) {
        png_set_gray_to_rgb(m_png);
      }
      png_read_update_info(m_png, m_info);
      m_samples = png_get_channels(m_png, m_info);
    });
  }
  std::size_t samples_per_pixel() const { return m_samples; }

  bool read(png_bytep* rows, unsigned count) {
    return guard([&] { png_read_rows(m_png, rows, nullptr, count); });
  }

  /// Only now is it known that the file has an end.
  bool finish() {
    return guard([&] { png_read_end(m_png, nullptr); });
  }

 private:
  static Decoder& self(png_voidp pointer) { return *static_cast<Decoder*>(pointer); }
  [[noreturn]] static void leave(png_structp png, png_const_charp) { self(png_get_error_ptr(png)).m_escape.leave(); }
  static void count(png_structp png, png_const_charp) { self(png_get_error_ptr(png)).m_has_warned = true; }
  static void give(png_structp png, png_bytep out, std::size_t size) {
    Decoder& from = self(png_get_io_ptr(png));
    while (size > 0) {
      if (from.m_part == from.m_parts.size()) {
        png_error(png, "the file ends");
      }
      std::string_view& part = from.m_parts[from.m_part];
      const std::size_t count = std::min(size, part.size());
      std::memcpy(out, part.data(), count);
      part.remove_prefix(count);
      out += count;
      size -= count;
      from.m_part += part.empty() ? 1 : 0;
    }
  }

  template <typename Call>
  bool guard(Call call) {
    return m_escape.guard(call) && !m_has_warned;
  }

  std::vector<std::string_view> m_parts;
  std::size_t m_part = 0;
  bool m_is_checked;
  png_structp m_png = nullptr;
  png_infop m_info = nullptr;
  Escape m_escape;
  bool m_has_warned = false;
  unsigned m_width = 0, m_height = 0;
  int m_colour_type = 0;
  bool m_is_streamed = false, m_has_alpha = false;
  std::size_t m_samples = 0;
};

/// A few rows on their way from the decoder to the planes.
class Rows {
 public:
  Rows(unsigned width, std::size_t samples_per_pixel)
      : m_width(width),
        m_samples_per_pixel(samples_per_pixel),
        m_stride((round_up(width, k_step) + k_step) * samples_per_pixel) {
    // Few enough to stay in the cache, and to cost no memory to speak of where rows are long.
    const std::size_t count = std::clamp<std::size_t>(k_bytes / m_stride, 1, k_most);
    m_samples.resize(count * m_stride);
    for (std::size_t y = 0; y < count; ++y) {
      m_rows.push_back(m_samples.data() + y * m_stride);
    }
    for (auto& plane : m_split) {
      plane.resize(round_up(width, k_step) + k_step);  // a window is read from its left on
    }
  }

  unsigned size() const { return static_cast<unsigned>(m_rows.size()); }
  png_bytep* rows() { return m_rows.data(); }

  void push_to(std::vector<Resampler>& planes, unsigned count, const Kernels& loops, Colour background) {
    const std::array split = {m_split[0].data(), m_split[1].data(), m_split[2].data()};
    for (unsigned y = 0; y < count; ++y) {
      if (m_samples_per_pixel == 1) {
        planes.front().push(m_rows[y]);
        continue;
      }
      if (m_samples_per_pixel == 4) {
        loops.split_rgba(m_rows[y], m_width, background, split.data());
      } else {
        loops.split_rgb(m_rows[y], m_width, split.data());
      }
      for (std::size_t i = 0; i < planes.size(); ++i) {
        planes[i].push(split[i]);
      }
    }
  }

 private:
  static constexpr std::size_t k_bytes = 128 << 10, k_most = 16;

  std::size_t m_width, m_samples_per_pixel, m_stride;
  std::vector<png_byte> m_samples;
  std::vector<png_bytep> m_rows;
  std::array<std::vector<std::uint8_t>, 3> m_split;
};

}  // namespace

std::optional<FastDrawing> draw_plain_png(std::string_view bytes, const FastJob& job, MlForm::Time& time) {
  const Plan& plan = job.plan;
  Lap lap;
  UnpackedPng unpacked;
  const bool is_unpacked = unpacked.unpack(bytes);
  Decoder decoder(is_unpacked ? unpacked.parts() : std::vector{bytes}, is_unpacked);
  bool is_well = decoder.read_header() && decoder.is_plain(plan) && decoder.start();
  time.decode += lap();
  if (!is_well) {
    return std::nullopt;
  }

  const Kernels loops = kernels(job.use_simd);
  const auto scaling = std::make_shared<const Scaling>(
      Axis{plan.source.width, static_cast<double>(plan.source.width), plan.scaled.width, plan.left, plan.window.width},
      Axis{plan.source.height, static_cast<double>(plan.source.height), plan.scaled.height, plan.top,
           plan.window.height});
  std::vector<Resampler> planes(decoder.samples_per_pixel() == 1 ? 1 : 3, Resampler(scaling, loops));
  Rows rows(static_cast<unsigned>(plan.source.width), decoder.samples_per_pixel());
  for (auto left = static_cast<unsigned>(plan.source.height); left > 0;) {
    const unsigned count = std::min(left, rows.size());
    time.resample += lap();
    is_well = decoder.read(rows.rows(), count);
    time.decode += lap();
    if (!is_well) {
      return std::nullopt;
    }
    rows.push_to(planes, count, loops, job.background);
    left -= count;
  }
  time.resample += lap();
  is_well = decoder.finish();
  time.decode += lap();
  if (!is_well) {
    return std::nullopt;
  }
  FastDrawing drawing;
  // Grey is luma without chroma, exactly.
  drawing.window = {planes.size() == 1 ? Raster::Model::ycc : Raster::Model::rgb, plan.window,
                    join_planes(planes, 128, loops)};
  drawing.is_grey = decoder.is_grey();
  drawing.has_alpha = decoder.has_alpha();
  time.resample += lap();
  return drawing;
}

}  // namespace dbr::image
