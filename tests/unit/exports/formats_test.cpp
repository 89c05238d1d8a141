// SPDX-License-Identifier: MIT
// What holds for every format: equal content gives equal bytes, exactly the files it names, all or nothing.
#include <set>

#include "unit/exports/small_release.hpp"

namespace dbr::exports {
namespace {

using test::must;
using test::SmallRelease;

class EveryFormat : public ::testing::TestWithParam<std::string> {};

// By path, those of folders too; empty folders count as well.
std::set<std::string> files_in(const std::filesystem::path& folder) {
  std::set<std::string> names;
  if (!std::filesystem::exists(folder)) return names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_directory() && !std::filesystem::is_empty(entry)) continue;
    names.insert(entry.path().lexically_relative(folder).string());
  }
  return names;
}

// The name in a format's list that speaks of this file: itself, or its folder.
std::string name_for(const std::string& file) {
  const auto slash = file.find('/');
  return slash == std::string::npos ? file : file.substr(0, slash + 1);
}

TEST_P(EveryFormat, WritesTheFilesItNamesAndNothingElse) {
  SmallRelease small;
  small.write(GetParam());
  const auto named = SmallRelease::format(GetParam()).files(small.release);
  std::set<std::string> written;
  for (const std::string& file : files_in(small.folder())) written.insert(name_for(file));
  EXPECT_EQ(written, std::set<std::string>(named.begin(), named.end()));
  EXPECT_EQ(small.posts_reported, 3);
}

TEST_P(EveryFormat, EqualContentGivesEqualBytes) {
  SmallRelease small;
  SmallRelease reversed(true);
  small.write(GetParam());
  reversed.write(GetParam());
  EXPECT_EQ(files_in(small.folder()), files_in(reversed.folder()));
  for (const std::string& name : files_in(small.folder())) {
    const std::string first = dbr::test::read_bytes(small.folder() / name);
    EXPECT_FALSE(first.empty());
    EXPECT_TRUE(first == dbr::test::read_bytes(reversed.folder() / name)) << name;
    small.write(GetParam());  // over the old file
    EXPECT_TRUE(first == dbr::test::read_bytes(small.folder() / name)) << name;
  }
}

TEST_P(EveryFormat, AStopLeavesTheOldFiles) {
  SmallRelease small;
  StopSource source;
  source.request_stop(StopLevel::drain);
  const auto stopped = small.write(GetParam(), source.token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, ErrorKind::cancelled);
  EXPECT_EQ(files_in(small.folder()), std::set<std::string>());
  small.write(GetParam());
  const auto before = files_in(small.folder());
  EXPECT_FALSE(small.write(GetParam(), source.token()));
  EXPECT_EQ(files_in(small.folder()), before);
}

TEST_P(EveryFormat, AnEmptyReleaseIsFine) {
  SmallRelease small;
  must(small.manifest.database.execute("DELETE FROM placement"));
  small.write(GetParam());
  EXPECT_EQ(small.posts_reported, 0);
}

INSTANTIATE_TEST_SUITE_P(Formats, EveryFormat,
                         ::testing::Values("sqlite", "sql", "slim-sqlite", "slim-tsv", "jsonl", "legacy", "csv",
                                           "hakubooru"),
                         [](const auto& format) {
                           std::string name = format.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(FormatsTest, TheTableIsComplete) {
  std::set<std::string_view> names;
  std::set<std::string> files;
  dataset::Release release;
  release.spec.name = "danbooru2017";
  for (const Format& format : formats()) {
    EXPECT_TRUE(names.insert(format.name).second);
    EXPECT_FALSE(format.summary.empty());
    for (const std::string& file : format.files(release))
      EXPECT_TRUE(files.insert(format.is_tree ? std::string(format.name) + "/" + file : file).second) << file;
  }
  EXPECT_EQ(names, (std::set<std::string_view>{"sqlite", "sql", "slim-sqlite", "slim-tsv", "jsonl", "legacy", "csv",
                                               "hakubooru", "sd-scripts", "imagefolder", "deepdanbooru"}));
  EXPECT_TRUE(files.contains("danbooru2017.sqlite"));
}

}  // namespace
}  // namespace dbr::exports
