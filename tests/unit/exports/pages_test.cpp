// SPDX-License-Identifier: MIT
#include "dbr/exports/pages.hpp"

#include <regex>

#include "exports/readme.hpp"
#include "exports/report.hpp"
#include "unit/exports/small_pages.hpp"

namespace dbr::exports {
namespace {

using test::SmallPages;

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(ReadmeTest, SaysWhatTheReleaseIs) {
  SmallPages small;
  small.publish_earlier();
  const std::string readme = small.page("README.md", {&SmallPages::format("slim-tsv")});
  for (const char* part :
       {"# Danbooru2017\n", "created before 2018-01-01T00:00:00.000Z", "| posts (originals) | 3 |",
        "| tags a post | mean 5.3, median 2.0 |", "| ratings | g 33.4 %, s 33.3 %, e 33.3 % |",
        "Since danbooru2016: +1 posts, -4 tag instances", "ID modulo 1000", "Rule 1: sfw = ratings g and s",
        "| `left-out.tsv.zst` |", "| `filename-tags.tsv.zst` | format `slim-tsv`",
        "| original | expunged |  | 2 | there is", "cd danbooru/metadata/danbooru2017 && sha256sum",
        "@misc{danbooru2017,", "year = {2017}", "Mind your jurisdiction"}) {
    EXPECT_TRUE(has(readme, part)) << part << "\n" << readme;
  }
  // Only what is there.
  EXPECT_FALSE(has(readme, "posts.jsonl.zst"));
  EXPECT_FALSE(has(readme, "| `removed.txt` |"));
  EXPECT_FALSE(has(readme, "NAME"));
}

TEST(ReportPageTest, NeedsNothingButItself) {
  SmallPages small;
  small.publish_earlier();
  const std::string page = small.page("report.html");
  const std::regex reference("(?:src|href|action|data|poster|srcset)=\"([^\"]*)\"");
  for (auto match = std::sregex_iterator(page.begin(), page.end(), reference); match != std::sregex_iterator();
       ++match) {
    EXPECT_TRUE((*match)[1] == "statistics.json" || (*match)[1] == "README.md") << (*match)[0];
  }
  for (const char* word : {"<script", "<link", "<img", "<iframe", "@import", "url(", "onload", "javascript:"}) {
    EXPECT_FALSE(has(page, word)) << word;
  }
  EXPECT_TRUE(has(page, "default-src &#39;none&#39;") || has(page, "default-src 'none'"));
  EXPECT_TRUE(has(page, "&lt;b&gt;bold&lt;/b&gt;"));
  EXPECT_FALSE(has(page, "<b>bold</b>"));
  EXPECT_TRUE(has(page, "あ○人"));
  EXPECT_TRUE(has(page, "Since Danbooru2016"));
}

TEST(ReportPageTest, AReleaseWithoutPostsIsAPageToo) {
  SmallPages small;
  test::must(small.manifest.database.execute("UPDATE placement SET is_placed = 0"));
  const std::string page = small.page("report.html");
  EXPECT_TRUE(has(page, "No posts"));
  EXPECT_FALSE(has(page, "nan"));
  EXPECT_TRUE(has(small.page("README.md"), "| posts (originals) | 0 |"));
  EXPECT_TRUE(format_statistics(small.release.statistics));
}

}  // namespace
}  // namespace dbr::exports
