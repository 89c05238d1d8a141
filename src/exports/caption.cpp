// SPDX-License-Identifier: MIT
#include "caption.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "dbr/base/log.hpp"

namespace dbr::exports {
namespace {

using metadata::TagCategory;

constexpr std::array k_order = {TagCategory::character, TagCategory::copyright, TagCategory::artist,
                                TagCategory::general, TagCategory::meta};

// Categories the site may add are as telling as general tags.
std::ptrdiff_t rank_of(int category) {
  const auto found = std::ranges::find(k_order, static_cast<TagCategory>(category));
  return (found == k_order.end() ? std::ranges::find(k_order, TagCategory::general) : found) - k_order.begin();
}

// Code points of UTF-8: the bytes that do not continue one.
std::ptrdiff_t characters_in(std::string_view text) {
  return std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

void append_words(std::string& text, std::string_view tag) {
  const std::size_t start = text.size();
  text += tag;
  if (characters_in(tag) > 3) std::replace(text.begin() + static_cast<std::ptrdiff_t>(start), text.end(), '_', ' ');
}

}  // namespace

Caption make_caption(std::span<const metadata::TagUse> tags) {
  std::vector<const metadata::TagUse*> ordered;
  ordered.reserve(tags.size());
  for (const metadata::TagUse& tag : tags) ordered.push_back(&tag);
  std::ranges::stable_sort(ordered, {}, [](const metadata::TagUse* tag) { return rank_of(tag->category); });
  Caption caption;
  for (const metadata::TagUse* tag : ordered) {
    if (tag->name.find_first_of(",\n\r") != std::string::npos) {
      ++caption.refused;
      continue;
    }
    if (!caption.text.empty()) caption.text += ", ";
    append_words(caption.text, tag->name);
  }
  return caption;
}

void warn_of_refused(std::string_view file, std::int64_t refused) {
  if (refused == 0) return;
  log::warning("captions of {} cannot hold tags with commas or line breaks in their names: {} were left out", file,
               refused);
}

}  // namespace dbr::exports
