// SPDX-License-Identifier: MIT
#include "dbr/cli/nearest.hpp"

#include <gtest/gtest.h>

#include <array>

namespace dbr::cli {
namespace {

TEST(NearestTest, CountsEdits) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("year", "yaer"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("tps", "tsp"), 1U);
  EXPECT_EQ(edit_distance("build", "bild"), 1U);
}

TEST(NearestTest, FindsWhatWasMeant) {
  static constexpr std::array<std::string_view, 4> k_names = {"year", "tps", "fetch-images", "fetch-metadata"};
  EXPECT_EQ(nearest("yaer", k_names), "year");
  EXPECT_EQ(nearest("tsp", k_names), "tps");
  EXPECT_EQ(nearest("fetch-meta-data", k_names), "fetch-metadata");
  EXPECT_EQ(nearest("fetch_images", k_names), "fetch-images");
}

TEST(NearestTest, DoesNotGuessWildly) {
  static constexpr std::array<std::string_view, 3> k_names = {"year", "tps", "v"};
  EXPECT_EQ(nearest("quality", k_names), std::nullopt);
  EXPECT_EQ(nearest("x", k_names), std::nullopt);
  EXPECT_EQ(nearest("", k_names), std::nullopt);
}

}  // namespace
}  // namespace dbr::cli
