// SPDX-License-Identifier: MIT
// Where a series is cut into volumes, and which of them a publication leaves as they are.
#include "volume_plan.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "support/small_manifest.hpp"

namespace dbr::stages {
namespace {

using dataset::Volume;
using test::k_spec_2017;
using test::must;
using test::post_record;

class VolumePlanTest : public ::testing::Test {
 protected:
  void place() { must(dataset::place(manifest.database, manifest.layout(), k_spec_2017, 1000)); }
  void publish(std::vector<Volume> volumes) {
    dataset::Release release =
        must(dataset::find_release(manifest.database, "danbooru2017")).value_or(dataset::Release{});
    release.spec = k_spec_2017;
    must(dataset::publish(manifest.database, release));
    for (std::size_t i = 0; i < volumes.size(); ++i) volumes[i].infohash = fmt::format("{:040x}", i + 1);
    must(dataset::replace_volumes(manifest.database, volumes));
  }
  // Of the originals of the sfw set: "files@publication", with "*" when it is sealed, "+" when it needs a new torrent.
  std::string planned() {
    std::string text;
    for (const Volume& volume : must(plan_volumes(settings, manifest.database))) {
      if (dataset::name_of(volume.series) != "sfw-original") continue;
      text += fmt::format("{}{}@{}{}{}", text.empty() ? "" : " ", volume.files, volume.publication,
                          volume.is_sealed ? "*" : "", volume.infohash.empty() ? "+" : "");
    }
    return text;
  }

  test::SmallManifest manifest;
  Settings settings;
};

TEST_F(VolumePlanTest, TrackersCountAsTheyAreWritten) {
  for (const PostId id : {1, 2}) manifest.put_complete(post_record(id));
  place();
  EXPECT_EQ(planned(), "2@1+");
  // 5 bytes each here, and about 40 in the torrent: more than 9.5 MB.
  constexpr int k_many = 250'000;
  std::string tier = "nyaa";
  for (int i = 1; i < k_many; ++i) tier += ",nyaa";
  settings.trackers = {tier};
  EXPECT_EQ(planned(), "1@1*+ 1@1+");
}

TEST_F(VolumePlanTest, OnlyVolumesWhoseFilesChangeAreIssuedAgain) {
  for (const PostId id : {1, 2, 3, 4, 5}) manifest.put_complete(post_record(id));
  place();
  settings.volume_files = 2;
  EXPECT_EQ(planned(), "2@1*+ 2@1*+ 1@1+");
  publish(must(plan_volumes(settings, manifest.database)));
  place();
  EXPECT_EQ(planned(), "2@1* 2@1* 1@1");
  settings.source = "other";  // sealed ones keep theirs
  EXPECT_EQ(planned(), "2@1* 2@1* 1@2+");
  settings.source.clear();
  manifest.put(test::hidden(post_record(1)));
  manifest.put_complete(post_record(6));
  place();
  EXPECT_EQ(planned(), "1@2*+ 2@1* 2@2+");
}

}  // namespace
}  // namespace dbr::stages
