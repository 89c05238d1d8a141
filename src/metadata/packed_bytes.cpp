// SPDX-License-Identifier: MIT
#include "packed_bytes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "dbr/base/varint.hpp"

namespace dbr::metadata {
namespace {

// ASCII needs seven bits. The other 128 codes are the pairs of digits, then these.
constexpr unsigned char k_first_pair = 0x80;
constexpr unsigned char k_first_piece = k_first_pair + 100;
constexpr std::array<std::string_view, 28> k_pieces = {
    "https://i.pximg.net/img-original/img/",
    "https://www.pixiv.net/",
    "https://twitter.com/",
    "https://pbs.twimg.com/media/",
    "https://x.com/",
    "https://www.",
    "https://",
    "http://i1.pixiv.net/img",
    "http://i2.pixiv.net/img",
    "http://www.pixiv.net/member_illust.php?mode=",
    "http://www.",
    "http://",
    "/status/",
    ".pixiv.net/",
    "img-original/img/",
    "?format=jpg&name=orig",
    "artworks/",
    "illust_id=",
    "_p0.jpg",
    "_p0.png",
    ".com/",
    ".net/",
    ".jp/",
    ".jpg",
    ".png",
    "post",
    "image",
    "the ",
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

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

// The length is that of what follows, doubled; odd when it is packed.
void put_packed_text(std::string& out, std::string_view text) {
  const bool is_ascii = std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!is_ascii) {
    put_varint(out, text.size() * 2);
    out += text;
    return;
  }
  std::string packed;
  for (std::size_t at = 0; at < text.size();) {
    if (at + 1 < text.size() && is_digit(text[at]) && is_digit(text[at + 1])) {
      packed += static_cast<char>(k_first_pair + (text[at] - '0') * 10 + (text[at + 1] - '0'));
      at += 2;
      continue;
    }
    const auto piece =
        std::ranges::find_if(k_pieces, [&](std::string_view p) { return text.substr(at).starts_with(p); });
    if (piece != k_pieces.end()) {
      packed += static_cast<char>(k_first_piece + (piece - k_pieces.begin()));
      at += piece->size();
    } else {
      packed += text[at++];
    }
  }
  put_varint(out, packed.size() * 2 + 1);
  out += packed;
}

void append_packed_text(ByteSource& source, std::string& out) {
  const std::uint64_t head = source.number();
  const std::string_view bytes = source.bytes(head / 2);
  if (head % 2 == 0) {
    out += bytes;
    return;
  }
  for (const char c : bytes) {
    const auto code = static_cast<unsigned char>(c);
    if (code < k_first_pair) {
      out += c;
    } else if (code < k_first_piece) {
      out += static_cast<char>('0' + (code - k_first_pair) / 10);
      out += static_cast<char>('0' + (code - k_first_pair) % 10);
    } else {
      out += k_pieces[code - k_first_piece];
    }
  }
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
