// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "dbr/base/digest.hpp"
#include "unit/torrent/support.hpp"

namespace dbr::torrent {
namespace {

const std::string k_piece_hash(20, 'P');

std::string bencoded(std::string_view text) {
  return fmt::format("{}:{}", text.size(), text);
}

/// A v1 torrent of one piece around the given `files` entries.
std::string with_files(std::string_view entries, std::string_view more_info = "", std::string_view name = "4:name") {
  return fmt::format("d4:infod5:filesl{}e4:name{}12:piece lengthi16384e6:pieces20:{}{}ee", entries, name, k_piece_hash,
                     more_info);
}

std::string with_path(std::string_view components) {
  return with_files(fmt::format("d6:lengthi1e4:pathl{}ee", components));
}

void expect_corrupt(std::string_view document) {
  const auto parsed = parse_metainfo(document);
  ASSERT_FALSE(parsed.has_value()) << document;
  EXPECT_EQ(parsed.error().kind, ErrorKind::corrupt) << document;
}

TEST(MetainfoParserTest, ReadsTheSingleFileForm) {
  const std::string info =
      "d6:lengthi16385e4:name5:a.bin12:piece lengthi16384e6:pieces40:" + k_piece_hash + k_piece_hash + "7:unknownlee";
  const auto parsed = parse_metainfo("d8:announce8:http://a4:info" + info + "8:url-list9:http://w/e");
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  EXPECT_EQ(parsed->name, "a.bin");
  ASSERT_EQ(parsed->files.size(), 1U);
  EXPECT_EQ(parsed->files[0].path, "a.bin");
  EXPECT_EQ(parsed->files[0].size, 16385);
  EXPECT_EQ(parsed->infohash, digest_hex(DigestKind::sha1, info));
  EXPECT_EQ(parsed->trackers, (std::vector<std::vector<std::string>>{{"http://a"}}));
  EXPECT_EQ(parsed->web_seeds, std::vector<std::string>{"http://w/"});
}

TEST(MetainfoParserTest, JoinsPathsAndKeepsOrder) {
  const auto parsed = parse_metainfo(with_files("d6:lengthi2e4:pathl1:z1:yeed6:lengthi0e4:pathl1:aee"));
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  ASSERT_EQ(parsed->files.size(), 2U);
  EXPECT_EQ(parsed->files[0].path, "z/y");
  EXPECT_EQ(parsed->files[1].path, "a");
  EXPECT_EQ(parsed->files[1].size, 0);
}

TEST(MetainfoParserTest, RefusesPathsThatLeaveTheFolder) {
  using namespace std::string_view_literals;
  EXPECT_TRUE(parse_metainfo(with_path("1:a3:...")).has_value());
  expect_corrupt(with_path(""));
  for (const auto part : {""sv, "."sv, ".."sv, "/"sv, "/etc"sv, "a/../../b"sv, "a/b"sv, "a\0b"sv, "\x1b[2J"sv, "\xff"sv,
                          "\xc0\xaf"sv, "\xed\xa0\x80"sv, "\xf4\x90\x80\x80"sv, "\xe3\x81"sv}) {
    expect_corrupt(with_path(bencoded(part)));
    expect_corrupt(with_path("1:a" + bencoded(part) + "1:b"));
    expect_corrupt(with_files("d6:lengthi1e4:pathl1:aee", "", bencoded(part)));
  }
  expect_corrupt(with_path("i1e"));
  EXPECT_TRUE(parse_metainfo(with_path(bencoded("東方.jpg"))).has_value());
  EXPECT_TRUE(parse_metainfo(with_path(bencoded("\xf0\x9f\x8e\x80"))).has_value());
}

TEST(MetainfoParserTest, RefusesSizesThatDoNotAddUp) {
  const auto size = [](std::string_view digits) {
    return with_files(fmt::format("d6:lengthi{}e4:pathl1:aee", digits));
  };
  EXPECT_TRUE(parse_metainfo(size("16384")).has_value());
  for (const auto* digits : {"-1", "0", "16385", "9223372036854775807"}) expect_corrupt(size(digits));
  expect_corrupt(with_files(""));
  EXPECT_TRUE(parse_metainfo("d4:infod6:lengthi9007199254740992e4:name1:a12:piece lengthi9007199254740992e6:pieces20:" +
                             k_piece_hash + "ee")
                  .has_value());
  expect_corrupt(
      "d4:infod6:lengthi9007199254740993e4:name1:a12:piece lengthi9007199254740993e6:pieces20:" + k_piece_hash + "ee");
  expect_corrupt(with_files("d6:lengthi9223372036854775807e4:pathl1:aeed6:lengthi9223372036854775807e4:pathl1:bee"));
  const std::string info = "d4:infod6:lengthi1e4:name1:a12:piece lengthi{}e6:pieces{}ee";
  expect_corrupt(fmt::format(fmt::runtime(info), 0, "20:" + k_piece_hash));
  expect_corrupt(fmt::format(fmt::runtime(info), -16384, "20:" + k_piece_hash));
  expect_corrupt(fmt::format(fmt::runtime(info), 16384, "19:PPPPPPPPPPPPPPPPPPP"));
  expect_corrupt(fmt::format(fmt::runtime(info), 16384, "0:"));
  expect_corrupt(fmt::format(fmt::runtime(info), 16384, "i1e"));
}

TEST(MetainfoParserTest, RefusesOnePathTwice) {
  expect_corrupt(with_files("d6:lengthi1e4:pathl1:a1:beed6:lengthi2e4:pathl1:ceed6:lengthi1e4:pathl1:a1:bee"));
}

TEST(MetainfoParserTest, RefusesWhatIsNotPlainVersionOne) {
  expect_corrupt("d4:infod9:file treede12:meta versioni2e4:name1:aee");
  expect_corrupt("d4:infod6:lengthi1e12:meta versioni2e4:name1:a12:piece lengthi16384e6:pieces20:" + k_piece_hash +
                 "ee");
  expect_corrupt(with_files("d4:attr1:p6:lengthi1e4:pathl1:aee"));
  expect_corrupt(with_files("d4:attr1:l6:lengthi1e4:pathl1:aee"));
  EXPECT_TRUE(parse_metainfo(with_files("d4:attr1:x6:lengthi1e4:pathl1:aee")).has_value());
}

TEST(MetainfoParserTest, RefusesMissingFieldsAndWrongTypes) {
  const std::string info = "4:infod6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:" + k_piece_hash + "e";
  EXPECT_TRUE(parse_metainfo("d" + info + "e").has_value());
  for (const std::string& document :
       {std::string("i1e"), std::string("de"), std::string("d4:info1:ae"), std::string("d4:infodee"),
        "d4:infod5:filesl1:ae4:name1:a12:piece lengthi16384e6:pieces20:" + k_piece_hash + "ee",
        "d4:infod5:filesle6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:" + k_piece_hash + "ee",
        "d4:infod4:name1:a12:piece lengthi16384e6:pieces20:" + k_piece_hash + "ee"}) {
    expect_corrupt(document);
  }
}

TEST(MetainfoParserTest, PassesOverWhatClientsDoWithout) {
  const std::string info =
      "4:infod6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:" + k_piece_hash + "7:private1:1e";
  for (const std::string& document :
       {"d8:announcei1e" + info + "e", "d13:announce-list1:a" + info + "e",
        "d13:announce-listlli1eel0:eli1eee" + info + "e",
        "d7:commentle10:created by1:\xff"
        "13:creation date4:2017" +
            info + "e",
        "d" + info + "8:url-listi1ee", "d" + info + "8:url-listli1e0:ee", "d7:comment1:\xff" + info + "e"}) {
    const auto parsed = parse_metainfo(document);
    ASSERT_TRUE(parsed) << document << ": " << parsed.error().message;
    EXPECT_TRUE(parsed->trackers.empty() && parsed->web_seeds.empty() && parsed->comment.empty()) << document;
    EXPECT_FALSE(parsed->is_private || parsed->creation_date) << document;
  }
  const auto flat = parse_metainfo("d13:announce-listl8:http://a7:udp://be" + info + "e");
  EXPECT_EQ(flat->trackers, (std::vector<std::vector<std::string>>{{"http://a"}, {"udp://b"}}));
}

TEST(MetainfoParserTest, NamesInUtf8TakeThePlaceOfOthers) {
  const auto parsed = parse_metainfo(
      "d4:infod5:filesld6:lengthi1e4:pathl1:ae10:path.utf-8l1:bee"
      "e4:name1:c10:name.utf-8"
      "1:d12:piece lengthi16384e6:pieces20:" +
      k_piece_hash + "ee");
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->name, "d");
  EXPECT_EQ(parsed->files.front().path, "b");
}

TEST(MetainfoParserTest, RefusesMoreAddressesThanAnybodyHas) {
  const std::string info = "4:infod6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:" + k_piece_hash + "e";
  std::string urls, tiers;
  for (int i = 0; i <= 10'000; ++i) {
    urls += "1:a";
    tiers += "l1:ae";
  }
  expect_corrupt("d" + info + "8:url-listl" + urls + "ee");
  expect_corrupt("d13:announce-listll" + urls + "ee" + info + "e");
  expect_corrupt("d13:announce-listl" + tiers + "e" + info + "e");
}

TEST(MetainfoParserTest, EveryPrefixIsCorrupt) {
  const std::string document = with_files("d6:lengthi2e4:pathl1:z1:yeed6:lengthi0e4:pathl1:aee", "6:source1:s");
  ASSERT_TRUE(parse_metainfo(document).has_value());
  for (std::size_t size = 0; size < document.size(); ++size) {
    const std::vector<char> bytes(document.begin(), document.begin() + static_cast<std::ptrdiff_t>(size));
    expect_corrupt(std::string_view(bytes.data(), bytes.size()));
  }
}

TEST(MetainfoParserTest, SurvivesEverySingleByteChange) {
  const std::string document = with_files("d6:lengthi2e4:pathl1:z1:yeed6:lengthi0e4:pathl1:aee", "6:source1:s");
  for (std::size_t at = 0; at < document.size(); ++at) {
    for (const char byte : {'0', '9', '-', ':', 'd', 'e', 'i', 'l', '/', '\0', '\xff'}) {
      std::string changed = document;
      changed[at] = byte;
      const auto parsed = parse_metainfo(changed);
      if (!parsed) {
        EXPECT_EQ(parsed.error().kind, ErrorKind::corrupt);
      }
    }
  }
}

TEST(MetainfoParserTest, ReadsWhatIsSaidAboutIt) {
  const std::string info = "4:infod6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:" + k_piece_hash +
                           "7:privatei1e7:similarle6:source1:se";
  const std::string document = "d11:collectionsl1:xe7:comment1:c10:created by1:m13:creation datei7e" + info + "e";
  const auto parsed = parse_metainfo(document);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  EXPECT_TRUE(parsed->is_single_file);
  EXPECT_TRUE(parsed->is_private);
  EXPECT_EQ(parsed->comment + parsed->created_by + parsed->source, "cms");
  EXPECT_EQ(parsed->creation_date, 7);
  EXPECT_EQ(parsed->reuse_keys, (std::vector<std::string>{"collections", "similar"}));
  EXPECT_EQ(parsed->document_size, static_cast<ByteCount>(document.size()));
  EXPECT_EQ(parsed->info_size, static_cast<ByteCount>(info.size() - 6));
  EXPECT_EQ(parsed->items, 2 + 4 + 6 + 3 + 15);
  const auto plain = parse_metainfo(with_files("d6:lengthi1e4:pathl1:aee"));
  ASSERT_TRUE(plain.has_value());
  EXPECT_FALSE(plain->is_single_file || plain->is_private || plain->creation_date);
}

TEST(MetainfoParserTest, RefusesFilesThatLackSomething) {
  for (const auto* file : {"de", "d6:lengthi1ee", "d4:pathl1:aee", "d6:lengthi1e4:pathlee", "d6:lengthi1e4:path1:ae"}) {
    expect_corrupt(with_files(file));
  }
}

TEST(MetainfoParserTest, SummaryAgreesWithTheWhole) {
  const std::string trackers = "13:announce-listll8:http://ael7:udp://bee";
  std::string document = with_path("1:a1:b");
  document.insert(1, trackers);
  const auto whole = parse_metainfo(document);
  ASSERT_TRUE(whole.has_value()) << whole.error().message;
  const auto summary = summarize_metainfo(document);
  ASSERT_TRUE(summary.has_value()) << summary.error().message;
  EXPECT_EQ(summary->infohash, whole->infohash);
  EXPECT_EQ(summary->trackers, whole->trackers);
  for (std::size_t length = 0; length < document.size(); ++length) {
    EXPECT_FALSE(summarize_metainfo(document.substr(0, length)).has_value()) << length;
  }
  for (const char* odd : {"de", "i1e", "d4:info", "d4:infod", "d4:info99999999999999999999:e", "d4:info9:e", "d1x"}) {
    EXPECT_FALSE(summarize_metainfo(odd).has_value()) << odd;
  }
}

}  // namespace
}  // namespace dbr::torrent
