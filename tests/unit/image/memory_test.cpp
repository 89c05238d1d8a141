// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "dbr/image/ml_form.hpp"

namespace dbr::image {
namespace {

constexpr std::int64_t k_huge = std::int64_t{1} << 62;

TEST(MemoryTest, NoHeaderOverflowsIt) {
  for (const Kind kind : {Kind::jpeg, Kind::png, Kind::gif, Kind::webp, Kind::avif}) {
    Outline outline;
    outline.kind = kind;
    outline.width = outline.height = k_huge;
    outline.held_bytes = k_huge;
    EXPECT_GT(memory_needed(outline, 1000, {}), std::int64_t{1} << 40);
  }
}

TEST(MemoryTest, ItGrowsWithWhatMustBeHeld) {
  Outline outline;
  outline.kind = Kind::jpeg;
  outline.width = 6000;
  outline.height = 4000;
  outline.is_plain = true;
  const std::int64_t streamed = memory_needed(outline, 1'000'000, {});
  EXPECT_LT(streamed, 30'000'000);
  EXPECT_GT(memory_needed(outline, 1'000'000, {.lane = Lane::vips}), streamed);
  outline.held_bytes = 72'000'000;
  EXPECT_GT(memory_needed(outline, 1'000'000, {}), streamed + 70'000'000);
}

}  // namespace
}  // namespace dbr::image
