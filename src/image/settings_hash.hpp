// SPDX-License-Identifier: MIT
// The name of the settings a result depends on, together with the algorithm: a different result for equal bytes must
// have a different name.
#pragma once

#include <string>

#include "dbr/image/ml_form.hpp"

namespace dbr::image {

/// What a result depends on.
struct Dependence {
  bool form = false;        ///< all that shapes a picture: its size, its fit, its encoding
  bool background = false;  ///< it has alpha
  bool lane = false;        ///< both lanes can draw it
  bool truncation = false;  ///< its file is cut
  bool limits = false;      ///< it was refused for its size
};
inline constexpr unsigned k_dependences = 5;

/// 16 hex digits.
std::string settings_hash(const MlSettings& settings, const Dependence& on);

}  // namespace dbr::image
