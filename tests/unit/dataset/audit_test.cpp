// SPDX-License-Identifier: MIT
// The audit of the sets: what was placed by the rule passes, whatever is elsewhere is counted.
#include <gtest/gtest.h>

#include "dbr/dataset/volumes.hpp"
#include "support/small_manifest.hpp"

namespace dbr::dataset {
namespace {

using test::k_spec_2017;
using test::must;
using test::post_record;

class AuditTest : public ::testing::Test {
 protected:
  void place_by(const ReleaseSpec& spec) { must(place(manifest.database, manifest.layout(), spec, 1000)); }
  SetAudit audit(const ReleaseSpec& spec) { return must(audit_sets(manifest.database, spec)); }
  SetAudit audit() { return audit(k_spec_2017); }

  test::SmallManifest manifest;
};

TEST_F(AuditTest, WhatIsPlacedByTheRulePasses) {
  EXPECT_EQ(audit().checked, 0);
  PostId id = 0;
  for (const char* rating : {"g", "s", "q", "e", "x", "gs", ""}) manifest.put_complete(post_record(++id, rating));
  place_by(k_spec_2017);
  EXPECT_EQ(audit().checked, 2 * id);
  EXPECT_EQ(audit().outside, 0);
}

TEST_F(AuditTest, CountsFilesInTheWrongSet) {
  manifest.put_complete(post_record(1, "s"));
  manifest.put_complete(post_record(2, "q"));
  place_by(k_spec_2017);
  must(manifest.database.execute("UPDATE placement SET path = 'sfw/original/0002/2.png' WHERE series = 2"));
  EXPECT_EQ(audit().outside, 1);
  must(manifest.database.execute("UPDATE placement SET path = 'other/0002/2.png' WHERE series = 2"));
  EXPECT_EQ(audit().outside, 1);
  must(manifest.database.execute("UPDATE post SET rating = NULL WHERE id = 1"));
  EXPECT_EQ(audit().outside, 3);
  must(manifest.database.execute("DELETE FROM post WHERE id = 2"));
  EXPECT_EQ(audit().checked, 4);
  EXPECT_EQ(audit().outside, 4);
}

TEST_F(AuditTest, NamesThePostThatIsOutside) {
  manifest.put_complete(post_record(7, "q"));
  place_by(k_spec_2017);
  EXPECT_EQ(must(prove_sets(manifest.database, k_spec_2017)).checked, 2);
  must(manifest.database.execute("UPDATE placement SET path = 'sfw/original/0007/7.png' WHERE series = 2"));
  const auto proof = prove_sets(manifest.database, k_spec_2017);
  ASSERT_FALSE(proof);
  EXPECT_EQ(proof.error().kind, ErrorKind::internal);
  EXPECT_NE(proof.error().message.find("post 7, rated \"q\", is at sfw/original/0007/7.png"), std::string::npos)
      << proof.error().message;
}

// Rows as the copies of 2021 have them: s is "safe", there is no g, numbers are texts.
TEST_F(AuditTest, HoldsInBothErasOfRatings) {
  PostId id = 0;
  for (const char* rating : {"s", "q", "e", "", "u"}) {
    auto record = post_record(++id, rating);
    record["id"] = std::to_string(id);
    record["created_at"] = "2016-07-01 08:00:00.000000 UTC";
    record["score"] = "4";
    manifest.put(record, 1);
  }
  for (const char* rating : {"g", "s", "q", "e", "", "G"}) manifest.put(post_record(++id, rating));
  auto unrated = post_record(++id);
  unrated.erase("rating");
  manifest.put(unrated);
  for (PostId each = 1; each <= id; ++each) {
    manifest.store_original(each);
    manifest.make_ml(each);
  }
  const auto sfw = [&](std::string_view letters) {
    ReleaseSpec spec = k_spec_2017;
    spec.sfw_ratings = letters;
    place_by(spec);
    EXPECT_EQ(must(prove_sets(manifest.database, spec)).checked, 2 * id);
    std::string text;
    must(for_each_placed(manifest.database, k_series[0], {}, k_end_of_series,
                         [&](const PlacedFile& file) -> Result<void> {
                           text += std::to_string(file.id) + rating_of(manifest.database, file.id).value() + " ";
                           return {};
                         }));
    return text;
  };
  EXPECT_EQ(sfw("gs"), "1s 6g 7s ");
  EXPECT_EQ(sfw("g"), "6g ");
  EXPECT_EQ(sfw("s"), "1s 7s ");
  EXPECT_EQ(sfw("gsqe"), "1s 2q 3e 6g 7s 8q 9e ");
  EXPECT_EQ(audit(k_spec_2017).outside, 2 * 4) << "another rule finds what is not in its sets";
}

}  // namespace
}  // namespace dbr::dataset
