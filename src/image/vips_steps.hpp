// SPDX-License-Identifier: MIT
// The steps from bytes to the ML form, each one vips operation or two. Each gives a null Image when it fails; the
// library's error text then tells why. Pixels flow only in settle() and encode(); until then everything is a header.
#pragma once

#include <string>
#include <string_view>

#include "dbr/image/ml_form.hpp"
#include "vips_glue.hpp"

namespace dbr::image {

struct Extent {
  int width = 0, height = 0;
};

/// What ends a picture: anything the decoder warns of, or only what it calls an error.
enum class Strictness { warnings, errors };

/// Reads the header by the loader for `kind`, never by another. `bytes` must outlive the image.
Image load(Kind kind, std::string_view bytes, Strictness strictness);

/// The largest extent of the same shape that fits the square, at least one pixel each way, never larger than `from`.
Extent fit(Extent from, int size);

/// 8 bits a sample.
Image to_eight_bits(Image in);

bool has_profile(const Image& in);

/// To sRGB, by the embedded profile or, for CMYK without a usable one, by the library's own. A profile that does not
/// fit is left out and told in `note`: the picture is worth more than its profile.
Image apply_profile(Image in, std::string& note);

/// Transparency on black.
Image flatten(Image in);

/// Lanczos3 in sRGB light, scaled from the whole extent: no fraction of an edge is dropped.
Image shrink(Image in, Extent to);

/// Computes the pixels into memory: from here the file's bytes are not needed.
Image settle(Image in);

/// Upright, three bands, on a black square.
Image compose(Image in, const ContentBox& box, int size);

/// False when it fails.
bool encode(const Image& in, int quality, std::string& jpeg);

}  // namespace dbr::image
