// SPDX-License-Identifier: MIT
// State names, and that `status` counts every ID once a stage.
#include "dbr/dataset/states.hpp"

#include <gtest/gtest.h>

#include <set>

#include "dbr/dataset/status.hpp"
#include "support/small_manifest.hpp"

namespace dbr::dataset {
namespace {

TEST(StatesTest, EveryStateHasItsOwnName) {
  std::set<std::string_view> originals;
  for (int state = 0; state <= 8; ++state) originals.insert(to_string(static_cast<OriginalState>(state)));
  EXPECT_EQ(originals.size(), 9);
  EXPECT_FALSE(originals.contains("unknown"));
  std::set<std::string_view> ml_forms;
  for (int state = 0; state <= 5; ++state) ml_forms.insert(to_string(static_cast<MlState>(state)));
  EXPECT_EQ(ml_forms.size(), 6);
  EXPECT_FALSE(ml_forms.contains("unknown"));
}

// The numbers are in manifests people have.
TEST(StatesTest, NumbersStay) {
  EXPECT_EQ(static_cast<int>(OriginalState::stored), 1);
  EXPECT_EQ(static_cast<int>(OriginalState::mismatch), 2);
  EXPECT_EQ(static_cast<int>(OriginalState::excluded), 8);
  EXPECT_EQ(static_cast<int>(MlState::wanted), 1);
  EXPECT_EQ(static_cast<int>(MlState::no_original), 5);
  EXPECT_EQ(static_cast<int>(metadata::PostState::expunged), 3);
  EXPECT_EQ(static_cast<int>(metadata::Table::artists), 7);
  EXPECT_EQ(static_cast<int>(metadata::Table::users), 8);
  EXPECT_EQ(static_cast<int>(metadata::Table::artist_urls), 9);
}

TEST(StatesTest, OnlyStoredAndMismatchHaveBytes) {
  for (int state = 0; state <= 8; ++state) {
    EXPECT_EQ(has_bytes(static_cast<OriginalState>(state)), state == 1 || state == 2) << state;
  }
}

std::int64_t sum(const StageCounts& counts) {
  std::int64_t total = 0;
  for (const auto& [state, count] : counts.states) total += count;
  return total;
}

TEST(StatusTest, EachStagesStatesAddUpToTheIds) {
  test::SmallManifest manifest;
  manifest.put_complete(test::post_record(1));
  manifest.put_complete(test::post_record(2, "e"));
  manifest.put(test::post_record(3));
  manifest.put(test::hidden(test::post_record(4)));
  manifest.put_gap(5);
  manifest.put(test::post_record(6));
  manifest.set_original(6, OriginalState::absent, "404");
  test::must(place(manifest.database, manifest.layout(), test::k_spec_2017, 6));

  const Status status = test::must(read_status(manifest.database));
  EXPECT_EQ(status.ids, 6);
  for (const StageCounts* stage : {&status.metadata, &status.originals, &status.ml_forms, &status.placement}) {
    EXPECT_EQ(sum(*stage), status.ids);
  }
  EXPECT_EQ(status.metadata.states.at("withheld"), 1);
  EXPECT_EQ(status.metadata.states.at("expunged"), 1);
  EXPECT_EQ(status.originals.states.at("stored"), 2);
  EXPECT_EQ(status.originals.reasons.at("absent").at("404"), 1);
  EXPECT_EQ(status.placement.states.at("nsfw"), 1);
  EXPECT_EQ(status.placement.states.at("not_placed"), 4);
}

}  // namespace
}  // namespace dbr::dataset
