// SPDX-License-Identifier: MIT
// Any bytes are a picture or a reason, by libvips alone.
#include "image_target.hpp"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  dbr::image::start_library();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  dbr::fuzz::for_each_form({reinterpret_cast<const char*>(data), size},
                           [](std::string_view bytes) { dbr::fuzz::checked_form(bytes, dbr::image::Lane::vips); });
  return 0;
}
