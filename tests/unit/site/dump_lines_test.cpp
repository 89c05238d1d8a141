// SPDX-License-Identifier: MIT
// Plain files: lines, their numbers, batches, and what cannot be opened.
#include "dump_support.hpp"
#include "support/scratch.hpp"

namespace dbr::site {
namespace {

Yield read_file(const test::Scratch& scratch, std::string_view bytes, const DumpSettings& settings = {}) {
  test::write_bytes(scratch / "x", bytes);
  Yield yield = read_all(open_dump((scratch / "x").string(), settings, StopSource().token()));
  for (std::string& line : yield.lines) line.erase(0, line.find('#') + 1);
  return yield;
}

TEST(DumpLinesTest, ReadsLines) {
  const test::Scratch scratch;
  const Yield yield = read_file(scratch, "{\"a\":1}\n{\"a\":2}\n");
  EXPECT_EQ(yield.lines, (Lines{"1 {\"a\":1}", "2 {\"a\":2}"}));
  EXPECT_FALSE(yield.error);
}

TEST(DumpLinesTest, NamesTheFile) {
  const test::Scratch scratch;
  test::write_bytes(scratch / "x", "{}\n");
  const std::string path = (scratch / "x").string();
  const Yield yield = read_all(open_dump(path, {}, StopSource().token()));
  EXPECT_EQ(yield.lines, Lines{path + "#1 {}"});
}

TEST(DumpLinesTest, ToleratesEndsOfLines) {
  EXPECT_EQ(read_bytes("{}\r\n{}\r\n").lines, (Lines{"1 {}", "2 {}"}));
  EXPECT_EQ(read_bytes("{}\n{}").lines, (Lines{"1 {}", "2 {}"}));
  EXPECT_EQ(read_bytes("{} \t\n{}").lines, (Lines{"1 {}", "2 {}"}));
}

TEST(DumpLinesTest, CountsBlankLines) {
  EXPECT_EQ(read_bytes("\n  \n{}\n\r\n{}\n\n").lines, (Lines{"3 {}", "5 {}"}));
}

TEST(DumpLinesTest, DropsAByteOrderMark) {
  EXPECT_EQ(read_bytes("\xef\xbb\xbf{}\n{}\n").lines, (Lines{"1 {}", "2 {}"}));
  EXPECT_EQ(read_bytes("\xef\xbb\xbf").lines, Lines{});
}

TEST(DumpLinesTest, NothingIsNoLines) {
  for (const std::string_view bytes : {"", "\n", " \n\t\r\n"}) {
    const Yield yield = read_bytes(bytes);
    EXPECT_FALSE(yield.error) << bytes;
    EXPECT_EQ(yield.batches, 0) << bytes;
  }
}

TEST(DumpLinesTest, LeavesGarbageToItsReader) {
  EXPECT_EQ(read_bytes("{}\nnot json\n{\"a\n").lines, (Lines{"1 {}", "2 not json", "3 {\"a"}));
}

TEST(DumpLinesTest, CutsIntoBatchesWithoutLoss) {
  std::string bytes;
  Lines expected;
  for (int i = 1; i <= 2000; ++i) {
    const std::string line = fmt::format("{{\"id\":{},\"x\":\"{}\"}}", i, std::string(i * 7 % 300, 'x'));
    bytes += line + (i % 3 == 0 ? "\r\n" : "\n");
    expected.push_back(fmt::format("{} {}", i, line));
  }
  for (const ByteCount size : {1, 100, 1000, 65'536, 1 << 20}) {
    const Yield yield = read_bytes(bytes, {.batch_size = size});
    EXPECT_EQ(yield.lines, expected) << size;
    EXPECT_FALSE(yield.error);
  }
  EXPECT_EQ(read_bytes(bytes, {.batch_size = 1 << 20}).batches, 1);
  EXPECT_GT(read_bytes(bytes, {.batch_size = 1000}).batches, 300);
}

TEST(DumpLinesTest, SkipsLongLines) {
  const DumpSettings settings{.longest_line = 1000, .batch_size = 100};
  const std::string fits(998, 'f');
  const std::string bytes =
      "{}\n{" + fits + "}\n{" + std::string(100'000, 'l') + "}\n{}\n{" + std::string(999, 'l') + "}\n{}";
  const Yield yield = read_bytes(bytes, settings);
  EXPECT_EQ(yield.lines, (Lines{"1 {}", "2 {" + fits + "}", "4 {}", "6 {}"}));
  EXPECT_EQ(yield.skipped, (Lines{"3:100002", "5:1001"}));
  EXPECT_FALSE(yield.error);
}

TEST(DumpLinesTest, SkipsALongLastLine) {
  const Yield yield = read_bytes("{}\n{" + std::string(5000, 'l'), {.longest_line = 1000, .batch_size = 100});
  EXPECT_EQ(yield.lines, Lines{"1 {}"});
  EXPECT_EQ(yield.skipped, Lines{"2:5001"});
}

TEST(DumpLinesTest, ManyBlankLinesTakeNoMemory) {
  DumpBatch batch;
  const std::string bytes = "{}\n" + std::string(5'000'000, '\n') + "{}\n";
  const auto dump =
      open_text_dump(std::make_unique<MemorySource>(bytes), "x", {.batch_size = 1000}, StopSource().token());
  ASSERT_TRUE(dump);
  while (*(*dump)->next(batch, StopSource().token())) {
  }
  EXPECT_EQ(batch.text.capacity(), 1000U);
}

TEST(DumpLinesTest, BatchesMoveWithTheirText) {
  const auto dump = open_text_dump(std::make_unique<MemorySource>("{\"a\":1}\n"), "x", {}, StopSource().token());
  DumpBatch batch;
  ASSERT_TRUE(*(*dump)->next(batch, StopSource().token()));
  const DumpBatch moved = std::move(batch);
  EXPECT_EQ(moved.lines.at(0).text, "{\"a\":1}");
  batch = DumpBatch();
  EXPECT_FALSE(*(*dump)->next(batch, StopSource().token()));
}

TEST(DumpLinesTest, RefusesWhatIsNoFile) {
  const test::Scratch scratch;
  const auto kind = [](const std::string& from) { return open_dump(from, {}, StopSource().token()).error().kind; };
  EXPECT_EQ(kind(scratch.path().string()), ErrorKind::usage);
  EXPECT_EQ(kind((scratch / "missing").string()), ErrorKind::usage);
  EXPECT_EQ(kind((scratch / std::string(300, 'x')).string()), ErrorKind::io);
}

TEST(DumpLinesTest, RefusesWhatIsNotJson) {
  const Yield yield = read_bytes("id,name\n1,x\n");
  ASSERT_TRUE(yield.error);
  EXPECT_EQ(yield.error->kind, ErrorKind::corrupt);
  EXPECT_EQ(yield.error->message, "cannot read x: it is neither JSON nor a kind of archive that can be read");
  // Other tools' formats, which libarchive would take for archives.
  EXPECT_TRUE(read_bytes("#mtree\n./a type=file\n").error);
  EXPECT_TRUE(read_bytes("begin 644 a\n#0V%T\n`\nend\n").error);
}

TEST(DumpLinesTest, StopsBetweenBatches) {
  const test::Scratch scratch;
  std::string bytes;
  while (bytes.size() < 200'000) bytes += "{}\n";
  test::write_bytes(scratch / "x", bytes);
  StopSource stop;
  const auto dump = open_dump((scratch / "x").string(), {.batch_size = 1000}, stop.token());
  ASSERT_TRUE(dump);
  stop.request_stop(StopLevel::drain);
  Yield yield;
  drain(**dump, yield, stop.token());
  ASSERT_TRUE(yield.error);
  EXPECT_EQ(yield.error->kind, ErrorKind::cancelled);
}

}  // namespace
}  // namespace dbr::site
