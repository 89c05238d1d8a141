// SPDX-License-Identifier: MIT
// gs:// against a stand-in: what is asked for, refusals, transfers that break, readers that leave.
#include <atomic>
#include <charconv>

#include "google_support.hpp"

namespace dbr::site {
namespace {

const std::string k_from = "gs://danbooru_public/data/tags.json";

/// Big enough for many pieces, and hard to pack.
std::string make_text(int lines) {
  std::string text;
  unsigned random = 1;
  for (int i = 1; i <= lines; ++i) {
    text += fmt::format("{{\"id\":{},\"x\":\"", i);
    for (int word = 0; word < 40; ++word) text += fmt::format("{:08x}", random = random * 1'664'525U + 1'013'904'223U);
    text += "\"}\n";
  }
  return text;
}

/// Serves an object, but breaks off each of the first answers behind so many bytes.
struct BrokenObject {
  std::string bytes;
  std::vector<std::size_t> breaks;
  bool knows_ranges = true;
  std::string etag = "\"v1\"";
  std::atomic<std::size_t> answers{0};

  void operator()(const ReceivedRequest& request, Peer& peer) {
    std::size_t from = 0;
    const std::string range = header(request, "range");
    if (knows_ranges && !range.empty()) std::from_chars(range.data() + 6, range.data() + range.size(), from);
    const std::string_view body = std::string_view(bytes).substr(from);
    const std::size_t answer = answers++;
    std::string head =
        fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\n", from > 0 ? "206 Partial" : "200 OK", body.size());
    if (from > 0) head += fmt::format("Content-Range: bytes {}-{}/{}\r\n", from, bytes.size() - 1, bytes.size());
    if (!etag.empty()) head += fmt::format("ETag: {}\r\n", etag);
    peer.send(head + "\r\n");
    peer.send(body.substr(0, answer < breaks.size() ? breaks[answer] : body.size()));
    if (answer < breaks.size()) peer.close();
  }
};

TEST(GoogleObjectTest, ReadsWhatLiesInStore) {
  const std::string bytes = pack("{\"id\":1}\n{\"id\":2}\n", ARCHIVE_FILTER_GZIP);
  LoopbackServer server([&](const ReceivedRequest&, Peer& peer) {
    peer.reply(200, bytes, "Content-Encoding: gzip\r\nLast-Modified: Thu, 24 Jul 2025 01:02:03 GMT\r\n");
  });
  const auto dump = open_dump(k_from, google_at(server), StopSource().token());
  ASSERT_TRUE(dump) << dump.error().message;
  ASSERT_TRUE((*dump)->modified());
  EXPECT_EQ(format_timestamp(*(*dump)->modified()), "2025-07-24T01:02:03.000Z");
  EXPECT_EQ(read_all(open_dump(k_from, google_at(server), StopSource().token())).lines,
            (Lines{k_from + "#1 {\"id\":1}", k_from + "#2 {\"id\":2}"}));
  const ReceivedRequest request = server.requests().at(0);
  EXPECT_EQ(request.target, "/storage/v1/b/danbooru_public/o/data%2Ftags%2Ejson?alt=media&userProject=my-project");
  EXPECT_EQ(header(request, "authorization"), "Bearer secret-token");
  EXPECT_EQ(header(request, "accept-encoding"), "gzip");
  EXPECT_TRUE(header(request, "user-agent").starts_with("dbr/"));
}

TEST(GoogleObjectTest, ReadsWhatWasUnpackedOnItsWay) {
  LoopbackServer server([&](const ReceivedRequest&, Peer& peer) { peer.reply(200, "{\"id\":1}\n"); });
  EXPECT_EQ(read_from(k_from, google_at(server)).lines, Lines{"1 {\"id\":1}"});
}

TEST(GoogleObjectTest, AnEmptyObjectIsNoLines) {
  LoopbackServer server([&](const ReceivedRequest&, Peer& peer) { peer.reply(200, ""); });
  const Yield yield = read_from(k_from, google_at(server));
  EXPECT_FALSE(yield.error);
  EXPECT_EQ(yield.lines, Lines{});
}

TEST(GoogleObjectTest, SaysWhatToDoAboutRefusals) {
  for (const int status : {400, 401, 403}) {
    LoopbackServer server([&](const ReceivedRequest&, Peer& peer) { peer.reply(status, "{}"); });
    const auto dump = open_dump(k_from, google_at(server), StopSource().token());
    ASSERT_FALSE(dump);
    EXPECT_EQ(dump.error().kind, ErrorKind::remote_rejected);
    EXPECT_NE(dump.error().message.find(k_from), std::string::npos);
    EXPECT_NE(dump.error().hint.find("DBR_GOOGLE_TOKEN"), std::string::npos);
    EXPECT_NE(dump.error().hint.find("DBR_GOOGLE_PROJECT"), std::string::npos);
    EXPECT_EQ((dump.error().message + dump.error().hint).find("secret-token"), std::string::npos);
    EXPECT_EQ(server.requests().size(), 1U);
  }
}

TEST(GoogleObjectTest, AMissingObjectIsAWrongName) {
  LoopbackServer server([&](const ReceivedRequest&, Peer& peer) { peer.reply(404, "{}"); });
  const auto dump = open_dump(k_from, google_at(server), StopSource().token());
  ASSERT_FALSE(dump);
  EXPECT_EQ(dump.error().kind, ErrorKind::usage);
}

TEST(GoogleObjectTest, GoesOnWhereItBrokeOff) {
  const std::string text = make_text(3000);
  const Lines lines = read_bytes(text).lines;
  for (const bool is_packed : {false, true}) {
    for (const bool knows_ranges : {true, false}) {
      BrokenObject object{.bytes = is_packed ? pack(text, ARCHIVE_FILTER_GZIP) : text,
                          .breaks = {200'000, 100'001},
                          .knows_ranges = knows_ranges};
      LoopbackServer server(std::ref(object));
      const Yield yield = read_from(k_from, google_at(server));
      EXPECT_FALSE(yield.error) << yield.error->message;
      EXPECT_EQ(yield.lines, lines) << is_packed << knows_ranges;
      EXPECT_EQ(server.requests().size(), 3U);
      EXPECT_EQ(header(server.requests().at(1), "range"), "bytes=200000-");
    }
  }
}

TEST(GoogleObjectTest, DoesNotMixVersions) {
  const std::string text = make_text(3000);
  const Lines lines = read_bytes(text).lines;
  BrokenObject object{.bytes = text, .breaks = {500'000}, .etag = ""};
  LoopbackServer server(std::ref(object));
  const Yield yield = read_from(k_from, google_at(server));
  ASSERT_TRUE(yield.error);
  EXPECT_EQ(yield.error->kind, ErrorKind::network);
  EXPECT_NE(yield.error->hint.find("run again"), std::string::npos);
  ASSERT_GT(yield.lines.size(), 1000U);
  ASSERT_LT(yield.lines.size(), lines.size());
  EXPECT_TRUE(std::equal(yield.lines.begin(), yield.lines.end(), lines.begin()));
}

TEST(GoogleObjectTest, TriesAgainWhenTheServerIsBusy) {
  std::atomic<int> answers{0};
  LoopbackServer server([&](const ReceivedRequest&, Peer& peer) {
    if (answers++ == 0) return peer.reply(500, "");
    peer.reply(200, "{}\n");
  });
  EXPECT_EQ(read_from(k_from, google_at(server)).lines, Lines{"1 {}"});
}

TEST(GoogleObjectTest, TheTokenStaysWithItsHost) {
  LoopbackServer other([&](const ReceivedRequest&, Peer& peer) { peer.reply(200, "{}\n"); });
  LoopbackServer server([&](const ReceivedRequest&, Peer& peer) {
    peer.reply(302, "", "Location: " + other.other_host_url("/x") + "\r\n");
  });
  const Yield yield = read_from(k_from, google_at(server));
  EXPECT_TRUE(yield.error);
  EXPECT_TRUE(other.requests().empty());
}

TEST(GoogleObjectTest, AReaderMayLeaveAtAnyTime) {
  const std::string text = make_text(100'000);
  LoopbackServer server([&](const ReceivedRequest&, Peer& peer) {
    peer.send("HTTP/1.1 200 OK\r\n\r\n");
    while (peer.send(text)) {
    }
  });
  const auto start = std::chrono::steady_clock::now();
  for (int batches = 0; batches < 4; ++batches) {
    const auto dump = open_dump(k_from, google_at(server), StopSource().token());
    ASSERT_TRUE(dump) << dump.error().message;
    DumpBatch batch;
    for (int i = 0; i < batches; ++i) ASSERT_TRUE(*(*dump)->next(batch, StopSource().token()));
    // The transfer is ahead of us now, and waits.
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, 20s);
}

TEST(GoogleObjectTest, AStopEndsTheWaiting) {
  LoopbackServer server([&](const ReceivedRequest&, Peer& peer) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n{\"id\":1}\n");
    peer.stall();
  });
  StopSource stop;
  std::thread user([&] {
    std::this_thread::sleep_for(100ms);
    stop.request_stop(StopLevel::drain);
  });
  const auto dump = open_dump(k_from, google_at(server), stop.token());
  user.join();
  ASSERT_TRUE(dump) << dump.error().message;
  Yield yield;
  drain(**dump, yield, stop.token());
  EXPECT_EQ(yield.lines.size(), 1U);
  ASSERT_TRUE(yield.error);
  EXPECT_EQ(yield.error->kind, ErrorKind::cancelled);
}

}  // namespace
}  // namespace dbr::site
