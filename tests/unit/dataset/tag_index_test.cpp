// SPDX-License-Identifier: MIT
// Whatever part of the posts the index knows, the answers are those of looking at every post.
#include "dbr/dataset/tag_index.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "post_list.hpp"
#include "support/small_manifest.hpp"

namespace dbr::dataset {
namespace {

using test::must;
using test::post_record;
using Ids = std::vector<PostId>;

class TagIndexTest : public ::testing::Test {
 protected:
  void put(PostId id, const std::string& tags) {
    auto record = post_record(id);
    record["tag_string"] = tags;
    record["tag_string_general"] = tags;
    manifest.put(record);
  }
  void update() {
    must(update_tag_index(manifest.database, [] { return true; }));
  }
  Ids ask(const std::string& text) {
    Ids ids;
    must(for_each_tagged(manifest.database, must(parse_tag_query(manifest.database, text)),
                         [&](PostId id) -> Result<bool> {
                           ids.push_back(id);
                           return true;
                         }));
    return ids;
  }
  void relate(metadata::Table table, int id, const char* from, const char* to, const char* status = "active") {
    manifest.put(table, {{"id", id}, {"antecedent_name", from}, {"consequent_name", to}, {"status", status}});
  }
  test::SmallManifest manifest;
};

TEST_F(TagIndexTest, AnswersWithAndWithoutTheIndex) {
  put(1, "a b");
  put(2, "a");
  put(3, "b c");
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(ask("a"), (Ids{1, 2}));
    EXPECT_EQ(ask("a -b"), (Ids{2}));
    EXPECT_EQ(ask("-a"), (Ids{3}));
    EXPECT_EQ(ask("b  c"), (Ids{3}));
    EXPECT_EQ(ask("nothing"), Ids{});
    EXPECT_EQ(ask("-nothing"), (Ids{1, 2, 3}));
    update();
  }
  EXPECT_FALSE(parse_tag_query(manifest.database, "  "));
}

TEST_F(TagIndexTest, KnowsWhatChangedSince) {
  put(1, "a b");
  put(5, "a");
  update();
  put(1, "b c");
  put(3, "a");  // below what is indexed
  put(9, "a");
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(ask("a"), (Ids{3, 5, 9}));
    EXPECT_EQ(ask("c"), (Ids{1}));
    EXPECT_EQ(ask("-a"), (Ids{1}));
    update();
  }
  put(1, "a");
  put(1, "b");  // twice between two updates: the index knows "b c"
  update();
  EXPECT_EQ(ask("c"), Ids{});
  EXPECT_EQ(ask("b"), (Ids{1}));
}

TEST_F(TagIndexTest, ResolvesAliasesAndImplications) {
  put(1, "cat_girl");
  put(2, "animal_ears");
  put(3, "catgirl");
  put(4, "tiger_girl");
  relate(metadata::Table::tag_aliases, 1, "catgirl", "cat_girl");
  relate(metadata::Table::tag_aliases, 2, "solo", "animal_ears", "deleted");
  relate(metadata::Table::tag_implications, 1, "cat_girl", "animal_ears");
  relate(metadata::Table::tag_implications, 2, "tiger_girl", "cat_girl");
  relate(metadata::Table::tag_implications, 3, "animal_ears", "tiger_girl");  // a circle must not hang
  EXPECT_EQ(ask("catgirl"), (Ids{1, 2, 3, 4}));
  EXPECT_EQ(ask("solo"), Ids{});
  relate(metadata::Table::tag_implications, 3, "animal_ears", "tiger_girl", "deleted");
  EXPECT_EQ(ask("catgirl"), (Ids{1, 3, 4}));
  EXPECT_EQ(ask("cat_girl"), (Ids{1, 3, 4})) << "an old name is the tag's too";
  EXPECT_EQ(ask("animal_ears -cat_girl"), (Ids{2}));
}

TEST_F(TagIndexTest, SpansChunks) {
  const PostId far = PostId{1} << (k_chunk_bits + 1);
  put(1, "a");
  put(far + 1, "a b");
  update();
  put(far + 2, "a");
  update();
  put(far + 3, "a");
  EXPECT_EQ(ask("a"), (Ids{1, far + 1, far + 2, far + 3}));
  EXPECT_EQ(ask("a -b"), (Ids{1, far + 2, far + 3}));
}

TEST(PostListTest, KeepsAnyPlaces) {
  std::mt19937 random(1);
  for (const std::uint32_t step : {1U, 2U, 40U, 400U, 40'000U}) {
    Places places;
    for (std::uint64_t at = random() % step; at < (1U << k_chunk_bits); at += 1 + random() % step)
      places.add(static_cast<std::uint32_t>(at));
    const std::string bytes = write_post_list(places);
    EXPECT_EQ(must(read_post_list(bytes)), places);
    EXPECT_LE(bytes.size(), 3 * places.cardinality() + 1);
  }
  EXPECT_TRUE(must(read_post_list(write_post_list(Places()))).isEmpty());
  EXPECT_FALSE(read_post_list(""));
  EXPECT_FALSE(read_post_list("\x7fgarbage"));
  EXPECT_FALSE(read_post_list("\xffgarbage"));
}

}  // namespace
}  // namespace dbr::dataset
