// SPDX-License-Identifier: MIT
// odd-jpeg: JPEG files that no common encoder can be talked into. Samples on stdin, the file on stdout:
//   odd-jpeg 640 480 in=rgb out=ycc sampling=2x1,1x2,1x1 arithmetic progressive restart=3 quality=90 bare ids=82,71,66
// `in` and `out` are grey, rgb, ycc, cmyk or ycck; `bare` leaves out the JFIF and Adobe markers.
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

// jpeglib.h needs the first of the above.
#include <jpeglib.h>

namespace {

using Options = std::map<std::string, std::string>;

J_COLOR_SPACE colour_space(const std::string& name) {
  static const std::map<std::string, J_COLOR_SPACE> spaces{
      {"grey", JCS_GRAYSCALE}, {"rgb", JCS_RGB}, {"ycc", JCS_YCbCr}, {"cmyk", JCS_CMYK}, {"ycck", JCS_YCCK}};
  return spaces.at(name);
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, ',');) parts.push_back(part);
  return parts;
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 3; i < argc; ++i) {
    const std::string word = argv[i];
    const auto equals = word.find('=');
    options[word.substr(0, equals)] = equals == std::string::npos ? "" : word.substr(equals + 1);
  }
  return options;
}

void set_up(jpeg_compress_struct& info, const Options& options) {
  info.in_color_space = colour_space(options.at("in"));
  const std::map<J_COLOR_SPACE, int> components{
      {JCS_GRAYSCALE, 1}, {JCS_RGB, 3}, {JCS_YCbCr, 3}, {JCS_CMYK, 4}, {JCS_YCCK, 4}};
  info.input_components = components.at(info.in_color_space);
  jpeg_set_defaults(&info);
  jpeg_set_colorspace(&info, colour_space(options.at("out")));
  jpeg_set_quality(&info, options.contains("quality") ? std::stoi(options.at("quality")) : 92, TRUE);
  if (options.contains("sampling")) {
    const auto factors = split(options.at("sampling"));
    for (std::size_t i = 0; i < factors.size(); ++i) {
      info.comp_info[i].h_samp_factor = factors[i].at(0) - '0';
      info.comp_info[i].v_samp_factor = factors[i].at(2) - '0';
    }
  }
  if (options.contains("ids")) {
    const auto ids = split(options.at("ids"));
    for (std::size_t i = 0; i < ids.size(); ++i) info.comp_info[i].component_id = std::stoi(ids[i]);
  }
  if (options.contains("bare")) info.write_JFIF_header = info.write_Adobe_marker = FALSE;
  if (options.contains("restart")) info.restart_interval = static_cast<unsigned>(std::stoi(options.at("restart")));
  if (options.contains("progressive")) jpeg_simple_progression(&info);
  info.arith_code = options.contains("arithmetic") ? TRUE : FALSE;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return EXIT_FAILURE;
  const Options options = parse(argc, argv);
  std::vector<char> samples{std::istreambuf_iterator<char>(std::cin), {}};
  jpeg_error_mgr errors{};
  jpeg_compress_struct info{};
  info.err = jpeg_std_error(&errors);  // its handler says what is wrong and exits
  jpeg_create_compress(&info);
  jpeg_stdio_dest(&info, stdout);
  info.image_width = static_cast<JDIMENSION>(std::stoi(argv[1]));
  info.image_height = static_cast<JDIMENSION>(std::stoi(argv[2]));
  set_up(info, options);
  const std::size_t stride = std::size_t{info.image_width} * static_cast<std::size_t>(info.input_components);
  if (samples.size() != stride * info.image_height) return EXIT_FAILURE;
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    auto* row = reinterpret_cast<JSAMPROW>(samples.data() + info.next_scanline * stride);
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  return EXIT_SUCCESS;
}
