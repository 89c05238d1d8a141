// SPDX-License-Identifier: MIT
#include "jpeg_writer.hpp"

#include <array>
#include <cstdlib>

#include "jpeg_errors.hpp"
#include "resample_kernels.hpp"

namespace dbr::image {
namespace {

/// Whole blocks of samples as they will be stored: libjpeg's colour conversion and sampling would only copy them.
bool is_ready(const Raster& canvas, const MlSettings& settings) {
  return canvas.model == Raster::Model::ycc && settings.subsampling == Subsampling::none &&
         canvas.extent.width % k_step == 0 && canvas.extent.height % DCTSIZE == 0;
}

class Writer {
 public:
  Writer() { m_info.err = m_errors.manager(); }
  ~Writer() {
    jpeg_destroy_compress(&m_info);
    std::free(m_data);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  bool write(const Raster& canvas, const MlSettings& settings) {
    const bool is_done = m_errors.guard([&] {
      jpeg_create_compress(&m_info);
      jpeg_mem_dest(&m_info, &m_data, &m_size);
      m_info.image_width = static_cast<JDIMENSION>(canvas.extent.width);
      m_info.image_height = static_cast<JDIMENSION>(canvas.extent.height);
      m_info.input_components = 3;
      m_info.in_color_space = canvas.model == Raster::Model::ycc ? JCS_YCbCr : JCS_RGB;
      choose(settings);
      m_info.raw_data_in = is_ready(canvas, settings) ? TRUE : FALSE;
      jpeg_start_compress(&m_info, TRUE);
      m_info.raw_data_in != FALSE ? write_blocks(canvas) : write_rows(canvas);
      jpeg_finish_compress(&m_info);
    });
    if (!is_done) {
      m_data = nullptr;  // libjpeg may have moved it without a word; better lost than freed twice
    }
    return is_done;
  }

  std::string bytes() const { return {reinterpret_cast<const char*>(m_data), m_size}; }

 private:
  void choose(const MlSettings& settings) {
    jpeg_set_defaults(&m_info);
    jpeg_set_quality(&m_info, settings.quality, TRUE);
    const int luma = settings.subsampling == Subsampling::half ? 2 : 1;
    m_info.comp_info[0].h_samp_factor = luma;
    m_info.comp_info[0].v_samp_factor = luma;
    m_info.optimize_coding = TRUE;
    m_info.dct_method = JDCT_ISLOW;
    if (settings.progressive) {
      jpeg_simple_progression(&m_info);
    }
  }

  void write_rows(const Raster& canvas) {
    while (m_info.next_scanline < m_info.image_height) {
      // libjpeg does not write to it; its signature only lacks the const.
      auto* row = const_cast<JSAMPLE*>(canvas.samples.data() + m_info.next_scanline * canvas.stride());
      jpeg_write_scanlines(&m_info, &row, 1);
    }
  }

  void write_blocks(const Raster& canvas) {
    // Out of libjpeg's pool, which lives as long as it: a jump out of here would leak what is ours.
    const auto pool = reinterpret_cast<j_common_ptr>(&m_info);
    std::array<JSAMPARRAY, 3> planes{};
    for (JSAMPARRAY& rows : planes) {
      rows = (*m_info.mem->alloc_sarray)(pool, JPOOL_IMAGE, m_info.image_width, DCTSIZE);
    }
    const Kernels loops = simd_kernels();
    while (m_info.next_scanline < m_info.image_height) {
      for (std::size_t y = 0; y < DCTSIZE; ++y) {
        const std::array split = {planes[0][y], planes[1][y], planes[2][y]};
        loops.split_rgb(canvas.samples.data() + (m_info.next_scanline + y) * canvas.stride(), m_info.image_width,
                        split.data());
      }
      jpeg_write_raw_data(&m_info, planes.data(), DCTSIZE);
    }
  }

  JpegErrors m_errors;
  jpeg_compress_struct m_info{};
  unsigned char* m_data = nullptr;
  unsigned long m_size = 0;
};

}  // namespace

std::string write_jpeg(const Raster& canvas, const MlSettings& settings) {
  Writer writer;
  return writer.write(canvas, settings) ? writer.bytes() : std::string();
}

}  // namespace dbr::image
