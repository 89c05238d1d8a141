// SPDX-License-Identifier: MIT
// Parts that are not lines: arrays, and values spread over lines, as an API's answers are saved.
#include "dump_support.hpp"

namespace dbr::site {
namespace {

TEST(DumpValuesTest, ReadsAnArrayOfOneLine) {
  EXPECT_EQ(read_bytes(R"([{"a":1},{"a":[2,{}]}])").lines, (Lines{R"(1 {"a":1})", R"(2 {"a":[2,{}]})"}));
  EXPECT_EQ(read_bytes("[]").lines, Lines{});
  EXPECT_FALSE(read_bytes(" [ ] \n").error);
}

TEST(DumpValuesTest, ReadsAPrettyArray) {
  const Yield yield = read_bytes("[\n {\n  \"a\": 1\n },\r\n {\n  \"b\": \"]}\\\"{\"\n }\n]\n");
  EXPECT_EQ(yield.lines, (Lines{"1 {\n  \"a\": 1\n }", "2 {\n  \"b\": \"]}\\\"{\"\n }"}));
  EXPECT_FALSE(yield.error);
}

TEST(DumpValuesTest, ReadsAPrettyObject) {
  EXPECT_EQ(read_bytes("\xef\xbb\xbf{\n \"a\": [\n  1\n ]\n}\n").lines, Lines{"1 {\n \"a\": [\n  1\n ]\n}"});
}

TEST(DumpValuesTest, ReadsManyOfThem) {
  EXPECT_EQ(read_bytes("{\n\"a\":1\n}\n{\n\"a\":2\n}").lines, (Lines{"1 {\n\"a\":1\n}", "2 {\n\"a\":2\n}"}));
  EXPECT_EQ(read_bytes("[{}]\n[{},{}]\n").lines, (Lines{"1 {}", "2 {}", "3 {}"}));
}

TEST(DumpValuesTest, HandsOnElementsThatAreNoObjects) {
  const Yield yield = read_bytes(R"([1, "a,]b", [2,3], null ,{} , }x])");
  EXPECT_EQ(yield.lines, (Lines{"1 1", R"(2 "a,]b")", "3 [2,3]", "4 null", "5 {}", "6 }x"}));
  EXPECT_FALSE(yield.error);
}

TEST(DumpValuesTest, ALineCutShortIsNoValueOverManyLines) {
  EXPECT_EQ(read_bytes("{\"a\":\"cut sho\n{\"a\":2}\n").lines, (Lines{"1 {\"a\":\"cut sho", "2 {\"a\":2}"}));
}

TEST(DumpValuesTest, TellsACutArray) {
  const std::string whole = "[\n {\"a\": \"x,y\"},\n {\"a\": [2]}\n]\n";
  const Yield all = read_bytes(whole);
  ASSERT_EQ(all.lines.size(), 2U);
  for (std::size_t size = 1; size < whole.size() - 2; ++size) {
    const Yield yield = read_bytes(whole.substr(0, size));
    ASSERT_TRUE(yield.error) << size;
    EXPECT_EQ(yield.error->kind, ErrorKind::corrupt);
    ASSERT_LE(yield.lines.size(), 2U);
    for (std::size_t i = 0; i < yield.lines.size(); ++i) EXPECT_EQ(yield.lines[i], all.lines[i]) << size;
  }
  EXPECT_EQ(read_bytes(whole.substr(0, whole.find(",\n"))).error->message,
            "cannot read x after line 1: it ends before its array does");
}

TEST(DumpValuesTest, SmallBatchesChangeNothing) {
  std::string text = "[\n";
  for (int i = 0; i < 500; ++i) {
    text += fmt::format(" {{\n  \"id\": {},\n  \"x\": \"{}\\\\\\\"}}\"\n }},\n   ", i, std::string(i % 97, '['));
  }
  text += "\"last\"]";
  const Yield whole = read_bytes(text);
  EXPECT_EQ(whole.lines.size(), 501U);
  for (const ByteCount size : {64, 65, 70, 111, 1000})
    EXPECT_EQ(read_bytes(text, {.batch_size = size}).lines, whole.lines);
}

TEST(DumpValuesTest, SkipsLongElements) {
  const DumpSettings settings{.longest_line = 100, .batch_size = 64};
  const Yield yield =
      read_bytes("[{\"a\":\"" + std::string(1000, 'x') + "\"},\n" + std::string(1000, ' ') + "{}]", settings);
  EXPECT_EQ(yield.lines, Lines{"2 {}"});
  EXPECT_EQ(yield.skipped, Lines{"1:1008"});
}

TEST(DumpValuesTest, NestingIsOnlyCounted) {
  const std::string deep = std::string(1'000'000, '[') + std::string(1'000'000, ']');
  const Yield yield = read_bytes("[" + deep + ",{}]");
  EXPECT_EQ(yield.lines.size(), 2U);
  EXPECT_TRUE(read_bytes(std::string(1'000'000, '[')).error);
}

}  // namespace
}  // namespace dbr::site
