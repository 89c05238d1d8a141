// SPDX-License-Identifier: MIT
#include "unit/exports/small_pages.hpp"

namespace dbr::exports {
namespace {

using test::must;
using test::SmallPages;

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(FeedTest, HasWhatTheStandardAsksForAndTheAnnouncement) {
  SmallPages small;
  small.publish_earlier();
  small.page("statistics.json");
  small.release.publication = 2;
  small.release.files_sha256 = "abc";
  const std::string hash(40, 'a');
  const std::vector<FeedEntry> entries = {
      {small.release,
       {{"danbooru2017/danbooru-sfw-512px-000.torrent", 77, hash, "magnet:?xt=urn:btih:" + hash + "&dn=x"}}}};
  const std::string feed = must(make_feed(entries));
  for (const char* part :
       {"<feed xmlns=\"http://www.w3.org/2005/Atom\">", "<author><name>", "<updated>2018-01-01T00:00:00.000Z</updated>",
        "<title>Danbooru2017: 3 posts, 16 tags, 23 B</title>", "<summary>3 posts, 16 tag instances",
        "href=\"danbooru2017/danbooru-sfw-512px-000.torrent\" length=\"77\"", "&lt;pre&gt;Danbooru2017 is released",
        "all posts until 2017-12-31", "Since danbooru2016: +1 posts, -4 tag instances", "Cite as: Anonymous"}) {
    EXPECT_NE(feed.find(part), std::string::npos) << part << "\n" << feed;
  }
  EXPECT_EQ(count(feed, "urn:uuid:"), 2U);
  EXPECT_EQ(count(feed, "<updated>"), 2U);
  // In an attribute escaped once, in HTML inside XML twice.
  EXPECT_NE(feed.find("\"magnet:?xt=urn:btih:" + hash + "&amp;dn=x\""), std::string::npos);
  EXPECT_NE(feed.find("  magnet:?xt=urn:btih:" + hash + "&amp;amp;dn=x\n"), std::string::npos) << feed;
  EXPECT_EQ(feed, must(make_feed(entries)));
}

TEST(FeedTest, AReissueIsAnotherEntry) {
  SmallPages small;
  small.page("statistics.json");
  std::vector<FeedEntry> entries = {{small.release, {}}, {small.release, {}}};
  entries[1].release.publication = 7;
  const std::string feed = must(make_feed(entries));
  const auto id_from = [&](std::size_t at) { return feed.substr(feed.find("<id>", at), 54); };
  const std::size_t first = feed.find("<entry>");
  EXPECT_NE(id_from(first), id_from(feed.find("<entry>", first + 1)));
}

TEST(FeedTest, DamagedNumbersAreAnError) {
  dataset::Release release;
  release.statistics = "{";
  const auto feed = make_feed(std::vector<FeedEntry>{{release, {}}});
  ASSERT_FALSE(feed);
  EXPECT_EQ(feed.error().kind, ErrorKind::corrupt);
}

}  // namespace
}  // namespace dbr::exports
