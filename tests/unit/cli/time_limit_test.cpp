// SPDX-License-Identifier: MIT
// --max-duration: what it stops, what it does not, and how the program ends then.
#include "dbr/cli/time_limit.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>

#include "program.hpp"

namespace dbr::cli {
namespace {

using namespace std::chrono_literals;
using test::Context;
using test::Ran;
using test::Report;

constexpr auto k_long = 20s;

TEST(TimeLimitTest, DrainsWhenTheTimeIsUp) {
  StopSource parent;
  const TimeLimit limit(1ms, parent.token());
  EXPECT_FALSE(limit.token().sleep_for(k_long));
  EXPECT_TRUE(limit.is_up());
  EXPECT_EQ(limit.token().level(), StopLevel::drain);
  EXPECT_FALSE(parent.token().is_stopping());
  // A user who is in a hurry goes beyond that.
  parent.request_stop(StopLevel::abort);
  EXPECT_TRUE(limit.token().is_aborting());
}

TEST(TimeLimitTest, NeverWithoutADuration) {
  StopSource parent;
  const TimeLimit limit(std::nullopt, parent.token());
  EXPECT_TRUE(limit.token().sleep_for(5ms));
  parent.request_stop(StopLevel::drain);
  EXPECT_TRUE(limit.token().is_stopping());
  EXPECT_FALSE(limit.is_up());
}

TEST(TimeLimitTest, EndsAtOnceHoweverMuchTimeIsLeft) {
  const auto begin = std::chrono::steady_clock::now();
  for (const auto duration : {std::chrono::milliseconds(1h), std::chrono::milliseconds(1'000'000'000'000'000)}) {
    const StopSource parent;
    const TimeLimit limit(duration, parent.token());
    EXPECT_TRUE(limit.token().sleep_for(5ms));
    EXPECT_FALSE(limit.is_up());
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, k_long);
}

class MaxDurationTest : public ::testing::Test {
 protected:
  Ran act(Result<Report> (*does)(const Context&), std::vector<std::string> options) {
    const std::vector<stages::Command> commands = {{"act", "acts", "", test::Access::create, {"max-duration"}, does}};
    options.insert(options.begin(), "act");
    return m_program.run_here(options, commands);
  }
  std::string note(const std::string& args) const {
    return "dbr: the time set by --max-duration is up; run the same command again to go on: dbr act " + args +
           " --root " + m_program.root().string() + "\n";
  }

  test::Program m_program;
};

Result<Report> stops_half_way(const Context& context) {
  if (context.stop.sleep_for(k_long)) return fail(ErrorKind::internal, "no stop came");
  return Report{"half of it", R"({"done":1})", ExitCode::interrupted};
}

Result<Report> is_cancelled(const Context& context) {
  if (context.stop.sleep_for(k_long)) return fail(ErrorKind::internal, "no stop came");
  return fail(ErrorKind::cancelled, "cancelled");
}

TEST_F(MaxDurationTest, TimeUpIsALimitReached) {
  const Ran ran = act(stops_half_way, {"--max-duration", "1ms"});
  EXPECT_EQ(ran.code, 10);
  EXPECT_EQ(ran.out, "half of it\n");
  EXPECT_EQ(ran.err, note("--max-duration 1ms"));
  EXPECT_EQ(act(stops_half_way, {"--max-duration=1ms", "--json"}).out, "{\"done\":1}\n");
}

TEST_F(MaxDurationTest, AsAnErrorToo) {
  const Ran ran = act(is_cancelled, {"--max-duration=1ms"});
  EXPECT_EQ(ran.code, 10);
  EXPECT_EQ(ran.err, note("--max-duration=1ms"));
  EXPECT_NE(act(is_cancelled, {"--max-duration=1ms", "--json"}).out.find("\"cancelled\""), std::string::npos);
}

TEST_F(MaxDurationTest, QuietJobsEndWithoutTheLine) {
  const Ran ran = act(stops_half_way, {"-q", "--max-duration=1ms"});
  EXPECT_EQ(ran.code, 10);
  EXPECT_EQ(ran.out, "half of it\n");
  EXPECT_EQ(ran.err, "");
}

TEST_F(MaxDurationTest, OtherEndingsKeepTheirCode) {
  const auto finishes = [](const Context& context) -> Result<Report> {
    if (context.stop.sleep_for(k_long)) return fail(ErrorKind::internal, "no stop came");
    return Report{"2 left", "{}", ExitCode::items_left};
  };
  const Ran ran = act(finishes, {"--max-duration=1ms"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_EQ(ran.err, "");
  const auto fails = [](const Context& context) -> Result<Report> {
    if (context.stop.sleep_for(k_long)) return fail(ErrorKind::internal, "no stop came");
    return fail(ErrorKind::disk_full, "full");
  };
  EXPECT_EQ(act(fails, {"--max-duration=1ms"}).code, 6);
}

TEST_F(MaxDurationTest, CtrlCWins) {
  // Before the time is up, and after.
  const auto before = [](const Context& context) {
    ::raise(SIGINT);
    return stops_half_way(context);
  };
  const auto after = [](const Context& context) -> Result<Report> {
    if (context.stop.sleep_for(k_long)) return fail(ErrorKind::internal, "no stop came");
    ::raise(SIGINT);
    ::raise(SIGINT);
    if (context.stop.sleep_for(k_long, StopLevel::abort)) return fail(ErrorKind::internal, "no abort came");
    return fail(ErrorKind::cancelled, "cancelled");
  };
  for (const Ran& ran : {act(before, {"-q", "--max-duration=1h"}), act(after, {"-q", "--max-duration=1ms"})}) {
    EXPECT_EQ(ran.code, 130);
    EXPECT_TRUE(ran.err.starts_with("dbr: interrupted; run the same command again to go on: dbr act ")) << ran.err;
  }
}

TEST_F(MaxDurationTest, EarlyEndWaitsForNobody) {
  const auto begin = std::chrono::steady_clock::now();
  const auto finishes = [](const Context&) -> Result<Report> { return Report{"all of it", "{}"}; };
  EXPECT_EQ(act(finishes, {"--max-duration=1h"}).code, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, k_long);
}

TEST_F(MaxDurationTest, InAFileItIsForTheCommandsThatTakeIt) {
  const auto goes_on = [](const Context& context) -> Result<Report> {
    const bool is_free = context.settings.max_duration && context.stop.sleep_for(20ms);
    return Report{is_free ? "free" : "limited", "{}"};
  };
  m_program.variables["DBR_MAX_DURATION"] = "1ms";
  EXPECT_EQ(m_program.act(goes_on).out, "free\n");
  EXPECT_EQ(act(stops_half_way, {}).code, 10);
}

}  // namespace
}  // namespace dbr::cli
