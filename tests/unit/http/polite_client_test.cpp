// SPDX-License-Identifier: MIT
#include "dbr/http/polite_client.hpp"

#include <atomic>
#include <limits>
#include <mutex>
#include <thread>
#include <vector>

#include "client_fixture.hpp"

namespace dbr::http {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double k_unlimited = std::numeric_limits<double>::infinity();

class PoliteClientTest : public ClientTest {
 protected:
  static Manners quick(double rate = 1000) {
    return {.requests_per_second = rate, .retry = {.max_tries = 4, .first_delay = 2ms, .max_delay = 10ms}};
  }
  Result<Response> fetch(PoliteClient& through, const std::string& url) {
    return through.fetch(
        {.url = url}, [this](Request&) -> Sink& { return fresh_sink(); }, stop.token());
  }
  Sink& fresh_sink() {
    ++sinks;
    sink.body.clear();
    return sink;
  }

  int sinks = 0;
  PoliteClient polite{client, quick()};
};

TEST_F(PoliteClientTest, AnswersAtOnce) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) { peer.reply(200, "x"); });
  ASSERT_TRUE(fetch(polite, server.url()));
  EXPECT_EQ(sink.body, "x");
  EXPECT_EQ(polite.requests_sent(), 1);
}

TEST_F(PoliteClientTest, HonoursRetryAfter) {
  std::vector<Clock::time_point> times;
  LoopbackServer server([&](const ReceivedRequest&, Peer& peer) {
    times.push_back(Clock::now());
    if (times.size() == 1) return peer.reply(503, "<h1>Down</h1>", "Content-Type: text/html\r\nRetry-After: 1\r\n");
    peer.reply(200, "x");
  });
  ASSERT_TRUE(fetch(polite, server.url()));
  ASSERT_EQ(times.size(), 2U);
  EXPECT_GE(times[1] - times[0], 990ms);
  EXPECT_LT(times[1] - times[0], 5s);
}

TEST_F(PoliteClientTest, HoldsAllThreadsBackWhileAskedToWait) {
  std::mutex mutex;
  std::vector<Clock::time_point> times;
  Clock::time_point pushed_back;
  LoopbackServer server([&](const ReceivedRequest&, Peer& peer) {
    bool is_third = false;
    {
      const std::lock_guard lock(mutex);
      times.push_back(Clock::now());
      is_third = times.size() == 3;
      if (is_third) pushed_back = Clock::now();
    }
    if (is_third) return peer.reply(429, "slow down", "Retry-After: 1\r\n");
    peer.reply(200, "x");
  });
  // A turn every 20 ms: four threads are asleep, waiting for theirs, when the third request is pushed back.
  PoliteClient steady{client, quick(50)};
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 3; ++i) {
        StringSink own;
        if (steady.fetch(
                {.url = server.url()}, [&own](Request&) -> Sink& { return own; }, stop.token()))
          ++good;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 12);
  EXPECT_EQ(steady.requests_sent(), 13);
  // One may have been on its way already on a busy machine; everything else waits.
  int early = 0;
  for (const auto& time : times) early += time > pushed_back && time < pushed_back + 950ms ? 1 : 0;
  EXPECT_LE(early, 1);
}

TEST_F(PoliteClientTest, TriesAgainAfterTooMany) {
  std::atomic<int> count{0};
  LoopbackServer server([&](const ReceivedRequest&, Peer& peer) {
    if (++count < 3) return peer.reply(429, "slow down", "Retry-After: 0\r\n");
    peer.reply(200, "x");
  });
  ASSERT_TRUE(fetch(polite, server.url()));
  EXPECT_EQ(sink.body, "x");
  EXPECT_EQ(sinks, 3);
  EXPECT_EQ(polite.requests_sent(), 3);
}

TEST_F(PoliteClientTest, GivesUpAfterMaxTries) {
  for (const int status : {429, 500, 503}) {
    LoopbackServer server(
        [status](const ReceivedRequest&, Peer& peer) { peer.reply(status, "", "Retry-After: 0\r\n"); });
    const auto response = fetch(polite, server.url());
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, status == 500 ? ErrorKind::network : ErrorKind::throttled);
    EXPECT_EQ(server.requests().size(), 4U);
  }
}

TEST_F(PoliteClientTest, GivesUpEarlierWhereThereIsAnotherWay) {
  std::atomic<int> count{0};
  LoopbackServer server(
      [&](const ReceivedRequest&, Peer& peer) { peer.reply(++count < 3 ? 503 : 500, "", "Retry-After: 0\r\n"); });
  const auto prepare = [this](Request&) -> Sink& { return fresh_sink(); };
  EXPECT_EQ(kind_of(polite.fetch({.url = server.url()}, prepare, stop.token(), 2)), ErrorKind::network);
  EXPECT_EQ(count, 4) << "two pushbacks, then two failures";
}

TEST_F(PoliteClientTest, CountsFailuresAndPushbacksApart) {
  std::atomic<int> count{0};
  LoopbackServer server([&](const ReceivedRequest&, Peer& peer) {
    const int number = ++count;
    if (number == 4 || number == 8) return peer.reply(500, "");
    if (number < 12) return peer.reply(503, "", "Retry-After: 0\r\n");
    peer.reply(200, "x");
  });
  EXPECT_TRUE(fetch(polite, server.url()));
}

TEST_F(PoliteClientTest, TriesBrokenTransfersAgain) {
  std::atomic<int> count{0};
  LoopbackServer server([&](const ReceivedRequest&, Peer& peer) {
    switch (++count) {
      case 1:
        return peer.reset();
      case 2:
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhel");
        return peer.close();
      default:
        return peer.reply(200, "x");
    }
  });
  ASSERT_TRUE(fetch(polite, server.url()));
  EXPECT_EQ(sink.body, "x");
}

TEST_F(PoliteClientTest, GoesOnWhereItBrokeOff) {
  std::atomic<int> count{0};
  LoopbackServer server([&](const ReceivedRequest&, Peer& peer) {
    if (++count == 2) return peer.reply(206, "lo", "Content-Range: bytes 3-4/5\r\n");
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"v1\"\r\n\r\nhel");
    peer.close();
  });
  std::string etag;
  sink.on_begin = [&](const Head& head) -> Result<void> {
    if (head.status == 200) etag = head.header("etag");
    return {};
  };
  const auto prepare = [&](Request& request) -> Sink& {
    request.first_byte = static_cast<ByteCount>(sink.body.size());
    request.if_range = etag;
    return sink;
  };
  ASSERT_TRUE(polite.fetch({.url = server.url()}, prepare, stop.token()));
  EXPECT_EQ(sink.body, "hello");
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(header(requests[0], "range"), "");
  EXPECT_EQ(header(requests[0], "if-range"), "");
  EXPECT_EQ(header(requests[1], "range"), "bytes=3-");
  EXPECT_EQ(header(requests[1], "if-range"), "\"v1\"");
}

TEST_F(PoliteClientTest, ALineThatBreaksAgainAndAgainStillBringsTheFile) {
  const std::string file(std::size_t{1} << 20, 'x');
  constexpr std::size_t k_part = 100'000;  // eleven parts, and four tries
  LoopbackServer server([&](const ReceivedRequest& request, Peer& peer) {
    const std::string range = header(request, "range");
    const std::size_t first = range.empty() ? 0 : std::stoul(range.substr(6));
    peer.send((range.empty() ? "HTTP/1.1 200 OK\r\n" : "HTTP/1.1 206 Partial Content\r\n") +
              ("Content-Length: " + std::to_string(file.size() - first)) + "\r\n\r\n" + file.substr(first, k_part));
    peer.close();
  });
  const auto prepare = [&](Request& request) -> Sink& {
    request.first_byte = static_cast<ByteCount>(sink.body.size());
    return sink;
  };
  ASSERT_TRUE(polite.fetch({.url = server.url()}, prepare, stop.token()));
  EXPECT_EQ(sink.body, file);
}

TEST_F(PoliteClientTest, RedirectsCountAsRequests) {
  LoopbackServer server([](const ReceivedRequest& request, Peer& peer) {
    if (request.target == "/b") return peer.reply(200, "x");
    peer.reply(302, "", "Location: /b\r\n");
  });
  ASSERT_TRUE(fetch(polite, server.url("/a")));
  EXPECT_EQ(polite.requests_sent(), 2);
}

TEST_F(PoliteClientTest, NothingIsSentAgainBehindItsBack) {
  LoopbackServer server([](const ReceivedRequest& request, Peer& peer) {
    // A kept connection dies under its second request, before any answer: curl would send it again by itself.
    if (request.target == "/b" && request.connection == 1) return peer.close();
    peer.reply(200, "x");
  });
  ASSERT_TRUE(fetch(polite, server.url("/a")));
  ASSERT_TRUE(fetch(polite, server.url("/b")));
  EXPECT_EQ(static_cast<std::int64_t>(server.requests().size()), polite.requests_sent());
  EXPECT_EQ(polite.requests_sent(), 3);
}

TEST_F(PoliteClientTest, StartsAfreshWhenThereIsNoSuchPart) {
  LoopbackServer server([](const ReceivedRequest& request, Peer& peer) {
    if (header(request, "range").empty()) return peer.reply(200, "x");
    peer.reply(416, "", "Content-Range: bytes */1\r\n");
  });
  std::vector<ByteCount> asked;
  const auto prepare = [&](Request& request) -> Sink& {
    request.first_byte = asked.empty() ? 5 : 0;
    asked.push_back(request.first_byte);
    return sink;
  };
  ASSERT_TRUE(polite.fetch({.url = server.url()}, prepare, stop.token()));
  EXPECT_EQ(sink.body, "x");
  EXPECT_EQ(asked, (std::vector<ByteCount>{5, 0}));
}

TEST_F(PoliteClientTest, TriesAgainWhenTheSinkBlamesTheNetwork) {
  std::atomic<int> count{0};
  LoopbackServer server([&](const ReceivedRequest&, Peer& peer) {
    peer.reply(200, "x", ++count == 1 ? "Content-Type: text/html\r\n" : "Content-Type: application/json\r\n");
  });
  sink.on_begin = [](const Head& head) -> Result<void> {
    if (head.header("content-type") == "text/html") return dbr::fail(ErrorKind::network, "HTML instead of JSON");
    return {};
  };
  ASSERT_TRUE(fetch(polite, server.url()));
  EXPECT_EQ(count, 2);
}

TEST_F(PoliteClientTest, TriesOnceWhatWillNotChange) {
  const std::pair<int, ErrorKind> table[] = {{401, ErrorKind::remote_rejected},
                                             {403, ErrorKind::remote_rejected},
                                             {404, ErrorKind::not_found},
                                             {422, ErrorKind::remote_rejected}};
  for (const auto& [status, kind] : table) {
    LoopbackServer server([code = status](const ReceivedRequest&, Peer& peer) { peer.reply(code, ""); });
    EXPECT_EQ(kind_of(fetch(polite, server.url())), kind);
    EXPECT_EQ(server.requests().size(), 1U) << status;
  }
}

TEST_F(PoliteClientTest, TriesOnceWhenChallenged) {
  for (const int status : {403, 503}) {
    LoopbackServer server([status](const ReceivedRequest&, Peer& peer) {
      peer.reply(status, "<title>Just a moment...</title>", "Content-Type: text/html\r\nRetry-After: 0\r\n");
    });
    EXPECT_EQ(kind_of(fetch(polite, server.url())), ErrorKind::remote_rejected);
    EXPECT_EQ(server.requests().size(), 1U);
  }
}

TEST_F(PoliteClientTest, TriesOnceWhenTheSinkFailsOtherwise) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) { peer.reply(200, "x"); });
  sink.on_data = [](std::string_view) { return dbr::fail(ErrorKind::disk_full, "no space left"); };
  EXPECT_EQ(kind_of(fetch(polite, server.url())), ErrorKind::disk_full);
  EXPECT_EQ(polite.requests_sent(), 1);
}

TEST_F(PoliteClientTest, KeepsItsPace) {
  LoopbackServer server([](const ReceivedRequest&, Peer& peer) { peer.reply(200, "x"); });
  PoliteClient steady{client, quick(100)};
  const auto start = Clock::now();
  for (int i = 0; i < 11; ++i) ASSERT_TRUE(fetch(steady, server.url()));
  EXPECT_GE(seconds_since(start), 0.1);
}

TEST_F(PoliteClientTest, HostsDoNotWaitForEachOther) {
  LoopbackServer one([](const ReceivedRequest&, Peer& peer) { peer.reply(200, "x"); });
  LoopbackServer two([](const ReceivedRequest&, Peer& peer) { peer.reply(200, "x"); });
  PoliteClient slow{client, quick(0.1)};
  const auto start = Clock::now();
  ASSERT_TRUE(fetch(slow, one.url()));
  ASSERT_TRUE(fetch(slow, two.url()));
  EXPECT_LT(seconds_since(start), 5);
}

TEST_F(PoliteClientTest, DrainEndsTheWaiting) {
  LoopbackServer server([this](const ReceivedRequest&, Peer& peer) {
    peer.reply(503, "", "Retry-After: 3600\r\n");
    stop.request_stop(StopLevel::drain);
  });
  const auto start = Clock::now();
  EXPECT_EQ(kind_of(fetch(polite, server.url())), ErrorKind::cancelled);
  EXPECT_EQ(kind_of(fetch(polite, server.url())), ErrorKind::cancelled);
  EXPECT_LT(seconds_since(start), 5);
  EXPECT_EQ(polite.requests_sent(), 1);
}

TEST_F(PoliteClientTest, RefusesBadUrlsUnsent) {
  PoliteClient free{client, quick(k_unlimited)};
  EXPECT_EQ(kind_of(fetch(free, "file:///etc/passwd")), ErrorKind::usage);
  EXPECT_EQ(free.requests_sent(), 0);
}

}  // namespace
}  // namespace dbr::http
