// SPDX-License-Identifier: MIT
// The audit of the sets: what was placed by the rule passes, whatever is elsewhere is counted.
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace dbr::dataset
