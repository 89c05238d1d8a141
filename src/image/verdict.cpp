// SPDX-License-Identifier: MIT
#include "verdict.hpp"

#include <fmt/format.h>

#include <utility>

namespace dbr::image {
namespace {

/// Encoders make about ten; 64 coefficients in 14 bit planes are the most that has a meaning for one component.
constexpr int k_max_scans = 200;

const char* not_a_still(Kind kind) {
  switch (kind) {
    case Kind::mp4:
    case Kind::webm:
      return reason::k_video;
    case Kind::flash:
      return reason::k_flash;
    case Kind::zip:
      return reason::k_ugoira;
    case Kind::gif:
      return reason::k_animated_gif;
    case Kind::png:
      return reason::k_animated_png;
    case Kind::webp:
      return reason::k_animated_webp;
    case Kind::avif:
      return reason::k_animated_avif;
    case Kind::empty:
    case Kind::jpeg:
    case Kind::bmp:
    case Kind::html:
    case Kind::unknown:
      break;
  }
  return nullptr;
}

bool is_settled_by_kind(MlForm& form) {
  switch (form.kind) {
    case Kind::mp4:
    case Kind::webm:
    case Kind::flash:
    case Kind::zip:
      form.state = MlState::not_a_still_image;
      form.reason = not_a_still(form.kind);
      return true;
    case Kind::empty:
      refuse(form, reason::k_empty, "");
      return true;
    case Kind::html:
      refuse(form, reason::k_html, "");
      return true;
    case Kind::unknown:
      refuse(form, reason::k_garbage, "");
      return true;
    case Kind::bmp:
      refuse(form, reason::k_unsupported, "no trusted decoder for BMP");
      return true;
    case Kind::jpeg:
    case Kind::png:
    case Kind::gif:
    case Kind::webp:
    case Kind::avif:
      break;
  }
  return false;
}

bool has_too_many_pixels(std::int64_t width, std::int64_t height, std::int64_t limit) {
  return width > 0 && height > 0 && width > limit / height;
}

bool is_beyond_limits(const Outline& seen, std::int64_t file_size, const MlSettings& settings, MlForm& form) {
  if (has_too_many_pixels(seen.width, seen.height, settings.max_pixels)) {
    refuse(form, reason::k_too_many_pixels, fmt::format("{}x{} pixels", seen.width, seen.height));
  } else if (const auto needed = memory_needed(seen, file_size, settings); needed > settings.max_memory) {
    refuse(form, reason::k_too_much_memory,
           fmt::format("{}x{} pixels of this kind need {} bytes", seen.width, seen.height, needed));
  } else {
    return false;
  }
  return true;
}

}  // namespace

void refuse(MlForm& form, const char* why, std::string detail) {
  form.state = MlState::failed;
  form.reason = why;
  form.detail = std::move(detail);
}

bool is_settled_by_outline(const Outline& seen, std::int64_t file_size, const MlSettings& settings, MlForm& form,
                           Dependence& depends_on) {
  if (is_settled_by_kind(form)) return true;
  if (seen.animated) {
    form.state = MlState::not_a_still_image;
    form.reason = not_a_still(form.kind);
    return true;
  }
  if (is_beyond_limits(seen, file_size, settings, form)) {
    depends_on.limits = true;
    return true;
  }
  depends_on.truncation = seen.truncated;
  if (seen.truncated && settings.on_truncated == OnTruncated::reject) {
    refuse(form, reason::k_truncated, "the file ends before the picture does");
  } else if (seen.unsupported) {
    refuse(form, reason::k_unsupported, "a JPEG that is not of 8 bits, or lossless");
  } else if (seen.scans > k_max_scans) {
    refuse(form, reason::k_too_many_scans, fmt::format("{} scans", seen.scans));
  } else if (seen.has_bomb) {
    refuse(form, reason::k_bomb, "its profile or texts unpack to too much");
  } else {
    return false;
  }
  return true;
}

bool is_too_large(Extent source, const MlSettings& settings, MlForm& form, Dependence& depends_on) {
  if (!has_too_many_pixels(source.width, source.height, settings.max_pixels)) return false;
  refuse(form, reason::k_too_many_pixels, fmt::format("{}x{} pixels", source.width, source.height));
  depends_on.limits = true;
  return true;
}

std::optional<MlForm> settle_by_head(std::string_view head, std::int64_t file_size, const MlSettings& settings) {
  MlForm form;
  form.kind = sniff(head);
  Dependence depends_on;
  if (!is_settled_by_kind(form)) {
    if (file_size <= settings.max_memory) return std::nullopt;
    refuse(form, reason::k_too_much_memory, fmt::format("a file of {} bytes", file_size));
    depends_on.limits = true;
  }
  form.settings_hash = settings_hash(settings, depends_on);
  return form;
}

}  // namespace dbr::image
