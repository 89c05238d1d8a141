// SPDX-License-Identifier: MIT
// What the fuzzers of pictures share: the checks of one result, and bytes that get past the sums of PNG.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "dbr/image/ml_form.hpp"

namespace dbr::fuzz {

/// The settings depend on the bytes, so that all of them are met; small, so that many inputs are.
inline image::MlSettings settings_for(std::string_view bytes, image::Lane lane) {
  std::size_t drawn = bytes.size();
  for (const char c : bytes.substr(0, 4096)) drawn = drawn * 31 + static_cast<unsigned char>(c);
  image::MlSettings settings{.lane = lane, .max_pixels = 300'000, .max_memory = std::int64_t{64} << 20};
  settings.size = 1 + static_cast<int>(drawn % 61);
  settings.fit = static_cast<image::Fit>(drawn / 61 % 3);
  settings.enlarge = drawn / 183 % 4 == 0;
  if (drawn / 732 % 3 == 0) settings.background = std::nullopt;
  settings.on_truncated = drawn / 2196 % 2 == 0 ? image::OnTruncated::accept : image::OnTruncated::reject;
  settings.subsampling = drawn / 4392 % 2 == 0 ? image::Subsampling::half : image::Subsampling::none;
  return settings;
}

inline image::MlForm checked_form(std::string_view bytes, image::Lane lane) {
  auto form = image::make_ml_form(bytes, settings_for(bytes, lane));
  const bool is_done = form.state == image::MlState::done;
  if (is_done == form.jpeg.empty() || is_done != form.reason.empty()) __builtin_trap();
  return form;
}

/// The chunks' sums put right: without that hardly any changed PNG would be decoded.
inline std::string with_right_sums(std::string_view png) {
  std::string out(png);
  const auto byte = [&](std::size_t at) { return static_cast<std::uint32_t>(static_cast<unsigned char>(out[at])); };
  std::size_t at = 8;
  while (at + 12 <= out.size()) {
    const std::size_t length = byte(at) << 24 | byte(at + 1) << 16 | byte(at + 2) << 8 | byte(at + 3);
    if (length > out.size() - at - 12) break;
    const auto* covered = reinterpret_cast<const unsigned char*>(out.data() + at + 4);
    const auto sum = crc32(0, covered, static_cast<unsigned>(length + 4));
    for (int i = 0; i < 4; ++i) out[at + 8 + length + i] = static_cast<char>(sum >> (24 - 8 * i));
    at += length + 12;
  }
  return out;
}

/// The bytes as they are and, of a PNG, with right sums.
template <typename Check>
void for_each_form(std::string_view bytes, Check check) {
  check(bytes);
  if (!bytes.starts_with("\x89PNG\r\n\x1A\n")) return;
  const std::string repaired = with_right_sums(bytes);
  if (repaired != bytes) check(repaired);
}

}  // namespace dbr::fuzz
