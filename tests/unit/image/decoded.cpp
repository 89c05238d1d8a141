// SPDX-License-Identifier: MIT
// libjpeg with its errors as jumps.
#include "decoded.hpp"

#include <csetjmp>
#include <cstdio>
#include <cstdlib>

// jpeglib.h needs cstdio.
#include <jpeglib.h>

namespace dbr::image {
namespace {

struct Errors {
  jpeg_error_mgr base;
  std::jmp_buf jump;
};

void jump_out(j_common_ptr info) {
  std::longjmp(reinterpret_cast<Errors*>(info->err)->jump, 1);
}

void stay_silent(j_common_ptr) {}

int count_markers(const jpeg_decompress_struct& info) {
  int count = 0;
  for (auto marker = info.marker_list; marker != nullptr; marker = marker->next) {
    ++count;
  }
  return count;
}

/// Only plain C data is alive when it jumps: `out` and `info` are the caller's.
bool read(jpeg_decompress_struct& info, Errors& errors, std::string_view jpeg, Decoded& out) {
  if (setjmp(errors.jump) != 0) {
    return false;
  }
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(jpeg.data()), jpeg.size());
  jpeg_save_markers(&info, JPEG_COM, 0xFFFF);
  for (int i = 1; i < 16; ++i) {
    jpeg_save_markers(&info, JPEG_APP0 + i, 0xFFFF);
  }
  jpeg_read_header(&info, TRUE);
  out.markers = count_markers(info);
  out.components = info.num_components;
  out.progressive = info.progressive_mode != FALSE;
  out.subsampled = info.comp_info[0].h_samp_factor != 1 || info.comp_info[0].v_samp_factor != 1;
  info.out_color_space = JCS_RGB;
  jpeg_start_decompress(&info);
  out.width = static_cast<int>(info.output_width);
  out.height = static_cast<int>(info.output_height);
  out.rgb.resize(std::size_t{3} * info.output_width * info.output_height);
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = out.rgb.data() + std::size_t{3} * info.output_width * info.output_scanline;
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
  return true;
}

}  // namespace

Decoded decode(std::string_view jpeg) {
  Decoded out;
  Errors errors{};
  jpeg_decompress_struct info{};
  info.err = jpeg_std_error(&errors.base);
  errors.base.error_exit = jump_out;
  errors.base.output_message = stay_silent;
  const bool ok = read(info, errors, jpeg, out);
  out.warnings = static_cast<int>(errors.base.num_warnings);
  jpeg_destroy_decompress(&info);
  return ok ? out : Decoded{};
}

ContentBox bright_box(const Decoded& picture) {
  constexpr int k_bright = 70;
  int left = picture.width;
  int top = picture.height;
  int right = -1;
  int bottom = -1;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const sim::Rgb c = picture.at(x, y);
      if (std::max({c.r, c.g, c.b}) > k_bright) {
        left = std::min(left, x);
        right = std::max(right, x);
        top = std::min(top, y);
        bottom = std::max(bottom, y);
      }
    }
  }
  return {left, top, right - left + 1, bottom - top + 1};
}

sim::Rgb colour_at(const Decoded& picture, const ContentBox& box, double x, double y) {
  const int x0 = box.x + static_cast<int>(x * box.width);
  const int y0 = box.y + static_cast<int>(y * box.height);
  const int reach = std::min(box.width, box.height) >= 64 ? 2 : 0;
  int sum[3] = {};
  int count = 0;
  for (int v = y0 - reach; v <= y0 + reach; ++v) {
    for (int u = x0 - reach; u <= x0 + reach; ++u) {
      const sim::Rgb c = picture.at(u, v);
      sum[0] += c.r;
      sum[1] += c.g;
      sum[2] += c.b;
      ++count;
    }
  }
  const auto mean = [&](int total) { return static_cast<std::uint8_t>((total + count / 2) / count); };
  return {mean(sum[0]), mean(sum[1]), mean(sum[2])};
}

testing::AssertionResult is_near(sim::Rgb actual, sim::Rgb wanted, int tolerance) {
  const int worst =
      std::max({std::abs(actual.r - wanted.r), std::abs(actual.g - wanted.g), std::abs(actual.b - wanted.b)});
  if (worst <= tolerance) {
    return testing::AssertionSuccess();
  }
  return testing::AssertionFailure() << testing::PrintToString(actual) << " is " << worst << " off "
                                     << testing::PrintToString(wanted);
}

testing::AssertionResult is_black_around(const Decoded& picture, const ContentBox& box) {
  constexpr int k_block = 8;
  constexpr int k_black = 2;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const bool near_x = x >= box.x / k_block * k_block && x < (box.x + box.width + k_block - 1) / k_block * k_block;
      const bool near_y = y >= box.y / k_block * k_block && y < (box.y + box.height + k_block - 1) / k_block * k_block;
      const sim::Rgb c = picture.at(x, y);
      if (!(near_x && near_y) && std::max({c.r, c.g, c.b}) > k_black) {
        return testing::AssertionFailure() << testing::PrintToString(c) << " at " << x << "," << y;
      }
    }
  }
  return testing::AssertionSuccess();
}

double difference(const Decoded& a, const Decoded& b) {
  if (a.rgb.size() != b.rgb.size() || a.rgb.empty()) {
    return 255;
  }
  double sum = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i) {
    sum += std::abs(a.rgb[i] - b.rgb[i]);
  }
  return sum / static_cast<double>(a.rgb.size());
}

}  // namespace dbr::image
