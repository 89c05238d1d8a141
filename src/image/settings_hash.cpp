// SPDX-License-Identifier: MIT
#include "settings_hash.hpp"

#include <fmt/format.h>

#include "dbr/base/digest.hpp"

namespace dbr::image {
namespace {

/// Goes up with every change in src/image that can change a pixel, a box or a reason.
constexpr int k_algorithm_version = 2;
constexpr std::size_t k_hash_digits = 16;

}  // namespace

std::string settings_hash(const MlSettings& settings, const Dependence& on) {
  std::string text = fmt::format("dbr ml form\nalgorithm={}\n", k_algorithm_version);
  if (on.form) {
    text += fmt::format("size={}\nfit={}\nenlarge={}\nquality={}\nsubsampling={}\nprogressive={}\n", settings.size,
                        static_cast<int>(settings.fit), settings.enlarge, settings.quality,
                        static_cast<int>(settings.subsampling), settings.progressive);
  }
  if (on.background) text += "background=" + (settings.background ? to_string(*settings.background) : "auto") + "\n";
  if (on.lane) text += fmt::format("vips={}\n", settings.lane == Lane::vips);
  if (on.truncation) text += fmt::format("on_truncated={}\n", static_cast<int>(settings.on_truncated));
  if (on.limits) text += fmt::format("max_pixels={}\nmax_memory={}\n", settings.max_pixels, settings.max_memory);
  return digest_hex(DigestKind::sha256, text).substr(0, k_hash_digits);
}

std::vector<std::string> current_hashes(const MlSettings& settings) {
  std::vector<std::string> hashes;
  for (unsigned bits = 0; bits < 1U << k_dependences; ++bits) {
    const auto is_set = [&](unsigned bit) { return (bits >> bit & 1U) != 0; };
    hashes.push_back(settings_hash(settings, {is_set(0), is_set(1), is_set(2), is_set(3), is_set(4)}));
  }
  return hashes;
}

}  // namespace dbr::image
