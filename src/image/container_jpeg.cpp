// SPDX-License-Identifier: MIT
// JPEG markers from SOI to EOI: the frame header, what the APPn markers say of it, the number of scans, and whether the
// end is there.
#include <algorithm>
#include <vector>

#include "byte_reader.hpp"
#include "containers.hpp"
#include "exif.hpp"

namespace dbr::image {
namespace {

constexpr int k_start_of_scan = 0xDA;
constexpr int k_end_of_image = 0xD9;

bool has_no_length(int marker) {
  return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
}

bool is_frame_header(int marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

struct Frame {
  bool seen = false;
  bool progressive = false;
  bool arithmetic = false;
  std::int64_t coefficient_bytes = 0;
  int components = 0;
};

std::int64_t blocks(std::int64_t extent, int sampling, int max_sampling) {
  const std::int64_t samples = (extent * sampling + max_sampling - 1) / max_sampling;
  return (samples + 7) / 8;
}

void read_frame_header(int marker, std::string_view segment, Frame& frame, Outline& out) {
  ByteReader in(segment);
  const int precision = in.u8();
  out.height = in.be16();
  out.width = in.be16();
  frame.components = in.u8();
  std::vector<int> sampling;
  for (int i = 0; i < frame.components && !in.ran_out(); ++i) {
    in.skip(1);
    sampling.push_back(in.u8());
    in.skip(1);
  }
  int max_h = 1;
  int max_v = 1;
  for (const int factors : sampling) {
    max_h = std::max(max_h, factors >> 4);
    max_v = std::max(max_v, factors & 15);
  }
  constexpr std::int64_t k_block_bytes = 64 * 2;
  for (const int factors : sampling) {
    frame.coefficient_bytes +=
        blocks(out.width, factors >> 4, max_h) * blocks(out.height, factors & 15, max_v) * k_block_bytes;
  }
  frame.seen = true;
  frame.progressive = (marker & 3) == 2;
  frame.arithmetic = marker > 0xC8;
  // Marker C3 and its like are lossless; the hierarchical ones fail in the decoder.
  out.unsupported = precision != 8 || (marker & 3) == 3;
}

using std::string_view_literals::operator""sv;

struct Extras {
  bool exif_seen = false;
};

void read_extra(int marker, std::string_view segment, Extras& extras, Outline& out) {
  constexpr int k_app1 = 0xE1;
  constexpr int k_app2 = 0xE2;
  if (marker == k_app1 && !extras.exif_seen && segment.starts_with("Exif\0\0"sv)) {
    extras.exif_seen = true;
    out.orientation = exif_orientation(segment);
  } else if (marker == k_app2 && segment.starts_with("ICC_PROFILE\0"sv)) {
    out.has_profile = true;
  }
}

bool is_odd(int marker, std::string_view segment) {
  constexpr int k_jfif = 0xE0;
  constexpr int k_adobe = 0xEE;
  if (marker == k_jfif && segment.size() >= 12 && segment.starts_with("JFIF\0"sv)) {
    return segment[5] != 1;  // the major version
  }
  if (marker == k_adobe && segment.size() >= 12 && segment.starts_with("Adobe")) {
    return static_cast<unsigned char>(segment[11]) > 2;  // the colour transform
  }
  return false;
}

/// From the first byte of entropy-coded data to the marker that ends it.
void skip_scan(ByteReader& in) {
  while (true) {
    in.seek_byte(0xFF);
    if (in.left() < 2) {
      in.skip(2);
      return;
    }
    ByteReader ahead = in;
    ahead.skip(1);
    const int next = ahead.peek();
    const bool stuffed_or_restart = next == 0x00 || (next >= 0xD0 && next <= 0xD7);
    if (!stuffed_or_restart && next != 0xFF) {
      return;
    }
    in.skip(next == 0xFF ? 1 : 2);
  }
}

}  // namespace

Outline outline_jpeg(std::string_view bytes) {
  Outline out;
  Frame frame;
  Extras extras;
  bool scans_are_partial = false;
  ByteReader in(bytes);
  in.skip(2);
  while (true) {
    const std::size_t expected = in.position();
    in.seek_byte(0xFF);
    const bool stray = in.position() != expected;
    while (in.peek() == 0xFF) {
      in.skip(1);
    }
    const int marker = in.u8();
    if (in.ran_out()) {
      out.truncated = true;
      break;
    }
    if (marker == k_end_of_image) {
      break;
    }
    out.odd_header = out.odd_header || (out.scans == 0 && (stray || marker == 0));
    if (marker == 0 || has_no_length(marker)) {
      continue;
    }
    const int length = in.be16();
    const std::string_view segment = in.take(length < 2 ? 0 : static_cast<std::uint64_t>(length - 2));
    if (in.ran_out()) {
      out.truncated = true;
      break;
    }
    out.odd_header = out.odd_header || is_odd(marker, segment);
    if (out.scans == 0) read_extra(marker, segment, extras, out);
    if (is_frame_header(marker) && !frame.seen) {
      read_frame_header(marker, segment, frame, out);
    } else if (marker == k_start_of_scan) {
      ++out.scans;
      scans_are_partial = scans_are_partial || (!segment.empty() && segment[0] != frame.components);
      skip_scan(in);
    }
  }
  if (frame.progressive || scans_are_partial) {
    out.held_bytes = frame.coefficient_bytes;
  }
  out.is_plain = (frame.components == 1 || frame.components == 3) && !out.unsupported && !frame.arithmetic &&
                 !out.odd_header && !out.truncated;
  return out;
}

}  // namespace dbr::image
