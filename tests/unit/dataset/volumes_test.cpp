// SPDX-License-Identifier: MIT
#include "dbr/dataset/volumes.hpp"

#include <gtest/gtest.h>

#include "support/small_manifest.hpp"

namespace dbr::dataset {
namespace {

using test::must;

class VolumesTest : public ::testing::Test {
 protected:
  void publish(std::int64_t publication, const std::string& infohash) {
    must(replace_volumes(manifest.database,
                         {{.series = k_series[0], .files = 1, .publication = publication, .infohash = infohash}}));
  }

  test::SmallManifest manifest;
};

TEST_F(VolumesTest, ATorrentIsOfThePublicationThatIssuedItLast) {
  publish(1, "aa");
  publish(2, "bb");
  publish(3, "aa");  // what had left it came back
  publish(4, "");    // and left it for good
  EXPECT_EQ(must(publication_of(manifest.database, "aa")), 3);
  EXPECT_EQ(must(publication_of(manifest.database, "bb")), 2);
  EXPECT_EQ(must(publication_of(manifest.database, "")), std::nullopt);
}

}  // namespace
}  // namespace dbr::dataset
