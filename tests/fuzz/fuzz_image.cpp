// SPDX-License-Identifier: MIT
// Any bytes are a picture or a reason, within the pixel limit.
#include <string_view>

#include "dbr/image/ml_form.hpp"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  dbr::image::start_library();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto form = dbr::image::make_ml_form(bytes, {.max_pixels = 4'000'000});
  if ((form.state == dbr::image::MlState::done) == form.jpeg.empty()) __builtin_trap();
  if ((form.state == dbr::image::MlState::done) != form.reason.empty()) __builtin_trap();
  return 0;
}
