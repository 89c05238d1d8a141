// SPDX-License-Identifier: MIT
// bigquery: against a stand-in.
#include "google_support.hpp"

namespace dbr::site {
namespace {

const std::string k_from = "bigquery:danbooru1.danbooru_public.tags";
constexpr std::string_view k_path = "/bigquery/v2/projects/danbooru1/datasets/danbooru_public/tables/tags";
constexpr std::string_view k_info =
    R"({"lastModifiedTime":"1753315200000","numRows":"3","schema":{"fields":[{"name":"id","type":"INTEGER"},)"
    R"({"name":"created_at","type":"TIMESTAMP"},{"name":"words","type":"STRING","mode":"REPEATED"}]}})";
constexpr std::string_view k_first_page =
    R"({"totalRows":"3","pageToken":"next/page=","rows":[{"f":[{"v":"1"},{"v":"1213067287342050"},{"v":[]}]},)"
    R"({"f":[{"v":"2"},{"v":null},{"v":[{"v":"a"},{"v":"b"}]}]}]})";
constexpr std::string_view k_last_page = R"({"totalRows":"3","rows":[{"f":[{"v":"3"},{"v":null},{"v":[]}]}]})";

void serve(const ReceivedRequest& request, Peer& peer) {
  if (request.target == k_path) return peer.reply(200, k_info);
  peer.reply(200, request.target.find("pageToken") == std::string::npos ? k_first_page : k_last_page);
}

TEST(GoogleTableTest, ReadsAllPages) {
  LoopbackServer server(serve);
  const auto dump = open_dump(k_from, google_at(server), StopSource().token());
  ASSERT_TRUE(dump) << dump.error().message;
  EXPECT_EQ(format_timestamp(*(*dump)->modified()), "2025-07-24T00:00:00.000Z");
  const Yield yield = read_all(open_dump(k_from, google_at(server), StopSource().token()));
  EXPECT_FALSE(yield.error) << yield.error->message;
  EXPECT_EQ(yield.lines,
            (Lines{k_from + R"(#1 {"id":"1","created_at":"2008-06-10 03:08:07.34205 UTC","words":[]})",
                   k_from + R"(#2 {"id":"2","words":["a","b"]})", k_from + R"(#3 {"id":"3","words":[]})"}));
  const auto requests = server.requests();
  EXPECT_EQ(requests.at(0).target, k_path);
  EXPECT_EQ(
      requests.back().target,
      std::string(k_path) + "/data?maxResults=10000&formatOptions.useInt64Timestamp=true&pageToken=next%2Fpage%3D");
  for (const ReceivedRequest& request : requests) EXPECT_EQ(header(request, "authorization"), "Bearer secret-token");
}

TEST(GoogleTableTest, SmallBatchesAndLongRows) {
  LoopbackServer server(serve);
  DumpSettings settings = google_at(server);
  settings.batch_size = 1;
  settings.longest_line = 40;
  const Yield yield = read_from(k_from, settings);
  EXPECT_EQ(yield.lines, (Lines{R"(2 {"id":"2","words":["a","b"]})", R"(3 {"id":"3","words":[]})"}));
  EXPECT_EQ(yield.skipped, Lines{"1:66"});
  EXPECT_EQ(yield.batches, 3);
}

TEST(GoogleTableTest, SaysWhatToDoAboutRefusals) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) { peer.reply(403, "{}"); });
  const auto dump = open_dump(k_from, google_at(server), StopSource().token());
  ASSERT_FALSE(dump);
  EXPECT_EQ(dump.error().kind, ErrorKind::remote_rejected);
  EXPECT_NE(dump.error().hint.find("DBR_GOOGLE_TOKEN"), std::string::npos);
}

TEST(GoogleTableTest, AMissingTableIsAWrongName) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) { peer.reply(404, "{}"); });
  EXPECT_EQ(open_dump(k_from, google_at(server), StopSource().token()).error().kind, ErrorKind::usage);
}

TEST(GoogleTableTest, GivesTheRowsBeforeABadPage) {
  LoopbackServer server([](const ReceivedRequest& request, Peer& peer) {
    if (request.target.find("pageToken") != std::string::npos) return peer.reply(403, "{}");
    serve(request, peer);
  });
  const Yield yield = read_from(k_from, google_at(server));
  EXPECT_EQ(yield.lines.size(), 2U);
  ASSERT_TRUE(yield.error);
  EXPECT_EQ(yield.error->kind, ErrorKind::remote_rejected);
}

TEST(GoogleTableTest, ATableReplacedMeanwhileIsNoWholeTable) {
  LoopbackServer server([](const ReceivedRequest& request, Peer& peer) {
    if (request.target.find("pageToken") != std::string::npos) return peer.reply(200, R"({"totalRows":"3"})");
    serve(request, peer);
  });
  const Yield yield = read_from(k_from, google_at(server));
  EXPECT_EQ(yield.lines.size(), 2U);
  ASSERT_TRUE(yield.error);
  EXPECT_EQ(yield.error->message, "cannot read " + k_from + ": it has 3 rows, 2 came");
}

TEST(GoogleTableTest, PagesThatPointAtThemselvesEnd) {
  LoopbackServer server([](const ReceivedRequest& request, Peer& peer) {
    if (request.target == k_path) return peer.reply(200, k_info);
    peer.reply(200, k_first_page);
  });
  const Yield yield = read_from(k_from, google_at(server));
  EXPECT_EQ(yield.lines.size(), 2U);
  ASSERT_TRUE(yield.error);
  EXPECT_EQ(yield.error->kind, ErrorKind::corrupt);
}

TEST(GoogleTableTest, AnswersThatAreNoneAreErrors) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) { peer.reply(200, "<html>"); });
  const auto dump = open_dump(k_from, google_at(server), StopSource().token());
  ASSERT_FALSE(dump);
  EXPECT_EQ(dump.error().message, "cannot read " + k_from + ": the answer is not JSON");
}

}  // namespace
}  // namespace dbr::site
