// SPDX-License-Identifier: MIT
// Texts of digits and of what URLs are made of in half their length.
#include <algorithm>
#include <array>

#include "dbr/base/varint.hpp"
#include "packed_bytes.hpp"

namespace dbr::metadata {
namespace {

// ASCII needs seven bits. The other 128 codes are the pairs of digits, then these, then a moment as pixiv writes it.
constexpr unsigned char k_first_pair = 0x80;
constexpr unsigned char k_first_piece = k_first_pair + 100;
constexpr std::array<std::string_view, 27> k_pieces = {
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
};

constexpr unsigned char k_path_moment = 0xff;  // "2005/05/24/02/31/29/" in seconds, four bytes
constexpr std::size_t k_path_moment_size = 20;
static_assert(k_first_piece + k_pieces.size() == k_path_moment);

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

void append_path_moment(std::string& out, std::uint32_t seconds) {
  std::string text;
  append_zulu(text, std::int64_t{seconds} * 1000);
  text.resize(k_path_moment_size);
  for (const std::size_t slash : {4, 7, 10, 13, 16, 19}) text[slash] = '/';
  out += text;
}

std::optional<std::uint32_t> parse_path_moment(std::string_view text) {
  if (text.size() < k_path_moment_size) return std::nullopt;
  std::string zulu(text.substr(0, k_path_moment_size));
  for (const std::size_t slash : {4, 7, 10, 13, 16, 19}) {
    if (zulu[slash] != '/') return std::nullopt;
  }
  zulu[4] = zulu[7] = '-';
  zulu[10] = 'T';
  zulu[13] = zulu[16] = ':';
  zulu.replace(19, 1, ".000Z");
  const auto milliseconds = parse_zulu(zulu);
  if (!milliseconds || *milliseconds < 0 || *milliseconds >= std::int64_t{1000} << 32) return std::nullopt;
  return static_cast<std::uint32_t>(*milliseconds / 1000);
}

}  // namespace

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
    if (const auto moment = is_digit(text[at]) ? parse_path_moment(text.substr(at)) : std::nullopt) {
      packed += static_cast<char>(k_path_moment);
      for (unsigned shift = 0; shift < 32; shift += 8) packed += static_cast<char>(*moment >> shift);
      at += k_path_moment_size;
      continue;
    }
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
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const auto code = static_cast<unsigned char>(bytes[at]);
    if (code < k_first_pair) {
      out += bytes[at];
    } else if (code < k_first_piece) {
      out += static_cast<char>('0' + (code - k_first_pair) / 10);
      out += static_cast<char>('0' + (code - k_first_pair) % 10);
    } else if (code < k_path_moment) {
      out += k_pieces[code - k_first_piece];
    } else {
      std::uint32_t seconds = 0;
      for (unsigned shift = 0; shift < 32 && ++at < bytes.size(); shift += 8) {
        seconds |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at])) << shift;
      }
      append_path_moment(out, seconds);
    }
  }
}

}  // namespace dbr::metadata
