// SPDX-License-Identifier: MIT
#include "original_optimizer.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "dbr/base/digest.hpp"
#include "dbr/base/file.hpp"
#include "pictures.hpp"
#include "support/must.hpp"
#include "support/scratch.hpp"

namespace dbr::stages {
namespace {

using sim::PictureKind;
using test::must;

class OriginalOptimizerTest : public ::testing::Test {
 protected:
  std::optional<OriginalOptimizer::Facts> optimize(const std::string& bytes) {
    must(write_read_only(part, bytes));
    return must(optimizer.optimize(part, static_cast<ByteCount>(bytes.size())));
  }

  test::Scratch scratch;
  std::filesystem::path part = scratch / "1.part";
  OriginalOptimizer optimizer;
};

TEST_F(OriginalOptimizerTest, TheFactsAreThoseOfTheFileInItsPlace) {
  const std::string bytes = sim::make_picture(PictureKind::baseline_jpeg, 1).bytes;
  const auto facts = optimize(bytes);
  ASSERT_TRUE(facts);
  const std::string held = test::read_bytes(part);
  EXPECT_LT(held.size(), bytes.size());
  EXPECT_EQ(facts->size, static_cast<ByteCount>(held.size()));
  EXPECT_EQ(facts->md5, digest_hex(DigestKind::md5, held));
  EXPECT_EQ(facts->sha256, digest_hex(DigestKind::sha256, held));
  EXPECT_EQ(std::filesystem::status(part).permissions(), std::filesystem::perms(0444));
}

TEST_F(OriginalOptimizerTest, WhatCannotGainIsNotTouched) {
  for (const PictureKind kind : {PictureKind::progressive_jpeg, PictureKind::rgb_png, PictureKind::truncated}) {
    const std::string bytes = sim::make_picture(kind, 1).bytes;
    EXPECT_FALSE(optimize(bytes)) << sim::name(kind);
    EXPECT_EQ(test::read_bytes(part), bytes) << sim::name(kind);
  }
}

}  // namespace
}  // namespace dbr::stages
