// SPDX-License-Identifier: MIT
#include "plan.hpp"

#include <gtest/gtest.h>

#include "decoded.hpp"

namespace dbr::image {
namespace {

TEST(PlanTest, PadShowsAllOfItInTheMiddle) {
  const Plan plan = make_plan({1000, 600}, 1, {});
  EXPECT_EQ(plan.scaled, (Extent{512, 307}));
  EXPECT_EQ(plan.window, plan.scaled);
  EXPECT_EQ(plan.canvas, (Extent{512, 512}));
  EXPECT_EQ(plan.box, (ContentBox{0, 102, 512, 307}));
}

TEST(PlanTest, ATurnedPictureLiesUprightInItsBox) {
  const Plan plan = make_plan({1000, 600}, 6, {});
  EXPECT_EQ(plan.scaled, (Extent{512, 307}));
  EXPECT_EQ(plan.box, (ContentBox{102, 0, 307, 512}));
}

TEST(PlanTest, InsideHasNoPadding) {
  const Plan plan = make_plan({1000, 600}, 6, {.fit = Fit::inside});
  EXPECT_EQ(plan.canvas, (Extent{307, 512}));
  EXPECT_EQ(plan.box, (ContentBox{0, 0, 307, 512}));
}

TEST(PlanTest, CoverLosesWhatSticksOut) {
  const Plan plan = make_plan({1000, 600}, 1, {.fit = Fit::cover});
  EXPECT_EQ(plan.scaled, (Extent{853, 512}));
  EXPECT_EQ(plan.window, (Extent{512, 512}));
  EXPECT_EQ(plan.left, 170);
  EXPECT_EQ(plan.box, (ContentBox{0, 0, 512, 512}));
}

TEST(PlanTest, SmallPicturesGrowOnlyWhenAsked) {
  EXPECT_EQ(make_plan({100, 60}, 1, {}).scaled, (Extent{100, 60}));
  EXPECT_EQ(make_plan({100, 60}, 1, {}).box, (ContentBox{206, 226, 100, 60}));
  EXPECT_EQ(make_plan({100, 60}, 1, {.enlarge = true}).scaled, (Extent{512, 307}));
  EXPECT_EQ(make_plan({100, 60}, 1, {.fit = Fit::cover}).canvas, (Extent{512, 512}));
}

TEST(PlanTest, NothingShrinksToNothing) {
  EXPECT_EQ(make_plan({1, 20'000}, 1, {}).scaled, (Extent{1, 512}));
  EXPECT_EQ(make_plan({65'500, 10}, 1, {}).scaled, (Extent{512, 1}));
}

}  // namespace
}  // namespace dbr::image
