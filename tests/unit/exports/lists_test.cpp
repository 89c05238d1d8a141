// SPDX-License-Identifier: MIT
#include "dbr/exports/lists.hpp"

#include "unit/exports/small_release.hpp"

namespace dbr::exports {
namespace {

using dbr::test::must;
using test::Record;
using test::SmallRelease;

constexpr std::string_view k_hash_a = "00000000000000000000000000000aaa";
constexpr std::string_view k_hash_b = "ecfbad5b0bf98b1e8faeef908aba8613";

class ListsTest : public ::testing::Test {
 protected:
  Record post(PostId id, std::string_view tags, std::string_view pixel_hash) {
    Record record = dbr::test::post_record(id);
    record["tag_string"] = record["tag_string_general"] = tags;
    record["media_asset"] = {{"id", id}, {"pixel_hash", pixel_hash}};
    return record;
  }

  void write() {
    small.place();
    must(small.manifest.database.execute("BEGIN"));
    must(write_lists(
        {small.manifest.database, small.release, small.manifest.layout(), small.folder(), StopSource().token(), [] {}},
        2000));
    must(small.manifest.database.execute("COMMIT"));
  }
  std::string list(std::string_view name) { return dbr::test::read_bytes(small.folder() / "lists" / name); }

  SmallRelease small;  // posts 1, 2 (no still image), 1003 (deleted); 4 is not in the release
};

TEST_F(ListsTest, AllAreThereEvenWhenEmpty) {
  write();
  for (const std::string& file : list_files()) {
    EXPECT_TRUE(std::filesystem::is_regular_file(small.folder() / file)) << file;
  }
  EXPECT_EQ(list_files().size(), dbr::test::count_entries(small.folder() / "lists"));
  EXPECT_EQ(list("deleted.txt"), "1003\n");
  EXPECT_EQ(list("non-images.txt"), "2\n");
  EXPECT_EQ(list("monochrome.txt"), "");
  EXPECT_EQ(list("replaced.tsv"), "id\tnumber\tfile_ext\tsize\tmd5\tsha256\tsource_md5\n");
  EXPECT_EQ(list("pixel-duplicates.tsv"), "pixel_hash\tid\n");
}

TEST_F(ListsTest, TagsAreTakenByTheirExactNames) {
  const std::vector<std::pair<PostId, std::string>> posts = {
      {10, "greyscale monochrome"}, {11, "monochrome_background Monochrome"}, {12, "ai-assisted"},
      {13, "text-only_page"},       {14, "ai-generated greyscale"},           {4, "monochrome ai-generated"}};
  for (const auto& [id, tags] : posts) {
    small.manifest.put(post(id, tags, ""));
    if (id != 4) small.manifest.store_original(id);
  }
  write();
  EXPECT_EQ(list("monochrome.txt"), "10\n14\n");
  EXPECT_EQ(list("ai-tagged.txt"), "12\n14\n");
  EXPECT_EQ(list("text-only.txt"), "13\n");
}

TEST_F(ListsTest, EqualPixelsAreGrouped) {
  // Post 1 of the small release has hash b; post 4 is not in the release.
  const std::vector<std::pair<PostId, std::string_view>> posts = {
      {20, k_hash_b}, {21, k_hash_a}, {22, k_hash_a}, {23, "0000000000000000000000000000000c"}, {24, "none"},
      {25, "none"},   {26, ""},       {19, k_hash_b}, {4, "0000000000000000000000000000000c"}};
  for (const auto& [id, hash] : posts) {
    small.manifest.put(post(id, "1girl", hash));
    if (id != 4) small.manifest.store_original(id);
  }
  write();
  const std::string a(k_hash_a);
  const std::string b(k_hash_b);
  EXPECT_EQ(list("pixel-duplicates.tsv"),
            "pixel_hash\tid\n" + a + "\t21\n" + a + "\t22\n" + b + "\t1\n" + b + "\t19\n" + b + "\t20\n");
}

TEST_F(ListsTest, ReplacedFilesOfTheReleaseKeepTheirDigests) {
  for (const PostId id : {1, 4}) small.manifest.store_original(id, "better", "jpg");
  small.manifest.set_original(4, dataset::OriginalState::absent);
  write();
  EXPECT_EQ(list("replaced.tsv"), "id\tnumber\tfile_ext\tsize\tmd5\tsha256\tsource_md5\n1\t1\tpng\t1\t" +
                                      dbr::test::md5_of("1") + "\t" + digest_hex(DigestKind::sha256, "1") + "\t" +
                                      dbr::test::md5_of("1") + "\n");
}

}  // namespace
}  // namespace dbr::exports
