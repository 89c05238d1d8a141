// SPDX-License-Identifier: MIT
// libjpeg three times over: coefficients out, coefficients in, and out again to compare. The comparison is of 512-bit
// prints, so that one set of coefficients is enough: it guards against faults of our own making, not against an
// adversary.
#include "dbr/image/optimize.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>

#include "dbr/image/sniff.hpp"
#include "jpeg_errors.hpp"
#include "optimize_look.hpp"

// After jpeglib.h, which jpeg_errors.hpp brings.
#include <jerror.h>

namespace dbr::image {
namespace {

constexpr unsigned k_longest_marker = 0xFFFF;

// The buffer is as long as the source: what does not fit is no gain.
struct Destination {
  jpeg_destination_mgr base;
  bool is_full;
};

void begin_writing(j_compress_ptr) {}
void end_writing(j_compress_ptr) {}
boolean jump_when_full(j_compress_ptr info) {
  reinterpret_cast<Destination*>(info->dest)->is_full = true;
  (*info->err->error_exit)(reinterpret_cast<j_common_ptr>(info));
  return FALSE;
}

bool is_unsupported(int code) {
  constexpr std::array k_codes = {JERR_ARITH_NOTIMPL, JERR_BAD_PRECISION, JERR_CCIR601_NOTIMPL, JERR_COMPONENT_COUNT,
                                  JERR_NOT_COMPILED,  JERR_NOTIMPL,       JERR_SOF_UNSUPPORTED, JERR_IMAGE_TOO_BIG};
  return std::ranges::find(k_codes, code) != k_codes.end();
}

std::int64_t round_up(std::int64_t value, std::int64_t unit) {
  return (value + unit - 1) / unit * unit;
}

// A picture being read. Plain data, except that it has to be closed.
struct Reader {
  JpegErrors errors;
  jpeg_decompress_struct info{};
  jvirt_barray_ptr* coefficients = nullptr;

  Reader() { info.err = errors.manager(); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { jpeg_destroy_decompress(&info); }

  bool read_header(std::string_view bytes) {
    return errors.guard([&] {
      jpeg_create_decompress(&info);
      jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
      jpeg_save_markers(&info, JPEG_COM, k_longest_marker);
      for (int i = 0; i < 16; ++i) jpeg_save_markers(&info, JPEG_APP0 + i, k_longest_marker);
      jpeg_read_header(&info, TRUE);
    });
  }

  std::int64_t coefficient_bytes() const {
    std::int64_t bytes = 0;
    for (int i = 0; i < info.num_components; ++i) {
      const jpeg_component_info& component = info.comp_info[i];
      bytes += round_up(component.width_in_blocks, component.h_samp_factor) *
               round_up(component.height_in_blocks, component.v_samp_factor) * std::int64_t{sizeof(JBLOCK)};
    }
    return bytes;
  }

  // Saved so far.
  int segments() const {
    int count = 0;
    for (auto marker = info.marker_list; marker != nullptr; marker = marker->next) ++count;
    return count;
  }

  // Up to EOI.
  bool read_coefficients() {
    return errors.guard([&] { coefficients = jpeg_read_coefficients(&info); });
  }

  // Decoders smooth over what scans have not told them yet; written anew, every scan is there.
  bool has_all_scans() const {
    if (info.progressive_mode == FALSE) return true;
    const auto* bits = &info.coef_bits[0][0];
    return std::all_of(bits, bits + std::ptrdiff_t{info.num_components} * DCTSIZE2,
                       [](int unknown) { return unknown == 0; });
  }
};

struct Writer {
  JpegErrors errors;
  jpeg_compress_struct info{};
  Destination destination{};

  Writer() {
    info.err = errors.manager();
    destination.base.init_destination = begin_writing;
    destination.base.empty_output_buffer = jump_when_full;
    destination.base.term_destination = end_writing;
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() { jpeg_destroy_compress(&info); }

  bool write(Reader& source, char* into, std::size_t room) {
    return errors.guard([&] {
      jpeg_create_compress(&info);
      info.dest = &destination.base;
      destination.base.next_output_byte = reinterpret_cast<JOCTET*>(into);
      destination.base.free_in_buffer = room;
      jpeg_copy_critical_parameters(&source.info, &info);
      info.optimize_coding = TRUE;
      // The source's own markers are written instead, wherever they stood.
      info.write_JFIF_header = FALSE;
      info.write_Adobe_marker = FALSE;
      if (source.info.progressive_mode != FALSE) jpeg_simple_progression(&info);
      jpeg_write_coefficients(&info, source.coefficients);
      for (auto marker = source.info.marker_list; marker != nullptr; marker = marker->next) {
        jpeg_write_marker(&info, marker->marker, marker->data, marker->data_length);
      }
      jpeg_finish_compress(&info);
    });
  }
};

using Print = std::array<std::uint64_t, 8>;

// Eight lanes of eight bytes: whatever differs in one of them changes it for good.
void add_to(Print& print, const void* bytes, std::size_t size) {
  constexpr std::uint64_t k_odd = 33;  // a shift and a sum, which SSE2 has
  const auto* from = static_cast<const unsigned char*>(bytes);
  Print lanes = print;  // in registers
  Print words;
  const auto mix = [&] {
    for (std::size_t i = 0; i < words.size(); ++i) lanes[i] = std::rotl(lanes[i] ^ words[i], 29) * k_odd;
  };
  for (; size >= sizeof words; size -= sizeof words, from += sizeof words) {
    std::memcpy(words.data(), from, sizeof words);
    mix();
  }
  if (size > 0) {
    words = {};
    std::memcpy(words.data(), from, size);
    mix();
  }
  print = lanes;
}

void add_number(Print& print, std::int64_t number) {
  add_to(print, &number, sizeof number);
}

// Everything that makes the pixels, and the segments kept beside them.
Print fingerprint(Reader& reader) {
  Print print{};
  const jpeg_decompress_struct& info = reader.info;
  for (const std::int64_t fact :
       {std::int64_t{info.image_width}, std::int64_t{info.image_height}, std::int64_t{info.num_components},
        std::int64_t{info.jpeg_color_space}, std::int64_t{info.progressive_mode}}) {
    add_number(print, fact);
  }
  for (auto marker = info.marker_list; marker != nullptr; marker = marker->next) {
    add_number(print, marker->marker);
    add_number(print, marker->data_length);
    add_to(print, marker->data, marker->data_length);
  }
  for (int i = 0; i < info.num_components; ++i) {
    const jpeg_component_info& component = info.comp_info[i];
    for (const int fact : {component.component_id, component.h_samp_factor, component.v_samp_factor}) {
      add_number(print, fact);
    }
    if (component.quant_table != nullptr) {
      add_to(print, component.quant_table->quantval, sizeof component.quant_table->quantval);
    }
    for (JDIMENSION row = 0; row < component.height_in_blocks; ++row) {
      // The array is whole in memory: to look at a row cannot fail.
      const auto blocks = (*info.mem->access_virt_barray)(reinterpret_cast<j_common_ptr>(&reader.info),
                                                          reader.coefficients[i], row, 1, FALSE)[0];
      add_to(print, blocks, component.width_in_blocks * sizeof(JBLOCK));
    }
  }
  return print;
}

Optimized fault_of(Reader& reader) {
  const int code = reader.errors.code();
  const OptimizeResult result = code == JERR_OUT_OF_MEMORY ? OptimizeResult::too_large
                                : is_unsupported(code)     ? OptimizeResult::unsupported
                                                           : OptimizeResult::damaged;
  return {.result = result, .detail = reader.errors.message(reinterpret_cast<j_common_ptr>(&reader.info))};
}

// The picture in the bytes; nothing where they cannot be read without a complaint.
std::optional<Print> fingerprint(std::string_view bytes, std::string& complaint) {
  Reader reader;
  if (!reader.read_header(bytes) || !reader.read_coefficients()) {
    complaint = reader.errors.message(reinterpret_cast<j_common_ptr>(&reader.info));
    return std::nullopt;
  }
  return fingerprint(reader);
}

// Why it is not even read; `smaller` when it is.
OptimizeResult reason_to_skip(std::string_view bytes, const CodingLook& look, const OptimizeLimits& limits) {
  if (sniff(bytes.substr(0, k_sniff_size)) != Kind::jpeg) return OptimizeResult::not_jpeg;
  if (static_cast<std::int64_t>(bytes.size()) > limits.max_bytes) return OptimizeResult::too_large;
  if (!look.has_end) return OptimizeResult::damaged;
  if (!look.is_supported) return OptimizeResult::unsupported;
  if (!look.may_gain) return OptimizeResult::cannot_gain;
  if (look.trailing_bytes > 0) return OptimizeResult::trailing_data;
  const bool is_too_large = look.coefficient_bytes > limits.max_coefficient_bytes || look.scans > limits.max_scans;
  return is_too_large ? OptimizeResult::too_large : OptimizeResult::smaller;
}

// Writes it anew, and says what picture it was.
Optimized recode(std::string_view bytes, const OptimizeLimits& limits, Print& print) {
  Reader source;
  if (!source.read_header(bytes)) return fault_of(source);
  // The look may have taken another segment for the frame header; this is what will be allocated.
  if (source.coefficient_bytes() > limits.max_coefficient_bytes) return {.result = OptimizeResult::too_large};
  if (source.info.arith_code != FALSE) return {.result = OptimizeResult::unsupported};
  const int segments_before = source.segments();
  if (!source.read_coefficients()) return fault_of(source);
  // Written before the pixels they would count, which they do not where they are.
  if (source.segments() > segments_before) return {.result = OptimizeResult::unsupported, .detail = "late segments"};
  if (!source.has_all_scans()) return {.result = OptimizeResult::damaged, .detail = "scans are missing"};
  if (source.info.src->bytes_in_buffer > 0) return {.result = OptimizeResult::trailing_data};

  std::string jpeg(bytes.size(), '\0');
  Writer writer;
  if (!writer.write(source, jpeg.data(), jpeg.size())) {
    if (writer.destination.is_full) return {.result = OptimizeResult::not_smaller};
    return {.result = OptimizeResult::unsupported,
            .detail = writer.errors.message(reinterpret_cast<j_common_ptr>(&writer.info))};
  }
  jpeg.resize(jpeg.size() - writer.destination.base.free_in_buffer);
  if (jpeg.size() == bytes.size()) return {.result = OptimizeResult::not_smaller};
  print = fingerprint(source);
  return {.result = OptimizeResult::smaller, .jpeg = std::move(jpeg)};
}

}  // namespace

std::string_view to_string(OptimizeResult result) {
  switch (result) {
    case OptimizeResult::smaller:
      return "smaller";
    case OptimizeResult::not_jpeg:
      return "not_jpeg";
    case OptimizeResult::cannot_gain:
      return "cannot_gain";
    case OptimizeResult::not_smaller:
      return "not_smaller";
    case OptimizeResult::trailing_data:
      return "trailing_data";
    case OptimizeResult::damaged:
      return "damaged";
    case OptimizeResult::unsupported:
      return "unsupported";
    case OptimizeResult::too_large:
      return "too_large";
    case OptimizeResult::differs:
      return "differs";
  }
  return "";
}

Optimized optimize_jpeg(std::string_view bytes, const OptimizeLimits& limits) {
  const OptimizeResult skipped = reason_to_skip(bytes, look_at_coding(bytes), limits);
  if (skipped != OptimizeResult::smaller) return {.result = skipped};
  Print print;
  Optimized optimized = recode(bytes, limits, print);
  if (optimized.result != OptimizeResult::smaller) return optimized;
  // The source's coefficients are gone: there is never more than one set of them.
  const auto made = fingerprint(optimized.jpeg, optimized.detail);
  if (made == print) return optimized;
  return {.result = OptimizeResult::differs, .detail = std::move(optimized.detail)};
}

std::int64_t memory_to_optimize(std::string_view bytes, const OptimizeLimits& limits) {
  const CodingLook look = look_at_coding(bytes);
  if (reason_to_skip(bytes, look, limits) != OptimizeResult::smaller) return 0;
  return look.coefficient_bytes + static_cast<std::int64_t>(bytes.size());
}

}  // namespace dbr::image
