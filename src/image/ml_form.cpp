// SPDX-License-Identifier: MIT
// make_ml_form: content decides what it is, the container's outline whether it may be decoded, libvips does the rest.
// The fixed list of reasons is here.
#include "dbr/image/ml_form.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "containers.hpp"
#include "vips_steps.hpp"

namespace dbr::image {
namespace {

namespace reason {
// Not a still image.
constexpr const char* k_video = "video";
constexpr const char* k_flash = "flash";
constexpr const char* k_ugoira = "ugoira";
constexpr const char* k_animated_gif = "animated_gif";
constexpr const char* k_animated_png = "animated_png";
constexpr const char* k_animated_webp = "animated_webp";
constexpr const char* k_animated_avif = "animated_avif";
// Failed.
constexpr const char* k_empty = "empty";
constexpr const char* k_html = "html";
constexpr const char* k_garbage = "garbage";          // no picture by its content
constexpr const char* k_unsupported = "unsupported";  // a picture, but of a kind no decoder here reads
constexpr const char* k_truncated = "truncated";      // the file ends before the picture does
constexpr const char* k_corrupt = "corrupt";          // the decoder refuses it
constexpr const char* k_too_many_pixels = "too_many_pixels";
constexpr const char* k_too_many_scans = "too_many_scans";  // a progressive JPEG made to keep a decoder busy
constexpr const char* k_internal = "internal";              // resize or encoder failed: not the picture's fault
}  // namespace reason

/// Encoders make about ten; 64 coefficients in 14 bit planes are the most that has a meaning for one component.
constexpr int k_max_scans = 200;

/// What cannot be streamed may hold as much as `max_pixels` of 8-bit RGB would: half as many pixels for a progressive
/// JPEG, two bytes a coefficient.
constexpr std::int64_t k_bytes_per_pixel = 3;

/// The library's words, or that it had none.
std::string decoder_words() {
  std::string text = take_error_text();
  return text.empty() ? "the decoder gives no reason" : text;
}

void refuse(MlForm& form, const char* why, std::string detail) {
  form.state = MlState::failed;
  form.reason = why;
  form.detail = std::move(detail);
}

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

/// By kind alone. True when the answer is final.
bool settled_by_kind(MlForm& form) {
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

bool too_many(std::int64_t width, std::int64_t height, std::int64_t limit) {
  return width > 0 && height > 0 && width > limit / height;
}

std::string extent_text(std::int64_t width, std::int64_t height) {
  return std::to_string(width) + "x" + std::to_string(height) + " pixels";
}

/// By the container alone, before a decoder sees it. True when the answer is final.
bool settled_by_outline(const Outline& seen, const MlSettings& settings, MlForm& form) {
  if (seen.animated) {
    form.state = MlState::not_a_still_image;
    form.reason = not_a_still(form.kind);
  } else if (too_many(seen.width, seen.height, settings.max_pixels)) {
    refuse(form, reason::k_too_many_pixels, extent_text(seen.width, seen.height));
  } else if (seen.held_bytes / k_bytes_per_pixel > settings.max_pixels) {
    refuse(form, reason::k_too_many_pixels,
           extent_text(seen.width, seen.height) + ", not streamable: " + std::to_string(seen.held_bytes) + " bytes");
  } else if (seen.truncated) {
    refuse(form, reason::k_truncated, "the file ends before the picture does");
  } else if (seen.unsupported) {
    refuse(form, reason::k_unsupported, "a JPEG that is not of 8 bits, or lossless");
  } else if (seen.scans > k_max_scans) {
    refuse(form, reason::k_too_many_scans, std::to_string(seen.scans) + " scans");
  } else {
    return false;
  }
  return true;
}

ContentBox centred(Extent content, int size) {
  return {(size - content.width) / 2, (size - content.height) / 2, content.width, content.height};
}

/// Everything up to the shrunk pixels in memory; null when the decoder refuses.
Image decode(Image in, Extent to, std::string& note) {
  Image image = to_eight_bits(std::move(in));
  if (image) {
    image = apply_profile(std::move(image), note);
  }
  if (image) {
    image = flatten(std::move(image));
  }
  if (image) {
    image = shrink(std::move(image), to);
  }
  return image ? settle(std::move(image)) : Image();
}

/// A JPEG decoder that warns within the scans has met damage: the picture is grey or garbled from there on. Where the
/// header alone makes it warn, and in the other formats, whose warnings are about metadata, only errors count.
Strictness strictness(Kind kind, const Outline& seen) {
  return kind == Kind::jpeg && !seen.odd_header ? Strictness::warnings : Strictness::errors;
}

void draw(std::string_view bytes, const Outline& seen, const MlSettings& settings, MlForm& form) {
  take_error_text();  // what earlier pictures left there, although they were done
  Image source = load(form.kind, bytes, strictness(form.kind, seen));
  if (!source) {
    return refuse(form, reason::k_corrupt, decoder_words());
  }
  const Extent stored{source.width(), source.height()};
  form.source_width = stored.width;
  form.source_height = stored.height;
  // The decoder's own header may know better than the outline (AVIF, a GIF frame beyond its screen).
  if (too_many(stored.width, stored.height, settings.max_pixels)) {
    return refuse(form, reason::k_too_many_pixels, extent_text(stored.width, stored.height));
  }
  form.orientation = std::clamp(vips_image_get_orientation(source.get()), 1, 8);
  form.had_alpha = vips_image_hasalpha(source.get()) != 0;
  form.had_profile = has_profile(source);

  const Extent lying = fit(stored, settings.size);
  const bool turned = form.orientation >= 5;
  const Extent upright = turned ? Extent{lying.height, lying.width} : lying;

  std::string note;
  Image small = decode(std::move(source), lying, note);
  if (!small) {
    return refuse(form, reason::k_corrupt, decoder_words());
  }
  // From here on nothing depends on the file's bytes.
  form.box = centred(upright, settings.size);
  const Image square = compose(std::move(small), form.box, settings.size);
  if (!square || !encode(square, settings.quality, form.jpeg)) {
    return refuse(form, reason::k_internal, decoder_words());
  }
  form.state = MlState::done;
  form.detail = note;
}

void check(const MlSettings& settings) {
  constexpr int k_largest_jpeg = 65'500;
  if (settings.size < 1 || settings.size > k_largest_jpeg || settings.quality < 1 || settings.quality > 100 ||
      settings.max_pixels < 1) {
    throw std::invalid_argument("make_ml_form: settings out of range");
  }
}

}  // namespace

MlForm make_ml_form(std::string_view bytes, const MlSettings& settings) {
  check(settings);
  MlForm form;
  form.kind = sniff(bytes.substr(0, k_sniff_size));
  if (settled_by_kind(form)) {
    return form;
  }
  const Outline seen = outline(form.kind, bytes);
  form.source_width = static_cast<int>(std::min<std::int64_t>(seen.width, INT32_MAX));
  form.source_height = static_cast<int>(std::min<std::int64_t>(seen.height, INT32_MAX));
  if (!settled_by_outline(seen, settings, form)) {
    draw(bytes, seen, settings, form);
  }
  return form;
}

}  // namespace dbr::image
