// SPDX-License-Identifier: MIT
#include "dbr/torrent/lint.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "dbr/torrent/magnet.hpp"

namespace dbr::torrent {
namespace {

/// Plain and harmless.
Metainfo make_info(std::vector<File> files, std::string name = "danbooru") {
  Metainfo info;
  info.name = std::move(name);
  info.piece_length = 16384;
  info.files = std::move(files);
  info.pieces.assign(20, 'P');
  info.infohash = "0123";
  info.document_size = 1000;
  info.info_size = 900;
  info.items = 30;
  return info;
}

ClientVerdict verdict_of(const Metainfo& info, std::string_view client) {
  const auto verdicts = judge_clients(info);
  const auto found = std::ranges::find(verdicts, client, &ClientVerdict::client);
  return found == verdicts.end() ? ClientVerdict{} : *found;
}

/// "kind:count" of each, in order.
std::string kinds_of(const std::vector<Finding>& findings) {
  std::string kinds;
  for (const Finding& finding : findings) {
    kinds += std::string(finding.kind) + ":" + std::to_string(finding.count) + " ";
    EXPECT_FALSE(finding.message.empty());
  }
  return kinds;
}

TEST(LintTest, EveryClientLoadsWhatIsSmall) {
  for (const ClientVerdict& each : judge_clients(make_info({{"a", 1}}))) {
    EXPECT_EQ(each.verdict, Verdict::loads) << each.client;
    EXPECT_FALSE(each.title.empty() || each.reason.empty()) << each.client;
  }
}

TEST(LintTest, LimitsHoldToTheLastUnit) {
  struct Case {
    std::string_view client;
    std::int64_t Metainfo::*fact;
    std::int64_t most;
    Verdict beyond;
  };
  for (const Case& test : {Case{"libtorrent", &Metainfo::document_size, 10'000'000, Verdict::refuses},
                           Case{"libtorrent", &Metainfo::items, 3'000'000, Verdict::refuses},
                           Case{"libtorrent", &Metainfo::piece_length, (1 << 30) - 1, Verdict::refuses},
                           Case{"libtorrent-buffer", &Metainfo::items, 3'000'000, Verdict::refuses},
                           Case{"libtorrent-magnet", &Metainfo::info_size, 31'457'280, Verdict::refuses},
                           Case{"qbittorrent", &Metainfo::document_size, 84'000'000, Verdict::risky},
                           Case{"qbittorrent", &Metainfo::items, 10'000'000, Verdict::refuses},
                           Case{"rtorrent-magnet", &Metainfo::info_size, 67'108'864, Verdict::refuses},
                           Case{"torf", &Metainfo::document_size, 10'000'000, Verdict::refuses},
                           Case{"nyaa", &Metainfo::document_size, 16'000'000, Verdict::refuses}}) {
    Metainfo info = make_info({{"a", 1}});
    info.*test.fact = test.most;
    EXPECT_EQ(verdict_of(info, test.client).verdict, Verdict::loads) << test.client;
    info.*test.fact = test.most + 1;
    EXPECT_EQ(verdict_of(info, test.client).verdict, test.beyond) << test.client;
  }
  Metainfo info = make_info({{"a", 1}});
  info.document_size = 104'857'601;
  EXPECT_EQ(verdict_of(info, "qbittorrent").verdict, Verdict::refuses);
  EXPECT_EQ(verdict_of(info, "qbittorrent").reason, "104,857,601 bytes of .torrent, at most 104,857,600");
  EXPECT_EQ(verdict_of(info, "libtorrent-buffer").verdict, Verdict::loads);
}

TEST(LintTest, ManyPiecesAndManyFiles) {
  Metainfo info = make_info({{"a", 1}});
  info.pieces.assign(65'536 * 20, 'P');
  EXPECT_EQ(verdict_of(info, "utorrent").verdict, Verdict::refuses);
  EXPECT_EQ(verdict_of(info, "utorrent").reason, "65,536 pieces, at most 65,535");
  info.pieces.assign(2'097'153 * 20, 'P');
  EXPECT_EQ(verdict_of(info, "libtorrent").verdict, Verdict::refuses);
  EXPECT_EQ(verdict_of(info, "qbittorrent").verdict, Verdict::refuses);
  const Metainfo many = make_info(std::vector<File>(290'000, File{"a", 1}));
  EXPECT_EQ(verdict_of(many, "aria2").verdict, Verdict::risky);
  EXPECT_EQ(verdict_of(many, "aria2").reason, "no limit; takes about 1.0 GB of memory");
  EXPECT_EQ(verdict_of(many, "transmission").verdict, Verdict::loads);
  EXPECT_EQ(verdict_of(many, "academictorrents").verdict, Verdict::risky);
}

TEST(LintTest, FindsNothingInWhatIsHarmless) {
  EXPECT_EQ(kinds_of(find_hazards(make_info({{"sfw/0001/1.jpg", 1}, {"sfw/0002/2.jpg", 1}, {"com", 1}, {"a.con", 1}}))),
            "");
}

TEST(LintTest, FindsNamesThatGoWrong) {
  const auto kinds = [](std::vector<File> files) { return kinds_of(find_hazards(make_info(std::move(files)))); };
  for (const char* path : {"con", "a/NUL.txt", "lpt1/b", "a:b", "a\\b", "a/b.", "a /b", "what?", "con .txt"}) {
    EXPECT_EQ(kinds({{path, 1}, {"b", 1}}), "windows-names:1 ") << path;
  }
  EXPECT_EQ(kinds({{std::string(255, 'x'), 1}}), "");
  EXPECT_EQ(kinds({{"a/" + std::string(256, 'x'), 1}}), "long-names:1 ");
  EXPECT_EQ(kinds({{"a/B", 1}, {"c", 1}, {"A/b", 1}, {"C", 1}, {"d", 1}}), "case:4 ");
  EXPECT_EQ(kinds_of(find_hazards(make_info({{"a", 1}}, "aux"))), "windows-names:1 ");
  EXPECT_EQ(kinds({{"a\u202eb", 1}, {"\u200f", 1}, {"\u2066", 1}, {"\u2029", 1}}), "direction-marks:2 ");
  EXPECT_EQ(kinds({{"a/b/c", 1}, {"a/b", 1}, {"a", 1}, {"a/d", 1}, {"b", 1}}), "file-and-folder:2 ");
}

TEST(LintTest, FindsKeysThatHarm) {
  Metainfo info = make_info({{"a", 1}});
  info.is_private = true;
  info.reuse_keys = {"similar"};
  info.web_seeds = {"http://a/b/", "http://a/b"};
  info.piece_length = 20'000;
  const auto findings = find_hazards(info);
  EXPECT_EQ(kinds_of(findings), "reuse-keys:1 private:1 web-seed:1 piece-length:1 ");
  EXPECT_EQ(findings[0].severity, Severity::error);
  EXPECT_EQ(findings[1].severity, Severity::warning);
  info = make_info({{"a", 1}}, "a");
  info.is_single_file = true;
  info.web_seeds = {"http://a/b"};
  EXPECT_EQ(kinds_of(find_hazards(info)), "");
}

TEST(LintTest, FindsPathsThatTwoTorrentsHold) {
  TorrentSet set;
  const auto add = [&](std::string file, std::string infohash, std::vector<File> files, std::string name = "danbooru") {
    Metainfo info = make_info(std::move(files), std::move(name));
    info.infohash = std::move(infohash);
    info.is_single_file = info.files.front().path == info.name;
    set.add(file, info);
  };
  add("1", "a", {{"x", 1}, {"y", 1}});
  add("2", "b", {{"z", 1}});
  EXPECT_EQ(kinds_of(set.findings()), "");
  add("3", "c", {{"y", 1}, {"w", 1}, {"x", 1}});
  EXPECT_EQ(kinds_of(set.findings()), "shared-paths:2 ");
  EXPECT_EQ(set.findings()[0].message,
            "1 and 3 both hold 2 paths, such as 'y': clients that have both loaded write into each other's files");
  add("4", "c", {{"y", 1}, {"w", 1}, {"x", 1}});
  EXPECT_EQ(kinds_of(set.findings()), "shared-paths:2 same-torrent:1 ");
  // Another folder, and a file where that folder would be.
  add("5", "d", {{"x", 1}}, "danbooru2018");
  add("6", "e", {{"danbooru", 1}}, "danbooru");
  EXPECT_EQ(kinds_of(set.findings()), "shared-paths:2 same-torrent:1 names:2 ");
}

TEST(MagnetTest, NamesWhatAClientNeeds) {
  const std::vector<std::vector<std::string>> trackers = {{"http://a/x?y", "udp://b"}, {"http://c"}};
  EXPECT_EQ(magnet_link("0a1b", "two words", trackers),
            "magnet:?xt=urn:btih:0a1b&dn=two%20words&tr=http%3A%2F%2Fa%2Fx%3Fy&tr=udp%3A%2F%2Fb&tr=http%3A%2F%2Fc");
}

}  // namespace
}  // namespace dbr::torrent
