// SPDX-License-Identifier: MIT
// A release's own file list, read back: nothing in it is believed that dbr would not have written.
#include "dbr/dataset/release_lists.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "../../support/must.hpp"
#include "../../support/scratch.hpp"
#include "dbr/base/zstd_file.hpp"

namespace dbr::dataset {
namespace {

using test::must;

const std::string k_md5(32, 'b');
const std::string k_sha(64, 'a');
constexpr std::string_view k_head = "path\tid\tsize\tmd5\tsha256\tedition\n";

class FileListTest : public testing::Test {
 protected:
  std::string line(std::string_view path, std::string_view id = "1000123") const {
    return std::string(path) + "\t" + std::string(id) + "\t12\t" + k_md5 + "\t" + k_sha + "\t1\n";
  }
  Result<void> read(std::string_view text) {
    auto file = must(ZstdFile::create(scratch / "files.tsv.zst"));
    must(file.write(text));
    must(file.commit());
    seen.clear();
    DBR_TRY(auto list, FileList::open(scratch.path()));
    for (;;) {
      DBR_TRY(const PlacedFile* const listed, list.next());
      if (listed == nullptr) return {};
      EXPECT_EQ(listed->size, 12);
      EXPECT_EQ(listed->sha256, k_sha);
      seen.push_back(listed->path);
    }
  }
  test::Scratch scratch;
  std::vector<std::string> seen;
};

TEST_F(FileListTest, MoreColumnsMayFollow) {
  must(read(std::string(k_head) + line("sfw/original/0123/1000123.png")));
  EXPECT_EQ(seen, std::vector<std::string>{"sfw/original/0123/1000123.png"});
  must(read("path\tid\tsize\tmd5\tsha256\tedition\tnew\nnsfw/512px/0007/7.jpg\t7\t12\t" + k_md5 + "\t" + k_sha +
            "\t1\t?\n"));
  EXPECT_EQ(seen, std::vector<std::string>{"nsfw/512px/0007/7.jpg"});
  must(read(k_head));
}

TEST_F(FileListTest, RefusesWhatItWouldNotHaveWritten) {
  const std::string head(k_head);
  for (const std::string& text :
       {std::string(), std::string("path\tid\tsize\n"), head + line("../../../etc/passwd"),
        head + line("sfw/original/0123/../0123/1000123.png"), head + line("/sfw/original/0123/1000123.png"),
        head + line("sfw/original/0123/1000123.png", "7"), head + line("sfw/original/0123/1000123.png", ""),
        head + "sfw/original/0123/1000123.png\t1000123\n",
        head + "sfw/original/0123/1000123.png\t1000123\t-1\t" + k_md5 + "\t" + k_sha + "\t1\n",
        head + "sfw/original/0123/1000123.png\t1000123\t9223372036854775807\t" + k_md5 + "\t" + k_sha + "\t1\n",
        head + "sfw/original/0123/1000123.png\t1000123\t12\t" + k_md5 + "\tXYZ\t1\n"}) {
    const auto result = read(text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().kind, ErrorKind::corrupt) << text;
    EXPECT_TRUE(seen.empty());
  }
}

}  // namespace
}  // namespace dbr::dataset
