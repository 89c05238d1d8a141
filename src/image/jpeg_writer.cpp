// SPDX-License-Identifier: MIT
#include "jpeg_writer.hpp"

#include <cstdlib>

#include "jpeg_errors.hpp"

namespace dbr::image {
namespace {

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
    return m_errors.guard([&] {
      jpeg_create_compress(&m_info);
      jpeg_mem_dest(&m_info, &m_data, &m_size);
      m_info.image_width = static_cast<JDIMENSION>(canvas.extent.width);
      m_info.image_height = static_cast<JDIMENSION>(canvas.extent.height);
      m_info.input_components = 3;
      m_info.in_color_space = canvas.model == Raster::Model::ycc ? JCS_YCbCr : JCS_RGB;
      choose(settings);
      jpeg_start_compress(&m_info, TRUE);
      while (m_info.next_scanline < m_info.image_height) {
        // libjpeg does not write to it; its signature only lacks the const.
        auto* row = const_cast<JSAMPLE*>(canvas.samples.data() + m_info.next_scanline * canvas.stride());
        jpeg_write_scanlines(&m_info, &row, 1);
      }
      jpeg_finish_compress(&m_info);
    });
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
