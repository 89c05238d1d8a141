// SPDX-License-Identifier: MIT
// Any bytes are left alone for a reason, or give a shorter file, which is not made shorter again by new tables.
#include <string_view>

#include "dbr/image/optimize.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using dbr::image::OptimizeResult;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const dbr::image::OptimizeLimits limits{.max_bytes = 1 << 20, .max_coefficient_bytes = 1 << 24, .max_scans = 20};
  const auto made = dbr::image::optimize_jpeg(bytes, limits);
  if (made.result == OptimizeResult::differs) __builtin_trap();
  if ((made.result == OptimizeResult::smaller) == made.jpeg.empty()) __builtin_trap();
  if (made.result == OptimizeResult::smaller && made.jpeg.size() >= bytes.size()) __builtin_trap();
  if (made.result == OptimizeResult::smaller && dbr::image::memory_to_optimize(bytes, limits) == 0) __builtin_trap();
  if (!made.jpeg.empty() && dbr::image::optimize_jpeg(made.jpeg, limits).result == OptimizeResult::smaller) {
    __builtin_trap();
  }
  return 0;
}
