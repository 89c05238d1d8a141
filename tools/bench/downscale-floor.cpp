// SPDX-License-Identifier: MIT
// What an ML form cannot cost less than with libjpeg and libpng: the original is read and decoded at the scale dbr
// decodes it at, as planes where it has them, and 512x512 pixels are encoded; nothing is resampled. The pixels are
// those of the finished form, so that the encoder has its real work; decoding the form is not in the time.
//   downscale-floor <LIST    lines of ORIGINAL tab FORM; no CMYK. Prints for each CPU microseconds, tab, ORIGINAL.
#include <png.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

extern "C" {
#include <jpeglib.h>
}

namespace {

constexpr int k_size = 512;
constexpr int k_quality = 90;

std::int64_t cpu_microseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
}

std::string read_file(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) throw std::runtime_error("cannot open " + path);
  std::fseek(file, 0, SEEK_END);
  std::string bytes(static_cast<std::size_t>(std::ftell(file)), '\0');
  std::rewind(file);
  const std::size_t got = std::fread(bytes.data(), 1, bytes.size(), file);
  std::fclose(file);
  if (got != bytes.size()) throw std::runtime_error("cannot read " + path);
  return bytes;
}

/// Samples of one component, padded to whole blocks.
struct Plane {
  std::size_t width = 0, height = 0;
  std::vector<JSAMPLE> samples;

  std::vector<JSAMPROW> rows(std::size_t first, std::size_t count) {
    std::vector<JSAMPROW> found;
    for (std::size_t row = first; row < first + count; ++row) {
      found.push_back(samples.data() + std::min(row, height - 1) * width);
    }
    return found;
  }
};

/// A form's pixels: planes, or interleaved RGB rows.
struct Picture {
  std::vector<Plane> planes;
  std::vector<JSAMPLE> rgb;
};

/// The smallest eighth of a side that leaves twice the target, of those libjpeg has fast code for.
unsigned scale_eighths(JDIMENSION width, JDIMENSION height) {
  const double scale = std::min(1.0, static_cast<double>(k_size) / std::max(width, height));
  for (const unsigned eighths : {1U, 2U, 4U}) {
    if (eighths >= 16 * scale) return eighths;
  }
  return 8;
}

class JpegReader {
 public:
  explicit JpegReader(const std::string& bytes) {
    m_info.err = jpeg_std_error(&m_errors);  // which ends the program: nothing broken is in the list
    jpeg_create_decompress(&m_info);
    jpeg_mem_src(&m_info, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    jpeg_read_header(&m_info, TRUE);
    m_info.scale_num = m_info.scale_denom = 8;
    if (m_info.num_components > 3) throw std::runtime_error("CMYK has no floor");
  }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;
  ~JpegReader() { jpeg_destroy_decompress(&m_info); }

  void scale() { m_info.scale_num = scale_eighths(m_info.image_width, m_info.image_height); }
  bool is_planar() const { return m_info.jpeg_color_space == JCS_YCbCr || m_info.jpeg_color_space == JCS_GRAYSCALE; }

  /// Whole when they are kept; else only the latest rows are, as whoever resamples a stream needs no more.
  Picture planes(bool is_kept) {
    m_info.raw_data_out = TRUE;
    m_info.out_color_space = m_info.jpeg_color_space;
    jpeg_start_decompress(&m_info);
    Picture picture;
    for (int i = 0; i < m_info.num_components; ++i) {
      const jpeg_component_info& part = m_info.comp_info[i];
      Plane& plane = picture.planes.emplace_back();
      plane.width = std::size_t{part.width_in_blocks} * static_cast<std::size_t>(part.DCT_scaled_size);
      const int blocks = is_kept ? static_cast<int>(part.height_in_blocks) : part.v_samp_factor;
      plane.height = static_cast<std::size_t>(blocks * part.DCT_scaled_size);
      plane.samples.resize(plane.width * plane.height);
    }
    while (m_info.output_scanline < m_info.output_height) read_rows(picture, is_kept);
    jpeg_finish_decompress(&m_info);
    return picture;
  }

  Picture rgb(bool is_kept) {
    m_info.out_color_space = JCS_RGB;
    jpeg_start_decompress(&m_info);
    Picture picture;
    const std::size_t stride = std::size_t{m_info.output_width} * 3;
    picture.rgb.resize(stride * (is_kept ? m_info.output_height : 1));
    while (m_info.output_scanline < m_info.output_height) {
      JSAMPROW row = picture.rgb.data() + (is_kept ? stride * m_info.output_scanline : 0);
      jpeg_read_scanlines(&m_info, &row, 1);
    }
    jpeg_finish_decompress(&m_info);
    return picture;
  }

 private:
  void read_rows(Picture& picture, bool is_kept) {
    std::vector<std::vector<JSAMPROW>> rows;
    std::vector<JSAMPARRAY> arrays;
    const auto unit = static_cast<std::size_t>(m_info.max_v_samp_factor * m_info.min_DCT_scaled_size);
    for (int i = 0; i < m_info.num_components; ++i) {
      const jpeg_component_info& part = m_info.comp_info[i];
      const auto count = static_cast<std::size_t>(part.v_samp_factor * part.DCT_scaled_size);
      const std::size_t first = is_kept ? m_info.output_scanline / unit * count : 0;
      rows.push_back(picture.planes[static_cast<std::size_t>(i)].rows(first, count));
    }
    for (auto& list : rows) arrays.push_back(list.data());
    jpeg_read_raw_data(&m_info, arrays.data(), static_cast<JDIMENSION>(unit));
  }

  jpeg_decompress_struct m_info{};
  jpeg_error_mgr m_errors{};
};

class JpegWriter {
 public:
  JpegWriter() {
    m_info.err = jpeg_std_error(&m_errors);
    jpeg_create_compress(&m_info);
    jpeg_mem_dest(&m_info, &m_bytes, &m_size);
    m_info.image_width = m_info.image_height = k_size;
  }
  JpegWriter(const JpegWriter&) = delete;
  JpegWriter& operator=(const JpegWriter&) = delete;
  ~JpegWriter() {
    jpeg_destroy_compress(&m_info);
    std::free(m_bytes);
  }

  /// Returns how many bytes it took.
  std::size_t write(Picture& picture) {
    const auto parts = picture.planes.empty() ? 3 : static_cast<int>(picture.planes.size());
    m_info.input_components = parts;
    m_info.in_color_space = !picture.rgb.empty() ? JCS_RGB : parts == 1 ? JCS_GRAYSCALE : JCS_YCbCr;
    jpeg_set_defaults(&m_info);
    jpeg_set_quality(&m_info, k_quality, TRUE);
    m_info.optimize_coding = TRUE;
    for (int i = 0; i < parts; ++i) m_info.comp_info[i].h_samp_factor = m_info.comp_info[i].v_samp_factor = 1;
    m_info.raw_data_in = picture.planes.empty() ? FALSE : TRUE;
    jpeg_start_compress(&m_info, TRUE);
    while (m_info.next_scanline < k_size) {
      if (picture.planes.empty()) {
        JSAMPROW row = picture.rgb.data() + std::size_t{m_info.next_scanline} * k_size * 3;
        jpeg_write_scanlines(&m_info, &row, 1);
        continue;
      }
      std::vector<std::vector<JSAMPROW>> rows;
      std::vector<JSAMPARRAY> arrays;
      for (Plane& plane : picture.planes) rows.push_back(plane.rows(m_info.next_scanline, DCTSIZE));
      for (auto& list : rows) arrays.push_back(list.data());
      jpeg_write_raw_data(&m_info, arrays.data(), DCTSIZE);
    }
    jpeg_finish_compress(&m_info);
    return m_size;
  }

 private:
  jpeg_compress_struct m_info{};
  jpeg_error_mgr m_errors{};
  unsigned char* m_bytes = nullptr;
  unsigned long m_size = 0;
};

[[noreturn]] void end(png_structp, png_const_charp text) {
  std::cerr << "downscale-floor: libpng: " << text << '\n';
  std::exit(1);
}

void decode_png(const std::string& bytes) {
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, nullptr, &end, nullptr);
  png_infop info = png_create_info_struct(png);
  struct Source {
    const std::string* bytes;
    std::size_t at;
  } source{&bytes, 0};
  png_set_read_fn(png, &source, [](png_structp reader, png_bytep into, std::size_t count) {
    auto* from = static_cast<Source*>(png_get_io_ptr(reader));
    if (from->bytes->size() - from->at < count) png_error(reader, "too short");
    std::memcpy(into, from->bytes->data() + from->at, count);
    from->at += count;
  });
  png_read_info(png, info);
  png_set_expand(png);  // palettes and bits into samples
  const int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  const std::size_t stride = png_get_rowbytes(png, info);
  const std::size_t height = png_get_image_height(png, info);
  // One row is enough, unless later passes fill in what earlier ones left.
  std::vector<png_byte> samples(passes > 1 ? stride * height : stride);
  for (int pass = 0; pass < passes; ++pass) {
    for (std::size_t row = 0; row < height; ++row) {
      png_read_row(png, samples.data() + (passes > 1 ? row * stride : 0), nullptr);
    }
  }
  png_read_end(png, nullptr);
  png_destroy_read_struct(&png, &info, nullptr);
}

/// CPU time of one picture.
std::int64_t floor_of(const std::string& original, const std::string& form) {
  const std::string form_bytes = read_file(form), head = read_file(original);
  const bool is_jpeg = head.starts_with("\xff\xd8");
  const bool is_planar = is_jpeg && JpegReader(head).is_planar();
  JpegReader reader(form_bytes);
  Picture finished = is_planar ? reader.planes(true) : reader.rgb(true);

  const std::int64_t begin = cpu_microseconds();
  const std::string bytes = read_file(original);
  if (is_jpeg) {
    JpegReader decoder(bytes);
    decoder.scale();
    is_planar ? decoder.planes(false) : decoder.rgb(false);
  } else {
    decode_png(bytes);
  }
  const std::size_t written = JpegWriter().write(finished);
  const std::int64_t spent = cpu_microseconds() - begin;
  // The same pixels with the same settings: anything else is no floor.
  if (written * 10 < form_bytes.size() * 9 || written * 10 > form_bytes.size() * 11) {
    throw std::runtime_error(form + " was encoded with other settings");
  }
  return spent;
}

}  // namespace

int main() try {
  std::string line;
  while (std::getline(std::cin, line)) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos) throw std::runtime_error("a line without a tab: " + line);
    const std::string original = line.substr(0, tab);
    std::cout << floor_of(original, line.substr(tab + 1)) << '\t' << original << '\n';
  }
  return 0;
} catch (const std::exception& error) {
  std::cerr << "downscale-floor: " << error.what() << '\n';
  return 1;
}
