// SPDX-License-Identifier: MIT
// --exclude: what a list says, and what that does to a release.
#include "dbr/dataset/exclusions.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "dbr/dataset/volumes.hpp"
#include "support/small_manifest.hpp"

namespace dbr::dataset {
namespace {

using test::k_spec_2017;
using test::must;
using test::post_record;

std::string read(std::string_view text) {
  Exclusions exclusions;
  const auto added = add_exclusions(text, "list.txt", exclusions);
  return added ? format_exclusions(std::move(exclusions)) : added.error().message;
}

TEST(ExclusionListTest, IsSortedAndHasEachOnce) {
  EXPECT_EQ(read(""), "");
  EXPECT_EQ(read("# why\n\n  guro \r\n100\n9\n007\nabc_(d)\nguro\n9"), "7\n9\n100\nabc_(d)\nguro\n");
  EXPECT_EQ(read("\xEF\xBB\xBFguro\n"), "guro\n");
  EXPECT_EQ(read(read("2\nb\n1\na\n")), "1\n2\na\nb\n");
}

TEST(ExclusionListTest, RefusesWhatIsNeitherTagNorId) {
  EXPECT_NE(read("a\ntwo words\n").find("list.txt: line 2 is neither"), std::string::npos) << read("a\ntwo words\n");
  for (const char* text : {"0", "99999999999999999999", "a\tb"}) {
    EXPECT_NE(read(text).find("line 1 is neither"), std::string::npos) << text;
  }
}

class ExclusionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto put = [&](PostId id, std::string_view tags) {
      auto record = post_record(id);
      record["tag_string"] = record["tag_string_general"] = tags;
      manifest.put_complete(record);
    };
    put(1, "1girl solo");
    put(2, "blood solo");
    put(3, "guro");
    put(4, "ryona");
    put(5, "1girl");
    const auto relate = [&](metadata::Table table, std::int64_t id, const char* from, const char* to) {
      manifest.put(table, {{"id", id}, {"antecedent_name", from}, {"consequent_name", to}, {"status", "active"}});
    };
    relate(metadata::Table::tag_aliases, 1, "bleeding", "blood");
    relate(metadata::Table::tag_implications, 1, "guro", "blood");
  }

  void place_without(std::string_view list) {
    Release release;
    release.spec = k_spec_2017;
    release.spec.exclude = list;
    must(place(manifest.database, manifest.layout(), release.spec, 1000));
    must(save_release(manifest.database, release));
    spec = release.spec;
  }
  std::string placed() {
    std::string text;
    must(for_each_placed(manifest.database, k_series[0], {}, k_end_of_series,
                         [&](const PlacedFile& file) -> Result<void> {
                           text += fmt::format("{} ", file.id);
                           return {};
                         }));
    return text;
  }
  std::string left_out() {
    std::string text;
    must(for_each_left_out(manifest.database, 1000, [&](const LeftOut& item) -> Result<void> {
      text += fmt::format("{} {} {} {}|", item.id, to_string(item.form), item.state, item.reason);
      return {};
    }));
    return text;
  }

  test::SmallManifest manifest;
  ReleaseSpec spec;
};

TEST_F(ExclusionTest, LeavesOutByIdTagAliasAndImplication) {
  place_without("5\nbleeding\n");
  EXPECT_EQ(placed(), "1 4 ");
  EXPECT_EQ(left_out(), "2 original excluded tag|3 original excluded tag|5 original excluded id|");
  EXPECT_EQ(must(drift(manifest.database, manifest.layout(), spec, 1000)).total(), 0);
  EXPECT_EQ(must(drift(manifest.database, manifest.layout(), k_spec_2017, 1000)).added, 6);
}

TEST_F(ExclusionTest, AnotherListPlacesADraftAnew) {
  place_without("5\nblood\n");
  place_without("ryona\n");
  EXPECT_EQ(placed(), "1 2 3 5 ");
  EXPECT_EQ(left_out(), "4 original excluded tag|");
  place_without("");
  EXPECT_EQ(placed(), "1 2 3 4 5 ");
}

TEST_F(ExclusionTest, WhatIsNotThereAnywayKeepsItsOwnReason) {
  manifest.set_original(2, OriginalState::excluded, "size");
  manifest.put(test::hidden(post_record(3)));
  manifest.put(post_record(6));
  auto late = post_record(7);
  late["created_at"] = "2018-01-01T00:00:00.000Z";
  manifest.put_complete(late);
  place_without("2\n3\n6\n4\n");
  EXPECT_EQ(left_out(),
            "2 original excluded size|3 original withheld |4 original excluded id|6 original wanted |"
            "7 original after_cutoff |");
}

TEST_F(ExclusionTest, TagsNobodyHasAreNamed) {
  const auto matcher = must(ExclusionMatcher::create(manifest.database, "5\nbleeding\nno_such_tag\n"));
  EXPECT_EQ(matcher.unknown_tags(), std::vector<std::string>{"no_such_tag"});
}

}  // namespace
}  // namespace dbr::dataset
