// SPDX-License-Identifier: MIT
// One post of the generated site, before anyone writes it down. Row i of a seed is the same post in every shape, but
// for its times, which end with the year of the shape, and what follows from them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "moments.hpp"
#include "vocabulary.hpp"

namespace dbr::bench {

enum class FileKind : std::uint8_t { jpg, png, gif, webp, mp4, webm, zip, swf };
constexpr std::array<std::string_view, 8> k_extensions = {"jpg", "png", "gif", "webp", "mp4", "webm", "zip", "swf"};

struct Source {
  std::array<char, 200> text;
  std::uint32_t size = 0;
  std::uint32_t pixiv_id = 0;
  std::string_view view() const { return {text.data(), size}; }
};

struct Post {
  static constexpr std::size_t k_most_tags = 80;

  std::uint32_t id, uploader, approver, parent, asset_id;  // 0 is nobody, no post
  Moment created, updated, last_commented, last_noted;     // 0 is never
  std::int32_t up_score, down_score, fav_count, bit_flags;
  std::uint32_t width, height, file_size, duration_ms;  // duration: 0 for what does not move
  FileKind kind;
  char rating;  // today's letters
  bool has_children, is_pending, is_flagged, is_deleted, is_banned;
  std::array<char, 32> md5, pixel_hash;
  std::array<char, 9> file_key;
  Source source;
  std::array<TagNumber, k_most_tags> tags;  // by name, none twice
  std::uint32_t tag_count;
  std::array<std::uint32_t, 2> pools;
  std::uint32_t pool_count;
};

}  // namespace dbr::bench
