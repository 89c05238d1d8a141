// SPDX-License-Identifier: MIT
// The complete lane: libvips reads every kind of picture, applies profiles, flattens and shrinks. Where something
// fails, take_error_text() tells why.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "raster.hpp"
#include "vips_glue.hpp"

namespace dbr::image {

/// What ends a picture: anything the decoder warns of, only what it calls an error, or nothing it can go on after.
enum class Strictness { warnings, errors, nothing };

/// Reads the header by the loader for `kind`, never by another; no pixel yet. Null when it is refused. `bytes` must
/// outlive the image.
Image load(Kind kind, std::string_view bytes, Strictness strictness);

/// MlForm::colour.
std::string colour_of(const Image& in);
bool has_alpha(const Image& in);

/// What is missing of the picture's colours to be sRGB: an embedded profile to apply, or one that cannot be used.
enum class Profile { none, fit, unfit };
Profile profile_of(const Image& in);

/// The plan's window; nullopt when the decoder refuses. Pixels are decoded here. A profile that does not fit is left
/// out: the picture is worth more than its profile.
std::optional<Raster> draw_complete(Image source, const Plan& plan, Colour background);

/// A window of a picture without alpha, in the picture's own RGB, to sRGB by the picture's profile. As it is where that
/// cannot be.
Raster apply_profile(Raster window, const Image& source);

/// Black or white, whichever stands out from what is opaque; nullopt when the decoder refuses. Decodes the pixels.
std::optional<Colour> contrasting_background(Image source);

}  // namespace dbr::image
