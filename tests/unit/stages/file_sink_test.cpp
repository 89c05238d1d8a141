// SPDX-License-Identifier: MIT
// A body over several answers: what may be put together, what must not, and what is cut.
#include "file_sink.hpp"

#include <gtest/gtest.h>

#include "dbr/base/digest.hpp"
#include "support/must.hpp"
#include "support/scratch.hpp"

namespace dbr::stages {
namespace {

using test::must;

constexpr std::string_view k_validator = "\"v1\"";

class FileSinkTest : public ::testing::Test {
 protected:
  FileSinkTest() { sink.expect({digest_hex(DigestKind::md5, file), "png", 10'000}); }

  static http::Head whole(std::string_view etag = k_validator) {
    http::Head head{.status = 200};
    head.headers["etag"] = etag;
    return head;
  }
  static http::Head part(std::string_view range, std::string_view etag = k_validator) {
    http::Head head{.status = 206};
    head.headers["content-range"] = range;
    head.headers["etag"] = etag;
    return head;
  }
  http::Request next_try() {
    http::Request request;
    sink.prepare(request);
    return request;
  }
  // The first answer, which breaks off after 1000 bytes.
  void begin_and_break(const http::Head& head = whole()) {
    next_try();
    must(sink.begin(head));
    must(sink.data(std::string_view(file).substr(0, 1000)));
  }

  test::Scratch scratch;
  std::string file = "\x89PNG\r\n\x1a\n" + std::string(2992, 'x');
  ByteCount received = 0;
  FileSink sink{scratch.path() / "1.part", [this](ByteCount size) {
                  received += size;
                  return Result<void>();
                }};
};

TEST_F(FileSinkTest, ABodyInOneAnswer) {
  const auto request = next_try();
  EXPECT_EQ(request.first_byte, 0);
  must(sink.begin(whole()));
  must(sink.data(std::string_view(file).substr(0, 100)));
  EXPECT_FALSE(sink.is_satisfied());
  must(sink.data(std::string_view(file).substr(100)));
  EXPECT_TRUE(sink.is_satisfied()) << "whatever length the server stated";
  const auto facts = must(sink.finish());
  EXPECT_EQ(facts.size, 3000);
  EXPECT_EQ(facts.md5, digest_hex(DigestKind::md5, file));
  EXPECT_EQ(facts.sha256, digest_hex(DigestKind::sha256, file));
  EXPECT_EQ(test::read_bytes(scratch.path() / "1.part"), file);
  EXPECT_EQ(received, 3000);
  EXPECT_FALSE(sink.is_pieced());
}

TEST_F(FileSinkTest, ATryGoesOnWhereTheLastOneBrokeOff) {
  begin_and_break();
  const auto request = next_try();
  EXPECT_EQ(request.first_byte, 1000);
  EXPECT_EQ(request.if_range, k_validator);
  must(sink.begin(part("bytes 1000-2999/3000")));
  must(sink.data(std::string_view(file).substr(1000)));
  EXPECT_TRUE(sink.is_pieced());
  EXPECT_EQ(must(sink.finish()).md5, digest_hex(DigestKind::md5, file));
  EXPECT_EQ(test::read_bytes(scratch.path() / "1.part"), file);
}

TEST_F(FileSinkTest, WithoutAStrongValidatorItStartsAgain) {
  begin_and_break(whole("W/\"v1\""));
  EXPECT_EQ(next_try().first_byte, 0);
  http::Head dated = whole("W/\"v1\"");
  dated.headers["last-modified"] = "Tue, 24 May 2005 00:00:00 GMT";
  begin_and_break(dated);
  EXPECT_EQ(next_try().if_range, "Tue, 24 May 2005 00:00:00 GMT");
}

TEST_F(FileSinkTest, AWholeAnswerReplacesThePart) {
  begin_and_break();
  next_try();
  must(sink.begin(whole("\"v2\"")));
  must(sink.data(file));
  EXPECT_FALSE(sink.is_pieced());
  EXPECT_EQ(test::read_bytes(scratch.path() / "1.part"), file);
}

TEST_F(FileSinkTest, AnotherPartOrAnotherFileIsRefusedAndTheNextTryStartsAgain) {
  for (const auto& head : {part("bytes 999-2999/3000"), part("bytes 0-1999/3000"), part("nonsense"),
                           part("bytes 1000-2999/3000", "\"v2\"")}) {
    begin_and_break();
    next_try();
    const auto begun = sink.begin(head);
    ASSERT_FALSE(begun);
    EXPECT_EQ(begun.error().kind, ErrorKind::network);
    EXPECT_EQ(next_try().first_byte, 0);
  }
}

TEST_F(FileSinkTest, APartThatWasNotAskedForIsRefused) {
  next_try();
  EXPECT_FALSE(sink.begin(part("bytes 0-999/3000")));
}

TEST_F(FileSinkTest, APartThatIsAllOfItIsTaken) {
  next_try();
  must(sink.begin(part("bytes 0-2999/3000")));
  must(sink.data(file));
  EXPECT_FALSE(sink.is_pieced());
  EXPECT_EQ(must(sink.finish()).md5, digest_hex(DigestKind::md5, file));
}

TEST_F(FileSinkTest, TypesAreNotBelievedAndPackingIsNotWanted) {
  http::Head head = whole();
  head.headers["content-type"] = "text/plain";
  next_try();
  must(sink.begin(head));
  head.headers["content-encoding"] = "gzip";
  EXPECT_EQ(sink.begin(head).error().kind, ErrorKind::network);
}

TEST_F(FileSinkTest, AValidatorThatNoHeaderMayHoldIsNotSentBack) {
  begin_and_break(whole("\"a\tb\""));
  EXPECT_EQ(next_try().first_byte, 0);
}

TEST_F(FileSinkTest, TriesThatBringNothingEndInAFreshStart) {
  begin_and_break();
  EXPECT_EQ(next_try().first_byte, 1000);
  EXPECT_EQ(next_try().first_byte, 1000);
  EXPECT_EQ(next_try().first_byte, 0);
}

TEST_F(FileSinkTest, LongerThanExpectedIsCutAtOnce) {
  http::Head head = whole();
  head.content_length = 10'001;
  next_try();
  EXPECT_EQ(sink.begin(head).error().kind, ErrorKind::corrupt);
  EXPECT_TRUE(sink.is_too_long());
  next_try();
  EXPECT_FALSE(sink.is_too_long());
  must(sink.begin(whole()));
  must(sink.data(std::string(10'000, 'x').replace(0, 8, "\x89PNG\r\n\x1a\n")));
  EXPECT_EQ(sink.data("y").error().kind, ErrorKind::corrupt);
  EXPECT_TRUE(sink.is_too_long());
  EXPECT_EQ(next_try().first_byte, 0);
}

TEST_F(FileSinkTest, PagesArePassingErrors) {
  http::Head head = whole();
  head.headers["content-type"] = "Text/HTML; charset=utf-8";
  next_try();
  EXPECT_EQ(sink.begin(head).error().kind, ErrorKind::network);
}

TEST_F(FileSinkTest, WhatLooksLikeNothingWeKnowIsCutTwiceAndThenBelieved) {
  const std::string strange(3000, '?');
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(next_try().first_byte, 0);
    must(sink.begin(whole()));
    EXPECT_EQ(sink.data(strange).error().kind, ErrorKind::network);
  }
  next_try();
  must(sink.begin(whole()));
  must(sink.data(strange));
  EXPECT_EQ(must(sink.finish()).size, 3000);
}

}  // namespace
}  // namespace dbr::stages
