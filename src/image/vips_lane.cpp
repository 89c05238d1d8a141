// SPDX-License-Identifier: MIT
// The steps over the libvips C API (8.14 or newer), each one operation or two; a null Image passes through. Pixels flow
// only in to_raster() and the statistics; until then everything is a header.
#include "vips_lane.hpp"

#include <array>
#include <cstring>
#include <utility>

namespace dbr::image {
namespace {

Image transform(const Image& in, gboolean embedded, const char* input_profile) {
  // Black point compensation keeps ink black; matrix profiles are not changed by it.
  return make([&](VipsImage** out) {
    return vips_icc_transform(in.get(), out, "srgb", "embedded", embedded, "input_profile", input_profile, "intent",
                              VIPS_INTENT_RELATIVE, "black_point_compensation", TRUE, "depth", 8, nullptr);
  });
}

bool is_cmyk(const Image& in) {
  return vips_image_get_interpretation(in.get()) == VIPS_INTERPRETATION_CMYK;
}

Image to_space(Image in, VipsInterpretation space) {
  if (!in || vips_image_get_interpretation(in.get()) == space) return in;
  return make([&](VipsImage** out) { return vips_colourspace(in.get(), out, space, nullptr); });
}

bool is_grey(const Image& in) {
  return in.bands() < 3;
}

/// The colours a profile is for, by its header (ICC.1, 7.2.6).
std::string_view profile_space(std::string_view profile) {
  return profile.size() < 20 ? std::string_view() : profile.substr(16, 4);
}

/// In the words of such a header.
std::string_view space_of(const Image& in) {
  return is_cmyk(in) ? "CMYK" : is_grey(in) ? "GRAY" : "RGB ";
}

Image to_eight_bits(Image in) {
  if (!in || vips_image_get_format(in.get()) == VIPS_FORMAT_UCHAR) return in;
  const auto space = is_grey(in) ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
  return to_space(std::move(in), space);
}

// Never without a reason: a conversion of every picture is a third of the cost of the whole (performance.md 2.1).
Image apply_profile(Image in) {
  if (!in) return in;
  if (profile_of(in) == Profile::fit) {
    if (Image out = transform(in, TRUE, nullptr)) return out;
    take_error_text();
  }
  return is_cmyk(in) ? transform(in, FALSE, "cmyk") : std::move(in);
}

Image flatten(Image in, Colour background) {
  if (!in || !has_alpha(in)) return in;
  const bool is_colourful = background.red != background.green || background.green != background.blue;
  if (is_colourful) in = to_space(std::move(in), VIPS_INTERPRETATION_sRGB);
  if (!in) return in;
  const std::array<double, 3> colour = {static_cast<double>(background.red), static_cast<double>(background.green),
                                        static_cast<double>(background.blue)};
  const int samples = is_grey(in) ? 1 : 3;
  VipsArrayDouble* const array = vips_array_double_new(colour.data(), samples);
  Image out = make([&](VipsImage** result) { return vips_flatten(in.get(), result, "background", array, nullptr); });
  vips_area_unref(VIPS_AREA(array));
  return out;
}

/// vips_resize would do it half a pixel aside. Bicubic: there is no Lanczos for this.
Image enlarge(const Image& in, Extent to, double x, double y) {
  const std::array<int, 4> area = {0, 0, to.width, to.height};
  VipsArrayInt* const output = vips_array_int_new(area.data(), static_cast<int>(area.size()));
  VipsInterpolate* const interpolate = vips_interpolate_new("bicubic");
  Image out = make([&](VipsImage** result) {
    return vips_affine(in.get(), result, x, 0.0, 0.0, y, "idx", 0.5 - 0.5 / x, "idy", 0.5 - 0.5 / y, "oarea", output,
                       "interpolate", interpolate, "extend", VIPS_EXTEND_COPY, nullptr);
  });
  g_object_unref(interpolate);
  vips_area_unref(VIPS_AREA(output));
  return out;
}

Image scale(Image in, Extent to) {
  if (!in || (to.width == in.width() && to.height == in.height())) return in;
  const double x = static_cast<double>(to.width) / in.width();
  const double y = static_cast<double>(to.height) / in.height();
  if (x > 1 || y > 1) return enlarge(in, to, x, y);
  // How much is left to Lanczos after the cheap whole-number shrink: with 3 instead of the default 2 most pictures have
  // none of it, which is nearer to an exact Lanczos3 and no slower.
  constexpr double k_gap = 3.0;
  return make([&](VipsImage** out) {
    return vips_resize(in.get(), out, x, "vscale", y, "kernel", VIPS_KERNEL_LANCZOS3, "gap", k_gap, nullptr);
  });
}

Image crop(Image in, const Plan& plan) {
  if (!in || plan.window == plan.scaled) return in;
  return make([&](VipsImage** out) {
    return vips_extract_area(in.get(), out, plan.left, plan.top, plan.window.width, plan.window.height, nullptr);
  });
}

std::optional<Raster> to_raster(const Image& in) {
  std::size_t size = 0;
  const std::unique_ptr<void, decltype(&g_free)> samples(vips_image_write_to_memory(in.get(), &size), g_free);
  Raster out{Raster::Model::rgb, {in.width(), in.height()}, {}};
  if (!samples || size != out.stride() * static_cast<std::size_t>(in.height())) return std::nullopt;
  out.samples.resize(size);
  std::memcpy(out.samples.data(), samples.get(), size);
  return out;
}

}  // namespace

Image load(Kind kind, std::string_view bytes, Strictness strictness) {
  const VipsFailOn fail_on = strictness == Strictness::warnings ? VIPS_FAIL_ON_WARNING
                             : strictness == Strictness::errors ? VIPS_FAIL_ON_ERROR
                                                                : VIPS_FAIL_ON_NONE;
  // vips does not write to it; its C signature only lacks the const.
  void* data = const_cast<char*>(bytes.data());
  const std::size_t size = bytes.size();
  const auto run = [&](auto loader) {
    return make([&](VipsImage** out) {
      return loader(data, size, out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", fail_on, nullptr);
    });
  };
  switch (kind) {
    case Kind::jpeg:
      return run(vips_jpegload_buffer);
    case Kind::png:
      return run(vips_pngload_buffer);
    case Kind::gif:
      return run(vips_gifload_buffer);
    case Kind::webp:
      return run(vips_webpload_buffer);
    case Kind::avif:
      return run(vips_heifload_buffer);
    case Kind::empty:
    case Kind::bmp:
    case Kind::mp4:
    case Kind::webm:
    case Kind::flash:
    case Kind::zip:
    case Kind::html:
    case Kind::unknown:
      break;
  }
  return Image();
}

std::string colour_of(const Image& in) {
  const char* const space = is_cmyk(in) ? "cmyk" : is_grey(in) ? "grey" : "rgb";
  const bool is_deep = vips_image_get_format(in.get()) != VIPS_FORMAT_UCHAR;
  return std::string(space) + (is_deep ? "16" : "");
}

bool has_alpha(const Image& in) {
  return vips_image_hasalpha(in.get()) != 0;
}

Profile profile_of(const Image& in) {
  const void* data = nullptr;
  std::size_t size = 0;
  if (vips_image_get_typeof(in.get(), VIPS_META_ICC_NAME) == 0) return Profile::none;
  // Asked first: the transform would silently take sRGB for a profile it cannot use. The library itself only counts
  // bands, and would take one of grey for colours.
  const bool is_fit = vips_image_get_blob(in.get(), VIPS_META_ICC_NAME, &data, &size) == 0 &&
                      profile_space({static_cast<const char*>(data), size}) == space_of(in) &&
                      vips_icc_is_compatible_profile(in.get(), data, size) != FALSE;
  return is_fit ? Profile::fit : Profile::unfit;
}

std::optional<Raster> draw_complete(Image source, const Plan& plan, Colour background) {
  Image image = to_eight_bits(std::move(source));
  // Transparency is laid on a colour of sRGB, and a mixture of inks is not the mixture of their colours. Of RGB, fewer
  // pixels are converted when they have been shrunk, with no difference that is seen.
  if (image && (has_alpha(image) || is_cmyk(image))) {
    image = flatten(apply_profile(std::move(image)), background);
  }
  image = apply_profile(crop(scale(std::move(image), plan.scaled), plan));
  image = to_space(std::move(image), VIPS_INTERPRETATION_sRGB);
  if (!image || image.width() != plan.window.width || image.height() != plan.window.height) return std::nullopt;
  return to_raster(image);
}

Raster apply_profile(Raster window, const Image& source) {
  const void* profile = nullptr;
  std::size_t size = 0;
  if (vips_image_get_blob(source.get(), VIPS_META_ICC_NAME, &profile, &size) != 0) return window;
  const Image bare(vips_image_new_from_memory(window.samples.data(), window.samples.size(), window.extent.width,
                                              window.extent.height, 3, VIPS_FORMAT_UCHAR));
  if (!bare) return window;
  Image image = make(
      [&](VipsImage** out) { return vips_copy(bare.get(), out, "interpretation", VIPS_INTERPRETATION_sRGB, nullptr); });
  if (!image) return window;
  vips_image_set_blob_copy(image.get(), VIPS_META_ICC_NAME, profile, size);
  image = apply_profile(std::move(image));
  auto converted = image ? to_raster(image) : std::nullopt;
  return converted ? std::move(*converted) : std::move(window);
}

std::optional<Colour> contrasting_background(Image source) {
  // Each pixel weighs as much as it is opaque.
  const Image image = apply_profile(to_eight_bits(std::move(source)));
  if (!image) return std::nullopt;
  const int colours = image.bands() - 1;
  const Image alpha = make([&](VipsImage** out) { return vips_extract_band(image.get(), out, colours, nullptr); });
  const Image opaque =
      make([&](VipsImage** out) { return vips_extract_band(image.get(), out, 0, "n", colours, nullptr); });
  if (!alpha || !opaque) return std::nullopt;
  const Image grey =
      make([&](VipsImage** out) { return vips_colourspace(opaque.get(), out, VIPS_INTERPRETATION_B_W, nullptr); });
  if (!grey) return std::nullopt;
  const Image weighed = make([&](VipsImage** out) { return vips_multiply(grey.get(), alpha.get(), out, nullptr); });
  if (!weighed) return std::nullopt;
  const Image both = make([&](VipsImage** out) { return vips_bandjoin2(weighed.get(), alpha.get(), out, nullptr); });
  if (!both) return std::nullopt;
  const Image stats = make([&](VipsImage** out) { return vips_stats(both.get(), out, nullptr); });
  if (!stats) return std::nullopt;
  constexpr int k_sum = 2;  // a column; row 0 is of all bands together
  const double brightness = *VIPS_MATRIX(stats.get(), k_sum, 1);
  const double opacity = *VIPS_MATRIX(stats.get(), k_sum, 2);
  // From this sRGB value up black has more contrast than white (WCAG 2.2: relative luminance 0.179).
  constexpr double k_even = 118;
  const bool is_dark = opacity > 0 && brightness / opacity < k_even;
  return is_dark ? Colour{255, 255, 255} : Colour{};
}

}  // namespace dbr::image
