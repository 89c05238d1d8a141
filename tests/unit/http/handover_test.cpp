// SPDX-License-Identifier: MIT
#include "http/handover.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>
#include <vector>

namespace dbr::http {
namespace {

struct Pieces final : Sink {
  Result<void> begin(const Head& head) override {
    pieces.push_back(std::to_string(head.status));
    return {};
  }
  Result<void> data(std::string_view bytes) override {
    if (bytes.find("bad") != std::string_view::npos) return fail(ErrorKind::corrupt, "a bad piece");
    if (bytes.find("bug") != std::string_view::npos) throw std::logic_error("a bug");
    pieces.emplace_back(bytes);
    return {};
  }
  std::vector<std::string> pieces;
};

class HandoverTest : public ::testing::Test {
 protected:
  void serve() {
    handover.serve(sink, [this] { ++wakes; });
  }
  Handover handover;
  Pieces sink;
  int wakes = 0;
  Head head{.status = 200};
};

TEST_F(HandoverTest, WhatCameBeforeTheEndIsHandedOverAtOnce) {
  handover.put_head(head);
  handover.put("one ");
  handover.put("two");
  handover.finish();
  serve();
  EXPECT_TRUE(handover.verdict());
  EXPECT_EQ(sink.pieces, (std::vector<std::string>{"200", "one two"}));
  EXPECT_EQ(wakes, 0);
}

TEST_F(HandoverTest, WithoutAHeadTheSinkHearsNothing) {
  handover.finish();
  serve();
  EXPECT_TRUE(sink.pieces.empty());
}

TEST_F(HandoverTest, TheSinkRefuses) {
  handover.put_head(head);
  handover.put("bad");
  std::jthread loop([this] {
    while (!handover.is_refused()) std::this_thread::yield();
    handover.put("more");
    handover.finish();
  });
  serve();
  EXPECT_EQ(handover.verdict().error().kind, ErrorKind::corrupt);
  EXPECT_EQ(sink.pieces, std::vector<std::string>{"200"});
  EXPECT_EQ(wakes, 1);
}

TEST_F(HandoverTest, WhatTheSinkThrowsIsThrownToTheWaiter) {
  handover.put_head(head);
  handover.put("bug");
  handover.finish();
  serve();
  EXPECT_THROW((void)handover.verdict(), std::logic_error);
}

TEST_F(HandoverTest, AFullOneWaitsForItsSinkAndIsWoken) {
  const std::string piece(std::size_t{64} << 10, 'x');
  handover.put_head(head);
  std::size_t put = 0;
  for (; !handover.is_full(); ++put) {
    ASSERT_LT(put, 100U) << "it is never full";
    handover.put(piece);
  }
  std::jthread loop([this] {
    while (handover.is_full()) std::this_thread::yield();
    handover.put("the rest");
    handover.tell();
    handover.finish();
  });
  serve();
  std::string all;
  for (std::size_t i = 1; i < sink.pieces.size(); ++i) all += sink.pieces[i];
  EXPECT_EQ(all.size(), put * piece.size() + std::string_view("the rest").size());
  EXPECT_TRUE(all.ends_with("xthe rest"));
  EXPECT_GE(wakes, 1);
}

}  // namespace
}  // namespace dbr::http
