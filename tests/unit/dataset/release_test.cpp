// SPDX-License-Identifier: MIT
// A release's life: saved, found again, held up by what is unsettled, published.
#include "dbr/dataset/release.hpp"

#include <gtest/gtest.h>

#include "support/small_manifest.hpp"

namespace dbr::dataset {
namespace {

using test::k_spec_2017;
using test::must;
using test::post_record;

class ReleaseTest : public ::testing::Test {
 protected:
  Unsettled unsettled_now(PostId last = 1000) { return must(unsettled(manifest.database, k_spec_2017, last)); }

  test::SmallManifest manifest;
};

TEST_F(ReleaseTest, ComesBackAsItWasSaved) {
  EXPECT_FALSE(must(find_release(manifest.database, "danbooru2017")));
  EXPECT_FALSE(must(placed_release(manifest.database)));
  Release release;
  release.spec = k_spec_2017;
  release.placed_version = 12;
  release.files_sha256 = "aa";
  release.exported_files_sha256 = "bb";
  must(save_release(manifest.database, release));
  const auto found = must(find_release(manifest.database, "danbooru2017"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->spec.cutoff, start_of_year(2018));
  EXPECT_EQ(found->state, ReleaseState::draft);
  EXPECT_EQ(found->publication, 0);
  EXPECT_EQ(found->placed_version, 12);
  EXPECT_EQ(found->files_sha256, "aa");
  EXPECT_EQ(found->exported_files_sha256, "bb");
  EXPECT_EQ(must(placed_release(manifest.database))->spec.name, "danbooru2017");
}

TEST_F(ReleaseTest, PublicationsAreNumberedOverAllReleases) {
  Release first;
  first.spec = k_spec_2017;
  must(publish(manifest.database, first));
  EXPECT_EQ(first.publication, 1);
  EXPECT_EQ(first.state, ReleaseState::finished);
  Release second;
  second.spec = {"danbooru2018", start_of_year(2019)};
  must(publish(manifest.database, second));
  EXPECT_EQ(second.publication, 2);
  must(publish(manifest.database, first));  // a reissue
  EXPECT_EQ(first.publication, 3);
  EXPECT_EQ(must(find_release(manifest.database, "danbooru2017"))->publication, 3);
  EXPECT_EQ(must(find_release(manifest.database, "danbooru2018"))->publication, 2);
}

TEST_F(ReleaseTest, IsUnsettledUntilEverythingInItsRangeIs) {
  EXPECT_EQ(unsettled_now().metadata, 1);
  must(set_posts_complete_until(manifest.database, start_of_year(2018)));
  EXPECT_EQ(unsettled_now().total(), 0);

  manifest.put(post_record(1));
  manifest.put(post_record(2000));
  EXPECT_EQ(unsettled_now().originals, 1);
  EXPECT_EQ(unsettled_now(2000).originals, 2);
  manifest.store_original(1);
  EXPECT_EQ(unsettled_now().originals, 0);
  EXPECT_EQ(unsettled_now().ml_forms, 1);
  manifest.make_ml(1);
  EXPECT_EQ(unsettled_now().total(), 0);
}

TEST_F(ReleaseTest, SettledWithoutAFileIsSettled) {
  must(set_posts_complete_until(manifest.database, start_of_year(2018)));
  manifest.put(test::hidden(post_record(1)));
  manifest.put_gap(2);
  manifest.put(post_record(3));
  manifest.set_original(3, OriginalState::absent, "404");
  manifest.put(post_record(4));
  manifest.store_original(4);
  manifest.set_ml(4, MlState::failed, "", "s1");
  EXPECT_EQ(unsettled_now().total(), 0);
}

}  // namespace
}  // namespace dbr::dataset
