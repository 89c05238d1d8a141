// SPDX-License-Identifier: MIT
#include "dbr/dataset/layout.hpp"

#include <gtest/gtest.h>

namespace dbr::dataset {
namespace {

const Layout k_layout("/data", 1000);

TEST(LayoutTest, PathsAreThosePeopleHardCode) {
  EXPECT_EQ(k_layout.stored(Form::original, 1000123, "png"), "/data/store/original/0123/1000123.png");
  EXPECT_EQ(k_layout.stored(Form::ml, 7, "jpg"), "/data/store/512px/0007/7.jpg");
  EXPECT_EQ(k_layout.shared_path({Set::sfw, Form::original}, 1000123, "png"), "sfw/original/0123/1000123.png");
  EXPECT_EQ(k_layout.shared_path({Set::nsfw, Form::ml}, 1000, "jpg"), "nsfw/512px/0000/1000.jpg");
  EXPECT_EQ(k_layout.release_metadata("danbooru2017"), "/data/danbooru/metadata/danbooru2017");
  EXPECT_EQ(k_layout.torrents("danbooru2017"), "/data/torrents/danbooru2017");
  EXPECT_EQ(Layout("/data", 100).shared_path({Set::sfw, Form::ml}, 1000123, "jpg"), "sfw/512px/0023/1000123.jpg");
  EXPECT_EQ(Layout("/data", 1).shared_path({Set::sfw, Form::ml}, 1000123, "jpg"), "sfw/512px/0000/1000123.jpg");
}

TEST(LayoutTest, SharedPathsRoundTrip) {
  for (const int buckets : {1, 100, 1000, 10'000}) {
    const Layout layout("/data", buckets);
    for (const Series series : k_series) {
      for (const PostId id : {PostId{1}, PostId{999}, PostId{1000}, PostId{12'345'678}, PostId{1} << 40}) {
        const std::string path = layout.shared_path(series, id, "webp");
        const auto file = layout.parse_shared_path(path);
        ASSERT_TRUE(file) << path;
        EXPECT_EQ(file->series.set, series.set);
        EXPECT_EQ(file->series.form, series.form);
        EXPECT_EQ(file->id, id);
        EXPECT_EQ(file->extension, "webp");
      }
    }
  }
}

TEST(LayoutTest, ParsesOnlyWhatItMakes) {
  for (const std::string_view path : {"",
                                      "sfw",
                                      "sfw/original/",
                                      "sfw/original/0123",
                                      "sfw/original/0123/1000123",
                                      "sfw/original/0123/1000123.",
                                      "sfw/original/0124/1000123.png",
                                      "sfw/original/123/1000123.png",
                                      "sfw/original/0123/01000123.png",
                                      "sfw/original/0123/-877.png",
                                      "sfw/original/0123/+1000123.png",
                                      "sfw/original/0000/0.png",
                                      "sfw/original/0123/1000123.PNG",
                                      "sfw/original/0123/1000123.tar.gz",
                                      "sfw/original/0123/1000123.longlonge",
                                      "sfw/original/0123/1000123.png/",
                                      "/sfw/original/0123/1000123.png",
                                      "sfw/original/../0123/1000123.png",
                                      "sfw/original/0123/./1000123.png",
                                      "sfw//original/0123/1000123.png",
                                      "sfw/original/0123/1000123.png~",
                                      "safe/original/0123/1000123.png",
                                      "sfw/256px/0123/1000123.jpg",
                                      "metadata/danbooru2017/README.md",
                                      "sfw/original/0123/99999999999999999999.png",
                                      "sfw/original/0123/1000123 .png"}) {
    EXPECT_FALSE(k_layout.parse_shared_path(path)) << path;
  }
}

TEST(LayoutTest, PathsOfOtherDatasetsHaveOtherBuckets) {
  EXPECT_FALSE(k_layout.parse_shared_path("nsfw/512px/0023/1000123.jpg"));
  const auto file = Layout::parse_foreign_path("nsfw/512px/0023/1000123.jpg");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->id, 1000123);
  EXPECT_EQ(name_of(file->series), "nsfw-512px");
  for (const std::string_view path :
       {"nsfw/512px/../1000123.jpg", "nsfw/512px/00230/1000123.jpg", "nsfw/512px/0023/", "nsfw/512px/0023/.jpg",
        "nsfw/512px/0023/0123.jpg", "nsfw/512px/0023/x/1.jpg", "/nsfw/512px/0023/1000123.jpg", "nsfw/512px/"}) {
    EXPECT_FALSE(Layout::parse_foreign_path(path)) << path;
  }
}

TEST(LayoutTest, NoServerDecidesAPath) {
  for (const std::string_view good : {"jpg", "png", "zip", "swf", "mp4", "avif", "7z"}) {
    EXPECT_TRUE(is_safe_extension(good)) << good;
  }
  for (const std::string_view bad : {"", "JPG", "j pg", "../x", "p/q", ".", "a.b", "jpg\n", "ninechars", "j\xC3\xA9"}) {
    EXPECT_FALSE(is_safe_extension(bad)) << bad;
  }
}

TEST(LayoutTest, SeriesNames) {
  EXPECT_EQ(name_of(k_series[0]), "sfw-original");
  EXPECT_EQ(name_of(k_series[3]), "nsfw-512px");
}

}  // namespace
}  // namespace dbr::dataset
