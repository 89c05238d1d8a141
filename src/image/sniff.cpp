// SPDX-License-Identifier: MIT
// Magic numbers, most telling first; HTML last because it is a guess over text.
#include "dbr/image/sniff.hpp"

#include <algorithm>
#include <array>

#include "byte_reader.hpp"
#include "containers.hpp"

namespace dbr::image {
namespace {

using std::string_view_literals::operator""sv;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool starts_with_lower(std::string_view text, std::string_view wanted) {
  return text.size() >= wanted.size() &&
         std::equal(wanted.begin(), wanted.end(), text.begin(), [](char a, char b) { return a == lower(b); });
}

bool contains_lower(std::string_view text, std::string_view wanted) {
  return std::search(text.begin(), text.end(), wanted.begin(), wanted.end(),
                     [](char a, char b) { return lower(a) == b; }) != text.end();
}

bool is_html(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) {
    head.remove_prefix(3);
  }
  while (!head.empty() && is_space(head.front())) {
    head.remove_prefix(1);
  }
  constexpr std::array k_openings = {"<!doctype html"sv, "<html"sv, "<head"sv,   "<body"sv, "<title"sv,
                                     "<script"sv,        "<!--"sv,  "<center"sv, "<h1"sv,   "<meta"sv};
  if (std::any_of(k_openings.begin(), k_openings.end(), [&](auto tag) { return starts_with_lower(head, tag); })) {
    return true;
  }
  return starts_with_lower(head, "<?xml") && contains_lower(head, "<html");
}

bool is_bmp(std::string_view head) {
  ByteReader in(head);
  if (in.take(2) != "BM") {
    return false;
  }
  in.skip(12);
  // "BM" alone is two letters of text: the size of the second header makes it one.
  constexpr std::array<std::uint32_t, 7> k_header_sizes = {12, 40, 52, 56, 64, 108, 124};
  const std::uint32_t size = in.le32();
  return std::find(k_header_sizes.begin(), k_header_sizes.end(), size) != k_header_sizes.end();
}

bool is_flash(std::string_view head) {
  if (!(head.starts_with("FWS") || head.starts_with("CWS") || head.starts_with("ZWS"))) {
    return false;
  }
  // Three letters are too few: the version and the length after them make it Flash, not a text.
  constexpr int k_newest_version = 60;
  constexpr std::uint32_t k_longest = 1U << 30;
  ByteReader in(head.substr(3));
  const int version = in.u8();
  const std::uint32_t length = in.le32();
  return !in.ran_out() && version >= 1 && version <= k_newest_version && length >= 8 && length < k_longest;
}

Kind sniff_ftyp(std::string_view head) {
  if (has_brand(head, "avif") || has_brand(head, "avis")) {
    return Kind::avif;
  }
  constexpr std::array k_other_pictures = {"heic"sv, "heix"sv, "hevc"sv, "hevx"sv, "heim"sv,
                                           "heis"sv, "mif1"sv, "msf1"sv, "jxl "sv};
  const std::string_view major = head.substr(8, 4);
  if (std::find(k_other_pictures.begin(), k_other_pictures.end(), major) != k_other_pictures.end()) {
    return Kind::unknown;
  }
  return Kind::mp4;
}

}  // namespace

Kind sniff(std::string_view head) {
  if (head.empty()) {
    return Kind::empty;
  }
  if (head.starts_with("\xFF\xD8\xFF")) {
    return Kind::jpeg;
  }
  if (head.starts_with("\x89PNG\r\n\x1A\n"sv)) {
    return Kind::png;
  }
  if (head.starts_with("GIF87a") || head.starts_with("GIF89a")) {
    return Kind::gif;
  }
  if (head.starts_with("RIFF") && head.size() >= 12 && head.substr(8, 4) == "WEBP") {
    return Kind::webp;
  }
  if (head.size() >= 12 && head.substr(4, 4) == "ftyp") {
    return sniff_ftyp(head);
  }
  if (head.starts_with("\x1A\x45\xDF\xA3")) {
    return Kind::webm;
  }
  if (head.starts_with("PK\x03\x04") || head.starts_with("PK\x05\x06") || head.starts_with("PK\x07\x08")) {
    return Kind::zip;
  }
  if (is_flash(head)) {
    return Kind::flash;
  }
  if (is_bmp(head)) {
    return Kind::bmp;
  }
  return is_html(head.substr(0, k_sniff_size)) ? Kind::html : Kind::unknown;
}

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::empty:
      return "empty";
    case Kind::jpeg:
      return "jpeg";
    case Kind::png:
      return "png";
    case Kind::gif:
      return "gif";
    case Kind::webp:
      return "webp";
    case Kind::avif:
      return "avif";
    case Kind::bmp:
      return "bmp";
    case Kind::mp4:
      return "mp4";
    case Kind::webm:
      return "webm";
    case Kind::flash:
      return "flash";
    case Kind::zip:
      return "zip";
    case Kind::html:
      return "html";
    case Kind::unknown:
      break;
  }
  return "unknown";
}

bool matches_extension(Kind kind, std::string_view extension) {
  switch (kind) {
    case Kind::jpeg:
      return extension == "jpg" || extension == "jpeg";
    case Kind::flash:
      return extension == "swf";
    case Kind::png:
    case Kind::gif:
    case Kind::webp:
    case Kind::avif:
    case Kind::bmp:
    case Kind::mp4:
    case Kind::webm:
    case Kind::zip:
    case Kind::html:
      return extension == to_string(kind);
    case Kind::empty:
    case Kind::unknown:
      break;
  }
  return false;
}

}  // namespace dbr::image
