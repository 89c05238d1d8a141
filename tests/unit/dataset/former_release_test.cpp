// SPDX-License-Identifier: MIT
// What became of the files of a former release.
#include "dbr/dataset/former_release.hpp"

#include <gtest/gtest.h>

#include "support/small_manifest.hpp"

namespace dbr::dataset {
namespace {

using test::must;
using test::post_record;

class FormerReleaseTest : public ::testing::Test {
 protected:
  std::string fate(PostId id, std::string_view bytes, Form form = Form::original) {
    const auto found = must(find_former(manifest.database, form, id, digest_hex(DigestKind::sha256, bytes)));
    return found.state + " " + found.reason + " " + found.extension;
  }
  test::SmallManifest manifest;
};

TEST_F(FormerReleaseTest, BytesCountAndNothingElse) {
  manifest.put_complete(post_record(1));
  EXPECT_EQ(fate(1, "1"), "  png");
  EXPECT_EQ(fate(1, "ml of 1", Form::ml), "  jpg");
  EXPECT_EQ(fate(1, "older bytes"), "replaced  ");
  EXPECT_EQ(fate(1, "1", Form::ml), "replaced  ");
  manifest.put(post_record(1, "e"));
  EXPECT_EQ(fate(1, "1"), "  png") << "whatever the rating is now";
  manifest.store_original(1, "1", "webp");
  EXPECT_EQ(fate(1, "1"), "  webp") << "whatever the name is now";
  EXPECT_EQ(fate(1, "ml of 1", Form::ml), "not_held wanted ");
  EXPECT_EQ(fate(2, "2"), "not_held unknown_post ");
}

TEST_F(FormerReleaseTest, WhatIsNotHeldOrTakenDownStaysAway) {
  for (PostId id = 1; id <= 4; ++id) manifest.put_complete(post_record(id));
  manifest.put(test::hidden(post_record(1)));
  manifest.put_gap(2);
  manifest.set_original(3, OriginalState::quarantined, "html");
  manifest.set_original(4, OriginalState::wanted);
  EXPECT_EQ(fate(1, "1"), "withdrawn withheld ");
  EXPECT_EQ(fate(1, "ml of 1", Form::ml), "withdrawn withheld ");
  EXPECT_EQ(fate(2, "2"), "withdrawn expunged ");
  EXPECT_EQ(fate(3, "3"), "not_held quarantined ");
  EXPECT_EQ(fate(4, "4"), "not_held wanted ");
}

TEST_F(FormerReleaseTest, AListFindsItsFilesAgain) {
  TreeList list = must(TreeList::create());
  const Layout::SharedFile first{k_series[0], 2001, "png"};
  const Layout::SharedFile second{k_series[0], 1002, "jpg"};
  EXPECT_TRUE(must(list.add(second, "b")));
  EXPECT_TRUE(must(list.add(first, "a")));
  EXPECT_FALSE(must(list.add({k_series[0], 2001, "gif"}, "c"))) << "a post has one file in a series";
  EXPECT_EQ(must(list.find(first)), "a");
  EXPECT_EQ(must(list.find({k_series[0], 2001, "gif"})), std::nullopt);
  EXPECT_EQ(must(list.find({k_series[2], 2001, "png"})), std::nullopt);
  std::string order;
  must(list.for_each(1000, [&](const Layout::SharedFile& file, std::string_view source) -> Result<void> {
    order += std::to_string(file.id) + "." + file.extension + "=" + std::string(source) + " ";
    return {};
  }));
  EXPECT_EQ(order, "2001.png=a 1002.jpg=b ");
}

}  // namespace
}  // namespace dbr::dataset
