// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "dbr/base/digest.hpp"
#include "unit/torrent/support.hpp"

namespace dbr::torrent {
namespace {

constexpr ByteCount k_piece = 16384;

class MetainfoWriterTest : public ::testing::Test {
 protected:
  Result<std::string> write() { return write_metainfo(m_path, m_options, walk_of(m_files), m_pieces); }

  void expect_refused(ErrorKind kind) {
    const auto written = write();
    ASSERT_FALSE(written.has_value());
    EXPECT_EQ(written.error().kind, kind) << written.error().message;
    EXPECT_TRUE(std::filesystem::is_empty(m_scratch.path())) << "nothing may be left behind";
  }

  test::Scratch m_scratch;
  std::filesystem::path m_path = m_scratch.path() / "t.torrent";
  Options m_options = [] {
    Options options;
    options.name = "danbooru";
    options.piece_length = k_piece;
    return options;
  }();
  std::vector<File> m_files{{"b/2.jpg", k_piece}, {"a/1.jpg", 5}, {"empty", 0}};
  std::string m_pieces = std::string(20, 'P') + std::string(20, 'Q');
};

TEST_F(MetainfoWriterTest, FullDocumentByteForByte) {
  m_options.trackers = {{"http://a", "http://b"}, {}, {"udp://c"}};
  m_options.web_seeds = {"http://w/"};
  m_options.comment = "release 2017";
  m_options.source = "DBR";
  m_options.created_by = "dbr";
  const std::string info =
      "d5:filesld6:lengthi16384e4:pathl1:b5:2.jpgeed6:lengthi5e4:pathl1:a5:1.jpgeed6:lengthi0e4:pathl5:emptyeee"
      "4:name8:danbooru12:piece lengthi16384e6:pieces40:" +
      m_pieces + "6:source3:DBRe";
  const auto written = write();
  ASSERT_TRUE(written.has_value()) << written.error().message;
  EXPECT_EQ(*written, digest_hex(DigestKind::sha1, info));
  EXPECT_EQ(test::read_back(m_path),
            "d8:announce8:http://a13:announce-listll8:http://a8:http://bel7:udp://cee7:comment12:release 2017"
            "10:created by3:dbr4:info" +
                info + "8:url-listl9:http://w/ee");
}

TEST_F(MetainfoWriterTest, LeavesOutWhatIsEmpty) {
  ASSERT_TRUE(write().has_value());
  const std::string text = test::read_back(m_path);
  EXPECT_TRUE(text.starts_with("d4:infod5:files")) << text;
  EXPECT_TRUE(text.ends_with(m_pieces + "ee")) << text;
}

TEST_F(MetainfoWriterTest, OneTrackerNeedsNoList) {
  m_options.trackers = {{}, {"http://a"}};
  ASSERT_TRUE(write().has_value());
  EXPECT_TRUE(test::read_back(m_path).starts_with("d8:announce8:http://a4:info"));
}

TEST_F(MetainfoWriterTest, InfohashDependsOnTheInfoOnly) {
  const auto plain = write();
  m_options.comment = "other";
  m_options.trackers = {{"http://a"}};
  m_options.web_seeds = {"http://w/"};
  const auto decorated = write();
  ASSERT_TRUE(plain.has_value() && decorated.has_value());
  EXPECT_EQ(*plain, *decorated);
  m_options.source = "x";
  EXPECT_NE(*plain, *write());
  m_options.source.clear();
  std::swap(m_files[0], m_files[1]);
  EXPECT_NE(*plain, *write()) << "the order of files is part of the torrent";
}

TEST_F(MetainfoWriterTest, RoundTripsThroughTheParser) {
  m_options.trackers = {{"http://a"}, {"http://b", "http://c"}};
  m_options.web_seeds = {"http://w/", "http://v/"};
  m_options.comment = "été";
  m_files.clear();
  for (int i = 0; i < 20'000; ++i) m_files.push_back({std::to_string(i % 1000) + "/" + std::to_string(i), i});
  // More than the encoder's chunk, so that the pieces are written in parts.
  m_pieces = test::make_bytes(20 * ((19'999ULL * 10'000 + 16'383) / 16'384), 7);
  const auto written = write();
  ASSERT_TRUE(written.has_value()) << written.error().message;
  const auto parsed = parse_metainfo(test::read_back(m_path));
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  EXPECT_EQ(parsed->infohash, *written);
  EXPECT_EQ(parsed->name, "danbooru");
  EXPECT_EQ(parsed->piece_length, k_piece);
  EXPECT_EQ(parsed->pieces, m_pieces);
  EXPECT_EQ(parsed->comment, m_options.comment);
  EXPECT_EQ(parsed->trackers, m_options.trackers);
  EXPECT_EQ(parsed->web_seeds, m_options.web_seeds);
  ASSERT_EQ(parsed->files.size(), m_files.size());
  for (std::size_t i = 0; i < m_files.size(); ++i) {
    EXPECT_EQ(parsed->files[i].path, m_files[i].path);
    EXPECT_EQ(parsed->files[i].size, m_files[i].size);
  }
}

TEST_F(MetainfoWriterTest, RefusesAnUnsuitablePieceLength) {
  for (const ByteCount length :
       {ByteCount{0}, ByteCount{-16384}, ByteCount{8192}, ByteCount{16385}, ByteCount{49152}}) {
    m_options.piece_length = length;
    expect_refused(ErrorKind::usage);
  }
}

TEST_F(MetainfoWriterTest, RefusesNamesThatLeaveTheFolder) {
  for (const char* name : {"", ".", "..", "a/b", "/", "a\nb", "\xff"}) {
    m_options.name = name;
    expect_refused(ErrorKind::internal);
  }
  m_options.name = "danbooru";
  for (const char* path : {"", "/a", "a/", "a//b", "../a", "a/../b", "./a", "a/.", "a\x1b[2J"}) {
    m_files[1].path = path;
    expect_refused(ErrorKind::internal);
  }
}

TEST_F(MetainfoWriterTest, RefusesListsThatCannotBeTrue) {
  const std::vector<std::vector<File>> lists = {
      {}, {{"a", 0}}, {{"a", -1}, {"b", 16384 + 6}}, {{"a", INT64_MAX}, {"b", INT64_MAX}}, {{"a", 3 * 16384}}};
  for (const auto& list : lists) {
    m_files = list;
    expect_refused(ErrorKind::internal);
  }
}

}  // namespace
}  // namespace dbr::torrent
