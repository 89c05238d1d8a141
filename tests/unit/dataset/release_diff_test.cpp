// SPDX-License-Identifier: MIT
// What became of each file and post, and what damaged lists are.
#include "dbr/dataset/release_diff.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "dbr/base/digest.hpp"
#include "dbr/base/zstd_file.hpp"
#include "dbr/dataset/release_lists.hpp"
#include "support/must.hpp"
#include "support/scratch.hpp"

namespace dbr::dataset {
namespace {

using test::must;

struct Line {
  std::string path;
  std::string bytes;
  int edition = 1;
};

class ReleaseDiffTest : public ::testing::Test {
 protected:
  static std::string text_of(const Line& line) {
    const std::string md5 = digest_hex(DigestKind::md5, line.bytes);
    return fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\n", line.path, Layout::parse_foreign_path(line.path)->id,
                       line.bytes.size(), md5, digest_hex(DigestKind::sha256, line.bytes), line.edition, md5);
  }
  void write(const std::filesystem::path& path, std::string_view text) {
    auto file = must(ZstdFile::create(path));
    must(file.write(text));
    must(file.commit());
  }
  void write_files(std::string_view release, const std::vector<Line>& lines) {
    std::string text = k_header;
    for (const Line& line : lines) text += text_of(line);
    write(scratch / release / k_file_list, text);
  }
  void write_tags(std::string_view release, std::string_view lines) {
    write(scratch / release / k_tag_list, fmt::format("path\trating\ttags\n{}", lines));
  }

  Result<std::string> files() {
    std::string text;
    DBR_TRY(const auto same, for_each_file_change(releases(), [&](const FileChange& change) -> Result<void> {
              text += fmt::format("{} {} {} '{}' '{}' {}\n", to_string(change.fate), to_string(change.form), change.id,
                                  change.from, change.to, change.size);
              return {};
            }));
    return text + fmt::format("{} same", same);
  }
  Result<std::string> posts() {
    std::string text;
    DBR_TRY(const auto both, for_each_post_change(releases(), [&](const PostChange& change) -> Result<void> {
              text += fmt::format("{} +[{}] -[{}] {}{}\n", change.id, fmt::join(change.added, " "),
                                  fmt::join(change.removed, " "), change.old_rating, change.new_rating);
              return {};
            }));
    return text + fmt::format("{} in both", both);
  }
  ComparedReleases releases() {
    return {scratch / "a", scratch / "b", []() -> Result<void> { return {}; }};
  }

  static constexpr const char* k_header = "path\tid\tsize\tmd5\tsha256\tedition\tsource_md5\n";
  test::Scratch scratch;
};

TEST_F(ReleaseDiffTest, EachFileHasOneFate) {
  write_files("a", {{"sfw/original/0001/1.png", "same"},
                    {"sfw/original/0002/2.png", "old"},
                    {"sfw/original/0003/3.png", "old"},
                    {"sfw/original/0004/4.png", "moves"},
                    {"sfw/original/0005/5.png", "gone"},
                    {"sfw/original/0006/6.png", "both"},
                    {"sfw/512px/0005/5.jpg", "gone too"},
                    {"nsfw/original/0007/7.gif", "stays"}});
  write_files("b", {{"sfw/original/0001/1.png", "same"},
                    {"sfw/original/0002/2.png", "newer", 2},
                    {"sfw/original/0003/3.jpg", "new", 2},
                    {"sfw/original/0008/8.png", "added", 2},
                    {"nsfw/original/0007/7.gif", "stays"},
                    {"nsfw/original/0004/4.png", "moves", 2},
                    {"nsfw/original/0006/6.png", "changed", 2}});
  EXPECT_EQ(must(files()),
            "replaced original 2 'sfw/original/0002/2.png' 'sfw/original/0002/2.png' 5\n"
            "replaced original 3 'sfw/original/0003/3.png' 'sfw/original/0003/3.jpg' 3\n"
            "moved original 4 'sfw/original/0004/4.png' 'nsfw/original/0004/4.png' 5\n"
            "removed original 5 'sfw/original/0005/5.png' '' 4\n"
            "replaced original 6 'sfw/original/0006/6.png' 'nsfw/original/0006/6.png' 7\n"
            "added original 8 '' 'sfw/original/0008/8.png' 5\n"
            "removed 512px 5 'sfw/512px/0005/5.jpg' '' 8\n"
            "2 same");
}

TEST_F(ReleaseDiffTest, AnotherEditionAloneIsNoChange) {
  write_files("a", {{"sfw/original/0001/1.png", "one"}, {"sfw/original/0002/2.png", "two"}});
  write_files("b", {{"sfw/original/0002/2.png", "two"}, {"sfw/original/0001/1.png", "one", 3}});
  EXPECT_EQ(must(files()), "2 same");
}

TEST_F(ReleaseDiffTest, AnEmptyReleaseHasAllToGain) {
  write_files("a", {});
  write_files("b", {{"sfw/original/0001/1.png", "one"}});
  EXPECT_EQ(must(files()), "added original 1 '' 'sfw/original/0001/1.png' 3\n0 same");
}

TEST_F(ReleaseDiffTest, DamagedFileListsAreRefused) {
  const std::string good = text_of({"sfw/original/0002/2.png", "two"});
  write_files("b", {});
  const std::vector<std::pair<std::string, std::string_view>> cases = {
      {"", "line 1 is not the header"},
      {"path\tname\n", "line 1 is not the header"},
      {std::string(k_header) + good + "sfw/original\n", "line 3 is no file of a release"},
      {std::string(k_header) + "../../etc/passwd" + good.substr(good.find('\t')), "line 2 is no file"},
      {std::string(k_header) + good + good, "line 3 is out of order"},
      {k_header + text_of({"sfw/original/0003/3.png", "three"}) + good, "line 3 is out of order"},
      {k_header + good + text_of({"sfw/original/0002/2.png", "two", 2}), "lists the original of post 2 twice"},
      {k_header + good.substr(0, good.find("\t1\t")), "line 2 is no file"}};
  for (const auto& [text, what] : cases) {
    write(scratch / "a" / k_file_list, text);
    const auto result = files();
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().kind, ErrorKind::corrupt) << text;
    EXPECT_NE(result.error().message.find(what), std::string::npos) << result.error().message;
  }
}

TEST_F(ReleaseDiffTest, PostsOfBothAreComparedByTheirTags) {
  write_tags("a",
             "sfw/original/0001/1.png\tg\t1girl solo\n"
             "sfw/original/0002/2.png\ts\t\n"
             "sfw/original/0003/3.png\tg\tb a c\n"
             "sfw/original/0004/4.png\tg\tgone\n"
             "sfw/original/0006/6.png\tg\ta b\n");
  write_tags("b",
             "sfw/original/0001/1.png\tg\t1girl solo\n"
             "nsfw/original/0002/2.png\tq\t\n"
             "sfw/original/0003/3.png\tg\td a c\n"
             "sfw/original/0005/5.png\tg\tnew\n"
             "sfw/original/0006/6.png\tg\tb a\n");
  EXPECT_EQ(must(posts()), "2 +[] -[] sq\n3 +[d] -[b] gg\n4 in both");
}

TEST_F(ReleaseDiffTest, DamagedTagListsAreRefused) {
  write_tags("b", "sfw/original/0001/1.png\tg\ta\nsfw/original/0009/9.png\tg\ta\n");
  for (const std::string_view lines : {"sfw/original/0001/1.png\tg\n", "x\tg\ta\n",
                                       "sfw/original/0002/2.png\tg\ta\nsfw/original/0001/1.png\tg\ta\n"}) {
    write_tags("a", lines);
    const auto result = posts();
    ASSERT_FALSE(result) << lines;
    EXPECT_EQ(result.error().kind, ErrorKind::corrupt) << lines;
  }
}

TEST_F(ReleaseDiffTest, ItEndsWhenItIsTold) {
  write_files("a", {{"sfw/original/0001/1.png", "one"}});
  write_files("b", {});
  const auto result = for_each_file_change(
      {scratch / "a", scratch / "b", []() -> Result<void> { return fail(ErrorKind::cancelled, "enough"); }},
      [](const FileChange&) -> Result<void> { return {}; });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::cancelled);
}

}  // namespace
}  // namespace dbr::dataset
