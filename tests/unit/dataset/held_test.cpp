// SPDX-License-Identifier: MIT
// What should lie on disk by the manifest, and the ways back to the queues.
#include "dbr/dataset/held.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "../../support/small_manifest.hpp"
#include "dbr/dataset/status.hpp"

namespace dbr::dataset {
namespace {

using test::must;
using test::post_record;

Bytes bytes_of(std::string_view text, DigestKind kind) {
  Bytes bytes{.size = static_cast<ByteCount>(text.size())};
  Digest digest(kind);
  digest.update(text);
  std::ranges::copy(digest.finish(), bytes.digest.begin());
  return bytes;
}

class HeldTest : public testing::Test {
 protected:
  std::map<PostId, KnownPost> known(const Part& part = {}, int first = 0, int last = 999) {
    std::map<PostId, KnownPost> posts;
    must(for_each_known(manifest.database, 1000, part, first, last, DigestKind::md5,
                        [&](const KnownPost& post) { posts.emplace(post.id, post); }));
    return posts;
  }
  test::SmallManifest manifest;
};

TEST_F(HeldTest, KnowsTheBytesOfAllForms) {
  manifest.put_complete(post_record(1));
  {
    auto transaction = must(sql::Transaction::begin(manifest.database));
    must(place(manifest.database, manifest.layout(), test::k_spec_2017, 1));
    must(transaction.commit());
  }
  for (const DigestKind kind : {DigestKind::md5, DigestKind::sha256}) {
    const KnownPost post = must(find_known(manifest.database, 1, kind)).value();
    EXPECT_TRUE(post.has_original() && post.has_ml() && post.is_as_site_says);
    EXPECT_EQ(post.file_ext, "png");
    EXPECT_EQ(post.original, bytes_of("1", kind));
    EXPECT_EQ(post.ml, bytes_of("ml of 1", kind));
    ASSERT_EQ(post.placed.size(), 2);
    EXPECT_EQ(post.placed[0].series.form, Form::original);
    EXPECT_EQ(post.placed[0].bytes, post.original);
    EXPECT_EQ(post.placed[1].file_ext, "jpg");
    EXPECT_EQ(post.placed[1].bytes, post.ml);
  }
  EXPECT_FALSE(must(find_known(manifest.database, 2, DigestKind::md5)));
}

TEST_F(HeldTest, RemembersWhatWasHeldLast) {
  manifest.put_complete(post_record(1));
  {
    auto transaction = must(sql::Transaction::begin(manifest.database));
    must(requeue_original(manifest.database, 1, "hash"));
    must(transaction.commit());
  }
  const KnownPost post = known().at(1);
  EXPECT_FALSE(post.has_original());
  EXPECT_FALSE(post.has_ml());
  EXPECT_TRUE(post.may_have_ml());
  EXPECT_EQ(post.original, bytes_of("1", DigestKind::md5));
  EXPECT_TRUE(test::wanted_original(manifest.database, 1));
  const auto wanted = must(find_wanted(manifest.database, 1)).value();
  EXPECT_EQ(wanted.md5, test::md5_of("1"));
  EXPECT_EQ(wanted.size, 101);
}

TEST_F(HeldTest, OnlyAFormThatIsDoneIsQueuedAgain) {
  for (const PostId id : {1, 2}) manifest.put_complete(post_record(id));
  manifest.set_ml(2, MlState::failed);
  for (const PostId id : {1, 2}) must(requeue_ml(manifest.database, id));
  EXPECT_EQ(test::ml_state(manifest.database, 1), MlState::wanted);
  EXPECT_EQ(test::ml_state(manifest.database, 2), MlState::failed);
  EXPECT_FALSE(known().at(2).may_have_ml());
  EXPECT_FALSE(must(find_wanted(manifest.database, 1)));
}

TEST_F(HeldTest, AnotherMd5OfTheSiteIsSeen) {
  manifest.put(post_record(1));
  manifest.store_original(1, "other bytes");
  EXPECT_FALSE(known().at(1).is_as_site_says);
}

TEST_F(HeldTest, BucketsAndPartsCoverEachPostOnce) {
  for (const PostId id : {1, 2, 999, 1001, 2500}) {
    manifest.put(post_record(id));
    manifest.store_original(id);
  }
  EXPECT_EQ(known({}, 0, 1).size(), 2);  // 1 and 1001
  for (const std::int64_t count : {3, 30, 1000, 5000}) {
    std::set<PostId> all;
    for (std::int64_t number = 0; number < count; ++number) {
      if (count > 1000 && number % 500 > 2 && number != 999 && number != 2500) continue;  // they would be empty
      for (const auto& [id, post] : known({number, count})) EXPECT_TRUE(all.insert(id).second);
    }
    EXPECT_EQ(all.size(), 5) << count;
  }
}

TEST(PartTest, KeepsDirectoriesTogetherWhereItCan) {
  EXPECT_TRUE(is_in_part({1, 30}, PostId{1'000'001}, 1000));
  EXPECT_TRUE(is_in_part({1, 30}, PostId{31}, 1000));
  EXPECT_FALSE(is_in_part({1, 30}, PostId{30}, 1000));
  // More parts than directories: by the ID.
  EXPECT_TRUE(is_in_part({7, 30}, PostId{37}, 4));
  EXPECT_TRUE(is_in_part({0, 1}, PostId{37}, 1));
}

TEST(PartTest, NamesBelongToOnePart) {
  for (const std::string_view name : {"danbooru2017", "a.torrent", "store/original/x y"}) {
    int parts = 0;
    for (int number = 0; number < 12; ++number) parts += is_in_part({number, 12}, name) ? 1 : 0;
    EXPECT_EQ(parts, 1);
  }
}

// Held bytes have their own digests; what the site sent is kept beside them, and is what the site is asked about.
TEST_F(HeldTest, AnOptimizedOriginalHasBothHashes) {
  manifest.put(post_record(1));
  OriginalOutcome outcome{.id = 1, .state = OriginalState::stored, .file_ext = "jpg", .size = 7};
  outcome.md5 = test::md5_of("smaller");
  outcome.sha256 = digest_hex(DigestKind::sha256, "smaller");
  outcome.source = SourceFile{101, test::md5_of("1"), digest_hex(DigestKind::sha256, "1")};
  must(record_original(manifest.database, outcome));

  const KnownPost post = must(find_known(manifest.database, 1, DigestKind::md5)).value();
  EXPECT_TRUE(post.is_as_site_says);
  EXPECT_EQ(post.original.size, 7);
  EXPECT_EQ(to_hex(std::string_view(post.original.digest.data(), 16)), outcome.md5);
  const auto samples = must(stored_samples(manifest.database, 1));
  ASSERT_FALSE(samples.empty());
  EXPECT_EQ(samples[0].md5, test::md5_of("1"));
  EXPECT_EQ(samples[0].file_size, 101);
  const Status status = must(read_status(manifest.database));
  EXPECT_EQ(status.optimized, 1);
  EXPECT_EQ(status.saved, 94);
  must(place(manifest.database, manifest.layout(), {"danbooru2017", Timestamp::max()}, 10));
  must(for_each_placed(manifest.database, [&](const PlacedFile& file) -> Result<void> {
    EXPECT_EQ(file.md5, outcome.md5);
    EXPECT_EQ(file.source_md5, test::md5_of("1"));
    return {};
  }));

  // Fetched again, and stored as it came.
  manifest.store_original(1);
  EXPECT_EQ(must(read_status(manifest.database)).optimized, 0);
  must(place(manifest.database, manifest.layout(), {"danbooru2017", Timestamp::max()}, 10));
  must(for_each_placed(manifest.database, [&](const PlacedFile& file) -> Result<void> {
    EXPECT_EQ(file.source_md5, file.md5);
    return {};
  }));
}

}  // namespace
}  // namespace dbr::dataset
