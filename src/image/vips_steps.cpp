// SPDX-License-Identifier: MIT
// The steps over the libvips C API (8.14 or newer).
#include "vips_steps.hpp"

#include <algorithm>
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

bool fits_profile(const Image& in) {
  const void* data = nullptr;
  std::size_t size = 0;
  return vips_image_get_blob(in.get(), VIPS_META_ICC_NAME, &data, &size) == 0 &&
         vips_icc_is_compatible_profile(in.get(), data, size) != FALSE;
}

bool is_cmyk(const Image& in) {
  return vips_image_get_interpretation(in.get()) == VIPS_INTERPRETATION_CMYK;
}

Image to_srgb(Image in) {
  if (vips_image_get_interpretation(in.get()) == VIPS_INTERPRETATION_sRGB) {
    return in;
  }
  return make([&](VipsImage** out) { return vips_colourspace(in.get(), out, VIPS_INTERPRETATION_sRGB, nullptr); });
}

}  // namespace

Image load(Kind kind, std::string_view bytes, Strictness strictness) {
  const VipsFailOn fail_on = strictness == Strictness::warnings ? VIPS_FAIL_ON_WARNING : VIPS_FAIL_ON_ERROR;
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

Extent fit(Extent from, int size) {
  const int longer = std::max(from.width, from.height);
  if (longer <= size) {
    return from;
  }
  const auto scaled = [&](int extent) {
    const std::int64_t rounded = (std::int64_t{extent} * size + longer / 2) / longer;
    return static_cast<int>(std::max<std::int64_t>(rounded, 1));
  };
  return {scaled(from.width), scaled(from.height)};
}

Image to_eight_bits(Image in) {
  if (vips_image_get_format(in.get()) == VIPS_FORMAT_UCHAR) {
    return in;
  }
  const bool grey = in.bands() < 3;
  const VipsInterpretation target = grey ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
  return make([&](VipsImage** out) { return vips_colourspace(in.get(), out, target, nullptr); });
}

bool has_profile(const Image& in) {
  return vips_image_get_typeof(in.get(), VIPS_META_ICC_NAME) != 0;
}

Image apply_profile(Image in, std::string& note) {
  // Never without a reason: a conversion of every picture is a third of the cost of the whole (performance.md 2.1).
  if (has_profile(in)) {
    // Asked first: the transform would silently take sRGB for a profile it cannot use.
    if (fits_profile(in)) {
      if (Image out = transform(in, TRUE, nullptr)) {
        return out;
      }
    }
    take_error_text();
    note = "the embedded profile does not fit the picture: ignored";
  }
  return is_cmyk(in) ? transform(in, FALSE, "cmyk") : std::move(in);
}

Image flatten(Image in) {
  if (vips_image_hasalpha(in.get()) == 0) {
    return in;
  }
  return make([&](VipsImage** out) { return vips_flatten(in.get(), out, nullptr); });
}

Image shrink(Image in, Extent to) {
  if (to.width == in.width() && to.height == in.height()) {
    return in;
  }
  const double x = static_cast<double>(to.width) / in.width();
  const double y = static_cast<double>(to.height) / in.height();
  // How much is left to Lanczos after the cheap whole-number shrink: with 3 instead of the default 2 most pictures have
  // none of it, which is nearer to an exact Lanczos3 and no slower.
  constexpr double k_gap = 3.0;
  return make([&](VipsImage** out) {
    return vips_resize(in.get(), out, x, "vscale", y, "kernel", VIPS_KERNEL_LANCZOS3, "gap", k_gap, nullptr);
  });
}

Image settle(Image in) {
  return Image(vips_image_copy_memory(in.get()));
}

Image compose(Image in, const ContentBox& box, int size) {
  Image upright = make([&](VipsImage** out) { return vips_autorot(in.get(), out, nullptr); });
  if (!upright) {
    return upright;
  }
  const Image colour = to_srgb(std::move(upright));
  if (!colour) {
    return Image();
  }
  return make([&](VipsImage** out) {
    return vips_embed(colour.get(), out, box.x, box.y, size, size, "extend", VIPS_EXTEND_BLACK, nullptr);
  });
}

bool encode(const Image& in, int quality, std::string& jpeg) {
  void* data = nullptr;
  std::size_t size = 0;
  if (vips_jpegsave_buffer(in.get(), &data, &size, "Q", quality, "optimize_coding", TRUE, "interlace", FALSE, "strip",
                           TRUE, "subsample_mode", VIPS_FOREIGN_SUBSAMPLE_OFF, nullptr) != 0) {
    return false;
  }
  const std::unique_ptr<void, decltype(&g_free)> owned(data, g_free);
  jpeg.assign(static_cast<const char*>(data), size);
  return true;
}

}  // namespace dbr::image
