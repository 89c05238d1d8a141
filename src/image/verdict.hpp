// SPDX-License-Identifier: MIT
// What can be said of a picture without decoding it, and the fixed list of reasons.
#pragma once

#include <string>

#include "dbr/image/ml_form.hpp"
#include "plan.hpp"
#include "settings_hash.hpp"

namespace dbr::image {

namespace reason {
// Not a still image.
inline constexpr const char* k_video = "video";
inline constexpr const char* k_flash = "flash";
inline constexpr const char* k_ugoira = "ugoira";
inline constexpr const char* k_animated_gif = "animated_gif";
inline constexpr const char* k_animated_png = "animated_png";
inline constexpr const char* k_animated_webp = "animated_webp";
inline constexpr const char* k_animated_avif = "animated_avif";
// Failed.
inline constexpr const char* k_empty = "empty";
inline constexpr const char* k_html = "html";
inline constexpr const char* k_garbage = "garbage";          // no picture by its content
inline constexpr const char* k_unsupported = "unsupported";  // a picture, but of a kind no decoder here reads
inline constexpr const char* k_truncated = "truncated";      // the file ends before the picture does
inline constexpr const char* k_bad_checksum = "bad_checksum";
inline constexpr const char* k_corrupt = "corrupt";  // the decoder refuses it
inline constexpr const char* k_too_many_pixels = "too_many_pixels";
inline constexpr const char* k_too_much_memory = "too_much_memory";
inline constexpr const char* k_too_many_scans = "too_many_scans";  // a progressive JPEG made to keep a decoder busy
inline constexpr const char* k_bomb = "bomb";          // a profile or text that unpacks to more than any has a use for
inline constexpr const char* k_internal = "internal";  // the encoder failed: not the picture's fault
}  // namespace reason

void refuse(MlForm& form, const char* why, std::string detail);

/// Sets state and reason when the answer is final without a decoder, which is what true says.
bool is_settled_by_outline(const Outline& seen, std::int64_t file_size, const MlSettings& settings, MlForm& form,
                           Dependence& depends_on);

/// The decoder's header may know better than the outline. True when it is too large.
bool is_too_large(Extent source, const MlSettings& settings, MlForm& form, Dependence& depends_on);

}  // namespace dbr::image
