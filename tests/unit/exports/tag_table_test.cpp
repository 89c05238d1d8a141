// SPDX-License-Identifier: MIT
#include "exports/tag_table.hpp"

#include "exports/release_rows.hpp"
#include "unit/exports/small_release.hpp"

namespace dbr::exports {
namespace {

using metadata::TagCategory;

TEST(TagTableTest, KnowsIdsCountsUsesAndNumbersTheUnknown) {
  test::SmallRelease small;
  // A second row with a known name: the lower ID counts.
  small.manifest.put(metadata::Table::tags, {{"id", 999}, {"name", "1girl"}, {"category", 5}});
  small.manifest.put(metadata::Table::tags, {{"id", 1000}, {"name", nullptr}});
  const Context context{small.manifest.database, small.release,        small.manifest.layout(),
                        small.folder(),          StopSource().token(), {}};
  auto tags = test::must(TagTable::load(context, "x"));
  const std::vector<metadata::TagUse> first = {{"1girl", 0}, {"new_artist", 1}};
  const std::vector<metadata::TagUse> second = {{"newer", 5}, {"new_artist", 1}, {"solo", 0}};
  EXPECT_EQ(tags.use(first), (std::vector<std::int64_t>{-1, 500}));
  EXPECT_EQ(tags.use(second), (std::vector<std::int64_t>{-2, -1, 400}));
  std::string used;
  test::must(tags.for_each_used([&](const TagTable::UsedTag& tag) -> Result<void> {
    used += std::to_string(tag.id) + std::string(tag.name) + std::to_string(tag.category) + "x" +
            std::to_string(tag.posts) + " ";
    return {};
  }));
  EXPECT_EQ(used,
            "-2newer5x1 -1new_artist1x2 400solo0x1 500"
            "1girl0x1 ");
}

TEST(PostSetTest, HoldsWhatWasAdded) {
  PostSet posts;
  EXPECT_FALSE(posts.contains(0));
  EXPECT_FALSE(posts.contains(1));
  for (const PostId id : {1, 2, 64, 1'000'000}) posts.add(id);
  EXPECT_TRUE(posts.contains(1));
  EXPECT_TRUE(posts.contains(64));
  EXPECT_TRUE(posts.contains(1'000'000));
  EXPECT_FALSE(posts.contains(3));
  EXPECT_FALSE(posts.contains(1'000'001));
  EXPECT_FALSE(posts.contains(-1));
  EXPECT_FALSE(posts.contains(PostId{1} << 60));
}

}  // namespace
}  // namespace dbr::exports
