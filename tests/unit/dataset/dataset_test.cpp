// SPDX-License-Identifier: MIT
#include "dbr/dataset/dataset.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "support/must.hpp"
#include "support/scratch.hpp"

namespace dbr::dataset {
namespace {

using test::must;

class DatasetTest : public ::testing::Test {
 protected:
  Result<Dataset> open(Access access, std::optional<int> buckets = std::nullopt) {
    return Dataset::open(root, access, "test", {buckets});
  }
  ErrorKind kind_of(Access access, std::optional<int> buckets = std::nullopt) {
    const auto result = open(access, buckets);
    return result ? ErrorKind::cancelled : result.error().kind;
  }
  void change_manifest(std::string_view sql) {
    auto database = must(sql::Database::open(root / "manifest.sqlite", sql::OpenMode::create));
    must(database.execute(sql));
  }

  test::Scratch scratch;
  std::filesystem::path root = scratch / "root";
};

TEST_F(DatasetTest, OnlyCreateMakesOne) {
  EXPECT_EQ(kind_of(Access::read), ErrorKind::schema);
  EXPECT_EQ(kind_of(Access::write), ErrorKind::schema);
  EXPECT_FALSE(std::filesystem::exists(root));
  EXPECT_TRUE(open(Access::create));
  EXPECT_TRUE(open(Access::write));
  EXPECT_TRUE(open(Access::read));
  EXPECT_TRUE(open(Access::create));
}

TEST_F(DatasetTest, PathsAloneNeedNone) {
  EXPECT_EQ(must(open(Access::none)).layout().shared(), root / "danbooru");
  EXPECT_FALSE(std::filesystem::exists(root));
}

TEST_F(DatasetTest, BucketsAreSetOnce) {
  EXPECT_EQ(must(open(Access::create, 100)).layout().buckets(), 100);
  EXPECT_EQ(must(open(Access::create)).layout().buckets(), 100);
  EXPECT_EQ(must(open(Access::read, 100)).layout().buckets(), 100);
  EXPECT_EQ(kind_of(Access::write, 1000), ErrorKind::config);
}

TEST_F(DatasetTest, OptimizingIsSetOnce) {
  const auto open_with = [&](Access access, std::optional<bool> optimize) {
    return Dataset::open(root, access, "test", {.optimize_originals = optimize});
  };
  EXPECT_TRUE(must(open_with(Access::create, true)).optimizes_originals());
  EXPECT_TRUE(must(open_with(Access::create, std::nullopt)).optimizes_originals());
  EXPECT_TRUE(must(open_with(Access::read, true)).optimizes_originals());
  const auto refused = open_with(Access::write, false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::config);
}

TEST_F(DatasetTest, OriginalsAreNotOptimizedUnlessAskedFor) {
  EXPECT_FALSE(must(open(Access::create)).optimizes_originals());
  EXPECT_FALSE(Dataset::open(root, Access::create, "test", {.optimize_originals = true}));
  EXPECT_TRUE(Dataset::open(root, Access::create, "test", {.optimize_originals = false}));
}

TEST_F(DatasetTest, BucketsFitFourDigits) {
  for (const int buckets : {0, -1, 10'001}) EXPECT_EQ(kind_of(Access::create, buckets), ErrorKind::config) << buckets;
  EXPECT_FALSE(std::filesystem::exists(root / "manifest.sqlite"));
}

TEST_F(DatasetTest, OneWriterAndAnyReaders) {
  const auto writer = must(open(Access::create));
  EXPECT_EQ(kind_of(Access::write), ErrorKind::locked);
  EXPECT_EQ(kind_of(Access::create), ErrorKind::locked);
  const auto reader = must(open(Access::read));
  auto connection = must(reader.connect());
  EXPECT_EQ(must(connection.integer("SELECT count(*) FROM post")), 0);
  EXPECT_FALSE(connection.execute("DELETE FROM post"));
}

TEST_F(DatasetTest, PartFilesOfAKilledRunAreSwept) {
  auto dataset = std::optional(must(open(Access::create)));
  const auto leftover = dataset->layout().parts() / "1000123.part";
  dataset.reset();
  test::write_bytes(leftover, "half");
  EXPECT_TRUE(open(Access::read));
  EXPECT_TRUE(std::filesystem::exists(leftover));
  EXPECT_TRUE(open(Access::write));
  EXPECT_FALSE(std::filesystem::exists(leftover));
}

TEST_F(DatasetTest, ANewerSchemaIsRefusedPolitelyAndUntouched) {
  EXPECT_TRUE(open(Access::create));
  change_manifest("PRAGMA user_version = 9999; CREATE TABLE of_the_future (a)");
  for (const Access access : {Access::read, Access::write, Access::create}) {
    const auto refused = open(access);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::schema);
    EXPECT_NE(refused.error().message.find("newer dbr"), std::string::npos);
    EXPECT_FALSE(refused.error().hint.empty());
  }
}

TEST_F(DatasetTest, SomebodyElsesFilesAreRefused) {
  std::filesystem::create_directories(root);
  change_manifest("CREATE TABLE browser_history (a)");
  EXPECT_EQ(kind_of(Access::read), ErrorKind::schema);
  EXPECT_EQ(kind_of(Access::create), ErrorKind::schema);
  test::write_bytes(root / "manifest.sqlite", std::string(5000, 'x'));
  EXPECT_EQ(kind_of(Access::read), ErrorKind::schema);
  EXPECT_EQ(kind_of(Access::write), ErrorKind::schema);
  EXPECT_EQ(kind_of(Access::create), ErrorKind::schema);
}

TEST_F(DatasetTest, CreationThatWasCutOffIsTakenUpAgain) {
  std::filesystem::create_directories(root);
  change_manifest("PRAGMA journal_mode = WAL");  // a file without tables
  EXPECT_TRUE(open(Access::create));
  EXPECT_TRUE(open(Access::write));
}

}  // namespace
}  // namespace dbr::dataset
