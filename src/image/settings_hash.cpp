// SPDX-License-Identifier: MIT
// The name of the settings together with the algorithm: a different picture for equal bytes must have a different name.
#include <string>

#include "dbr/base/digest.hpp"
#include "dbr/image/ml_form.hpp"

namespace dbr::image {
namespace {

/// Goes up with every change in src/image that can change a pixel, a box or a reason.
constexpr int k_algorithm_version = 1;
constexpr std::size_t k_hash_digits = 16;

}  // namespace

std::string settings_hash(const MlSettings& settings) {
  const std::string text = "dbr ml form\nalgorithm=" + std::to_string(k_algorithm_version) +
                           "\nsize=" + std::to_string(settings.size) + "\nquality=" + std::to_string(settings.quality) +
                           "\nmax_pixels=" + std::to_string(settings.max_pixels) + "\n";
  return digest_hex(DigestKind::sha256, text).substr(0, k_hash_digits);
}

}  // namespace dbr::image
