// SPDX-License-Identifier: MIT
#include "packed_bytes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>

#include "dbr/base/bits.hpp"
#include "dbr/base/varint.hpp"

namespace dbr::metadata {
namespace {

constexpr std::array<std::string_view, 56> k_words = {
    "g",          "s",          "q",          "e",        "jpg",         "png",       "gif",       "webp",
    "avif",       "mp4",        "webm",       "swf",      "zip",         "rar",       "mpg",       "jpeg",
    "active",     "deleted",    "processing", "expunged", "failed",      "retired",   "pending",   "error",
    "series",     "collection", "180x180",    "360x360",  "720x720",     "sample",    "full",      "original",
    "Member",     "Gold",       "Platinum",   "Builder",  "Contributor", "Approver",  "Moderator", "Admin",
    "Restricted", "Owner",      "Janitor",    "Banned",   "rejected",    "succeeded", "approved",  "Blocked",
    "true",       "false",      "none",       "unknown",  "bvh",         "ugoira",    "mp3",       "ogg"};

}  // namespace

void put_signed(std::string& out, std::int64_t number) {
  put_varint(out, (static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63));
}

void put_text(std::string& out, std::string_view text) {
  put_varint(out, text.size());
  out += text;
}

std::uint64_t ByteSource::number() {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const unsigned char next = byte();
    number |= static_cast<std::uint64_t>(next & 0x7f) << shift;
    if (next < 0x80) return number;
  }
  m_is_broken = true;
  return 0;
}

std::int64_t ByteSource::signed_number() {
  const std::uint64_t number = this->number();
  return static_cast<std::int64_t>(number >> 1) ^ -static_cast<std::int64_t>(number & 1);
}

std::string_view ByteSource::bytes(std::uint64_t count) {
  if (count > m_rest.size()) {
    m_is_broken = true;
    m_rest = {};
    return {};
  }
  const std::string_view found = m_rest.substr(0, count);
  m_rest.remove_prefix(count);
  return found;
}

unsigned char ByteSource::byte() {
  const std::string_view one = bytes(1);
  return one.empty() ? 0 : static_cast<unsigned char>(one[0]);
}

// First a width. With 0, distances follow: good for ascending numbers. Else numbers in Golomb-Rice code of that width,
// which is better for a few numbers in any order.
void put_number_list(std::string& out, const std::vector<std::int64_t>& numbers) {
  std::string distances(1, '\0');
  put_varint(distances, numbers.size());
  std::int64_t before = 0;
  for (const std::int64_t number : numbers) {
    put_signed(distances, number - before);
    before = number;
  }
  const auto [least, most] = std::ranges::minmax_element(numbers);
  if (numbers.size() < 2 || *least < 0) {
    out += distances;
    return;
  }
  const auto width = std::clamp(static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(*most))), 2U, 33U) - 1;
  std::string coded(1, static_cast<char>(width));
  put_varint(coded, numbers.size());
  BitWriter writer(coded);
  for (const std::int64_t number : numbers) writer.put(static_cast<std::uint64_t>(number), width);
  writer.flush();
  out += coded.size() < distances.size() ? coded : distances;
}

std::vector<std::int64_t> take_number_list(ByteSource& source) {
  const unsigned width = source.byte();
  const std::uint64_t count = source.number();
  std::vector<std::int64_t> numbers;
  if (width == 0) {
    std::uint64_t number = 0;  // unsigned: damaged bytes may overflow
    for (std::uint64_t i = 0; i < count && !source.is_broken(); ++i) {
      number += static_cast<std::uint64_t>(source.signed_number());
      if (!source.is_broken()) numbers.push_back(static_cast<std::int64_t>(number));
    }
    return numbers;
  }
  BitReader reader(source.rest());
  for (std::uint64_t i = 0; i < count && !reader.is_at_end(); ++i) {
    numbers.push_back(static_cast<std::int64_t>(reader.number(std::min(width, 32U))));
  }
  source.bytes(reader.is_at_end() ? ~std::uint64_t{0} : reader.bytes_read());
  return numbers;
}

std::optional<unsigned char> word_index(std::string_view word) {
  if (word.size() > 11) return std::nullopt;
  const auto found = std::ranges::find(k_words, word);
  if (found == k_words.end()) return std::nullopt;
  return static_cast<unsigned char>(found - k_words.begin());
}

std::string_view word_at(unsigned char index) {
  return index < k_words.size() ? k_words[index] : std::string_view();
}

std::optional<std::int64_t> parse_number_text(std::string_view text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || at != end) return std::nullopt;
  const std::string_view digits = text.substr(number < 0 ? 1 : 0);
  if (digits[0] == '-' || (digits[0] == '0' && text != "0")) return std::nullopt;
  return number;
}

}  // namespace dbr::metadata
