// SPDX-License-Identifier: MIT
// The generator keeps its promises: tests of other rooms build on them.
#include "pictures.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

namespace dbr::sim {
namespace {

TEST(PicturesTest, NamesAreUnique) {
  std::set<std::string_view> names;
  for (const PictureKind kind : all_picture_kinds()) {
    EXPECT_TRUE(names.insert(name(kind)).second) << name(kind);
    EXPECT_FALSE(extension(kind).empty());
  }
  EXPECT_EQ(names.size(), 29U);
  EXPECT_EQ(name(PictureKind::baseline_jpeg), "baseline_jpeg");
  EXPECT_EQ(extension(PictureKind::png_named_jpg), "jpg");
  EXPECT_EQ(extension(PictureKind::ugoira), "zip");
  EXPECT_EQ(extension(PictureKind::flash), "swf");
}

TEST(PicturesTest, OneSeedGivesOnePictureOnEveryThread) {
  const auto make_all = [](std::vector<std::string>& out) {
    for (const PictureKind kind : all_picture_kinds()) {
      out.push_back(make_picture(kind, 77).bytes);
    }
  };
  std::vector<std::vector<std::string>> all(3);
  std::vector<std::thread> threads;
  for (auto& out : all) {
    threads.emplace_back([&] { make_all(out); });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(all[0], all[1]);
  EXPECT_EQ(all[0], all[2]);
}

TEST(PicturesTest, SeedsGiveDifferentBytesAndSizesStayModest) {
  constexpr std::uint64_t k_seeds = 25;
  for (const PictureKind kind : all_picture_kinds()) {
    std::set<std::string> seen;
    for (std::uint64_t seed = 0; seed < k_seeds; ++seed) {
      Picture picture = make_picture(kind, seed);
      EXPECT_GT(picture.width, 0);
      EXPECT_GT(picture.height, 0);
      EXPECT_LT(picture.bytes.size(), 400'000U) << name(kind);
      seen.insert(std::move(picture.bytes));
    }
    EXPECT_EQ(seen.size(), kind == PictureKind::empty ? 1 : k_seeds) << name(kind);
  }
}

TEST(PicturesTest, KindsOfOneSeedDiffer) {
  EXPECT_NE(make_picture(PictureKind::rgb_png, 5).bytes, make_picture(PictureKind::png_named_jpg, 5).bytes);
}

}  // namespace
}  // namespace dbr::sim
