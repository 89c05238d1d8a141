// SPDX-License-Identifier: MIT
// Any bytes are a picture or a reason by the short cut, the same with SIMD and without, and libvips agrees.
#include "image_target.hpp"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  dbr::image::start_library();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  dbr::fuzz::for_each_form({reinterpret_cast<const char*>(data), size}, [](std::string_view bytes) {
    // What the short cut never sees is the other fuzzer's.
    if (!dbr::image::outline(bytes).is_plain) return;
    const auto fast = dbr::fuzz::checked_form(bytes, dbr::image::Lane::automatic);
    const auto scalar = dbr::fuzz::checked_form(bytes, dbr::image::Lane::scalar);
    if (fast.jpeg != scalar.jpeg || fast.reason != scalar.reason) __builtin_trap();
    if (fast.reason != dbr::fuzz::checked_form(bytes, dbr::image::Lane::vips).reason) __builtin_trap();
  });
  return 0;
}
