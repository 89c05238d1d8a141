// SPDX-License-Identifier: MIT
// Planar: each component goes from the inverse DCT into a resampler of its own, so that chroma is neither enlarged to
// luma's size nor turned into RGB before it is shrunk.
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "fast_lane.hpp"
#include "jpeg_errors.hpp"
#include "lap.hpp"
#include "resample.hpp"

namespace dbr::image {
namespace {

/// The inverse DCT may shrink by 2, 4 or 8 as long as it leaves so many times the target: with less, line art suffers
/// visibly. The factors between are slower (no SIMD) and worse.
constexpr int k_spare = 2;

/// libjpeg-turbo's decoder. After any false nothing more is to be asked of it.
class Decoder {
 public:
  Decoder() { m_info.err = m_errors.manager(); }
  ~Decoder() { jpeg_destroy_decompress(&m_info); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  const jpeg_decompress_struct& info() const { return m_info; }

  bool read_header(std::string_view bytes) {
    return m_errors.guard([&] {
      jpeg_create_decompress(&m_info);
      jpeg_mem_src(&m_info, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
      jpeg_read_header(&m_info, TRUE);
    });
  }

  /// At `eighths` of its size.
  bool start(unsigned eighths) {
    return m_errors.guard([&] {
      m_info.scale_num = eighths;
      m_info.scale_denom = 8;
      m_info.raw_data_out = TRUE;
      m_info.dct_method = JDCT_ISLOW;
      jpeg_start_decompress(&m_info);
    });
  }

  unsigned rows_at_once() const { return static_cast<unsigned>(m_info.max_v_samp_factor * m_info.min_DCT_scaled_size); }
  bool is_done() const { return m_info.output_scanline >= m_info.output_height; }

  bool read(JSAMPARRAY* planes) {
    return m_errors.guard([&] { jpeg_read_raw_data(&m_info, planes, rows_at_once()); });
  }

  /// Only now is it known that the file has an end.
  bool finish() {
    return m_errors.guard([&] { jpeg_finish_decompress(&m_info); });
  }

 private:
  JpegErrors m_errors;
  jpeg_decompress_struct m_info{};
};

/// Grey, or YCbCr whose luma has the picture's full resolution, and whose chroma a whole part of it: other decoders
/// refuse the rest.
bool is_plain(const jpeg_decompress_struct& info, const Plan& plan) {
  const bool is_ycc = info.jpeg_color_space == JCS_YCbCr && info.num_components == 3;
  const bool is_grey = info.jpeg_color_space == JCS_GRAYSCALE && info.num_components == 1;
  for (int i = 0; i < info.num_components; ++i) {
    const jpeg_component_info& component = info.comp_info[i];
    if (info.max_h_samp_factor % component.h_samp_factor != 0 ||
        info.max_v_samp_factor % component.v_samp_factor != 0) {
      return false;
    }
  }
  return (is_ycc || is_grey) && info.comp_info[0].h_samp_factor == info.max_h_samp_factor &&
         info.comp_info[0].v_samp_factor == info.max_v_samp_factor &&
         info.image_width == static_cast<JDIMENSION>(plan.source.width) &&
         info.image_height == static_cast<JDIMENSION>(plan.source.height);
}

unsigned choose_eighths(const Plan& plan) {
  const auto leaves_enough = [&](unsigned eighths) {
    const auto enough = [&](int source, int scaled) {
      return std::int64_t{source} * eighths >= std::int64_t{scaled} * k_spare * 8;
    };
    return enough(plan.source.width, plan.scaled.width) && enough(plan.source.height, plan.scaled.height);
  };
  unsigned eighths = 8;
  while (eighths > 1 && leaves_enough(eighths / 2)) {
    eighths /= 2;
  }
  return eighths;
}

std::pair<Axis, Axis> axes_of(const jpeg_decompress_struct& info, const jpeg_component_info& component,
                              const Plan& plan) {
  // The exact share of the picture, which the number of samples is rounded up from.
  const auto extent = [&](int source, int sampling, int max_sampling) {
    return static_cast<double>(source) * sampling * component.DCT_scaled_size / (max_sampling * DCTSIZE);
  };
  return {{static_cast<int>(component.downsampled_width),
           extent(plan.source.width, component.h_samp_factor, info.max_h_samp_factor), plan.scaled.width, plan.left,
           plan.window.width},
          {static_cast<int>(component.downsampled_height),
           extent(plan.source.height, component.v_samp_factor, info.max_v_samp_factor), plan.scaled.height, plan.top,
           plan.window.height}};
}

/// Where libjpeg puts the next rows of a component.
class Rows {
 public:
  explicit Rows(const jpeg_component_info& component)
      : m_left(static_cast<int>(component.downsampled_height)),
        m_stride(round_up(std::size_t{component.width_in_blocks} * component.DCT_scaled_size, k_step) + k_step),
        m_samples(m_stride * component.v_samp_factor * component.DCT_scaled_size) {
    for (std::size_t at = 0; at < m_samples.size(); at += m_stride) {
      m_rows.push_back(m_samples.data() + at);
    }
  }

  JSAMPARRAY rows() { return m_rows.data(); }

  void push_to(Resampler& resampler) {
    for (std::size_t y = 0; y < m_rows.size() && m_left > 0; ++y, --m_left) {
      resampler.push(m_rows[y]);
    }
  }

 private:
  int m_left;  ///< of the picture: the last rows of the last block are none
  std::size_t m_stride;
  std::vector<JSAMPLE> m_samples;
  std::vector<JSAMPROW> m_rows;
};

}  // namespace

std::optional<FastDrawing> draw_plain_jpeg(std::string_view bytes, const FastJob& job, MlForm::Time& time) {
  Lap lap;
  Decoder decoder;
  const jpeg_decompress_struct& info = decoder.info();
  if (!decoder.read_header(bytes) || !is_plain(info, job.plan) || !decoder.start(choose_eighths(job.plan))) {
    time.decode += lap();
    return std::nullopt;
  }
  time.decode += lap();

  const Kernels loops = kernels(job.use_simd);
  std::vector<Rows> rows;
  std::vector<JSAMPARRAY> targets;
  std::vector<Resampler> planes;
  std::shared_ptr<const Scaling> scaling;
  for (int i = 0; i < info.num_components; ++i) {
    const jpeg_component_info& component = info.comp_info[i];
    const auto [across, down] = axes_of(info, component, job.plan);
    if (!scaling || scaling->across != across || scaling->down != down) {
      scaling = std::make_shared<const Scaling>(across, down);
    }
    planes.emplace_back(scaling, loops);
    targets.push_back(rows.emplace_back(component).rows());
  }
  while (!decoder.is_done()) {
    time.resample += lap();
    const bool is_well = decoder.read(targets.data());
    time.decode += lap();
    if (!is_well) {
      return std::nullopt;
    }
    for (std::size_t i = 0; i < planes.size(); ++i) {
      rows[i].push_to(planes[i]);
    }
  }
  time.resample += lap();
  const bool is_well = decoder.finish();
  time.decode += lap();
  if (!is_well) {
    return std::nullopt;
  }
  FastDrawing drawing;
  drawing.window = {Raster::Model::ycc, job.plan.window, join_planes(planes, 128, loops)};
  drawing.is_grey = planes.size() == 1;
  time.resample += lap();
  return drawing;
}

}  // namespace dbr::image
