// SPDX-License-Identifier: MIT
// The runner's promises: each item once, one writer, stop and limits honoured, errors leave items where they were.
#include "dbr/pipeline/runner.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

namespace dbr::pipeline {
namespace {

struct Item {
  PostId id = 0;
};
struct Outcome : OutcomeFacts {};

// Items are numbers in a set; committing removes them, as a manifest's queue would.
class FakeStage : public ItemStage<Item, Outcome> {
 public:
  explicit FakeStage(PostId count) {
    for (PostId id = 1; id <= count; ++id) wanted.insert(id);
  }

  Result<std::vector<Item>> next(bool from_start, int limit) override {
    if (from_start) after = 0;
    if (throws_in_next) throw std::runtime_error("bug");
    std::scoped_lock lock(mutex);
    std::vector<Item> items;
    for (auto at = wanted.upper_bound(after); at != wanted.end() && static_cast<int>(items.size()) < limit; ++at) {
      items.push_back({*at});
      after = *at;
    }
    return items;
  }

  Outcome process(const Item& item) override {
    ++processed;
    if (on_process) return on_process(item);
    return {{.id = item.id, .bytes = 10}};
  }

  Result<void> commit(std::vector<Outcome>& outcomes) override {
    EXPECT_EQ(std::this_thread::get_id(), writer) << "a stage has one writer";
    if (commit_error) return fail(*commit_error);
    std::scoped_lock lock(mutex);
    for (const Outcome& outcome : outcomes) {
      EXPECT_EQ(wanted.erase(outcome.id), 1U) << "item " << outcome.id << " was done twice";
    }
    return {};
  }

  Result<void> note_left(std::vector<Outcome>& outcomes) override {
    EXPECT_EQ(std::this_thread::get_id(), writer);
    for (const Outcome& outcome : outcomes) EXPECT_TRUE(left.insert(outcome.id).second);
    return {};
  }

  Result<bool> check_source() override {
    EXPECT_EQ(std::this_thread::get_id(), writer);
    ++source_checks;
    return source_error ? Result<bool>(fail(*source_error)) : is_known_sound;
  }

  std::mutex mutex;
  PostId after = 0;
  int source_checks = 0;
  std::optional<Error> source_error;
  bool is_known_sound = true;  // false: it cannot tell
  std::set<PostId> wanted;
  std::set<PostId> left;
  bool throws_in_next = false;
  std::atomic<int> processed{0};
  std::function<Outcome(const Item&)> on_process;
  std::optional<Error> commit_error;
  const std::thread::id writer = std::this_thread::get_id();
};

struct RunnerTest : testing::Test {
  Result<RunSummary> run(FakeStage& stage, RunLimits limits = {.threads = 3}) {
    return run_items(stage, limits, stop.token(), meter);
  }
  StopSource stop;
  Meter meter{"test"};
};

TEST_F(RunnerTest, DoesEveryItemOnce) {
  FakeStage stage(1000);
  const auto summary = run(stage);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->done, 1000);
  EXPECT_EQ(stage.processed, 1000);
  EXPECT_TRUE(stage.wanted.empty());
  EXPECT_EQ(meter.facts().done, 1000);
  EXPECT_EQ(meter.facts().bytes, 10'000);
}

TEST_F(RunnerTest, ItemsWithErrorsStayWhereTheyAre) {
  FakeStage stage(20);
  stage.on_process = [](const Item& item) {
    Outcome outcome{{.id = item.id}};
    if (item.id % 5 == 0) outcome.error = Error{ErrorKind::network, "reset"};
    return outcome;
  };
  const auto summary = run(stage);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->left, 4);
  EXPECT_EQ(summary->done, 16);
  EXPECT_EQ(stage.wanted, (std::set<PostId>{5, 10, 15, 20}));
  EXPECT_FALSE(summary->stopped_by);
}

TEST_F(RunnerTest, StopsWhenEverythingFailsInOneWay) {
  FakeStage stage(100'000);
  stage.on_process = [](const Item& item) {
    return Outcome{{.id = item.id, .error = Error{ErrorKind::network, "gone"}}};
  };
  const auto summary = run(stage);
  ASSERT_TRUE(summary);
  ASSERT_TRUE(summary->stopped_by);
  EXPECT_EQ(summary->stopped_by->kind, ErrorKind::network);
  EXPECT_LT(stage.processed, 20'000);
  EXPECT_EQ(stage.wanted.size(), 100'000U);
}

TEST_F(RunnerTest, AStageStoppingErrorEndsTheRunAndKeepsWhatWasDone) {
  FakeStage stage(10'000);
  stage.on_process = [](const Item& item) {
    Outcome outcome{{.id = item.id}};
    if (item.id == 50) outcome.error = Error{ErrorKind::disk_full, "no space"};
    return outcome;
  };
  const auto summary = run(stage);
  ASSERT_TRUE(summary);
  ASSERT_TRUE(summary->stopped_by);
  EXPECT_EQ(summary->stopped_by->kind, ErrorKind::disk_full);
  EXPECT_GE(summary->done, 49);
  EXPECT_EQ(stage.wanted.size(), 10'000U - static_cast<std::size_t>(summary->done));
}

TEST_F(RunnerTest, DrainFinishesWhatIsInFlight) {
  FakeStage stage(100'000);
  stage.on_process = [&](const Item& item) {
    if (item.id == 100) stop.request_stop(StopLevel::drain);
    return Outcome{{.id = item.id}};
  };
  const auto summary = run(stage);
  ASSERT_TRUE(summary);
  EXPECT_TRUE(summary->is_interrupted);
  EXPECT_EQ(summary->done, stage.processed);
  EXPECT_LT(stage.processed, 1000);
}

TEST_F(RunnerTest, MaxErrorsLimits) {
  FakeStage stage(100'000);
  stage.on_process = [](const Item& item) { return Outcome{{.id = item.id, .is_failure = true}}; };
  const auto summary = run(stage, {.threads = 1, .max_errors = 3});
  ASSERT_TRUE(summary);
  EXPECT_TRUE(summary->is_limited);
  EXPECT_LT(stage.processed, 20'000);
}

// Items from `first` on fail; the one with ID 30 is fine.
std::function<Outcome(const Item&)> failing_from(PostId first) {
  return [first](const Item& item) {
    const bool is_fine = item.id < first || item.id == 30;
    return Outcome{{.id = item.id, .bytes = is_fine ? 10 : 0, .is_suspect = !is_fine}};
  };
}

TEST_F(RunnerTest, ManyThatFailAreSettledWhenTheSourceIsSound) {
  FakeStage stage(100);
  stage.on_process = failing_from(1);
  const auto summary = run(stage, {.threads = 1});
  ASSERT_TRUE(summary);
  EXPECT_FALSE(summary->stopped_by);
  EXPECT_EQ(summary->done, 100);
  EXPECT_EQ(stage.source_checks, 5);  // after 20, after 50, 70 and 90, and at the end
}

TEST_F(RunnerTest, NothingIsSettledOnTheWordOfABrokenSource) {
  FakeStage stage(5'000);
  stage.on_process = failing_from(15);
  stage.source_error = Error{ErrorKind::network, "the source is broken"};
  const auto summary = run(stage, {.threads = 1});
  ASSERT_TRUE(summary);
  ASSERT_TRUE(summary->stopped_by);
  EXPECT_EQ(summary->stopped_by->message, "the source is broken");
  EXPECT_EQ(stage.source_checks, 1);
  // 15 to 29 were shown to be the items' fault by 30; 31 to 50 were not.
  EXPECT_FALSE(stage.wanted.contains(29));
  for (PostId id = 31; id <= 50; ++id) EXPECT_TRUE(stage.wanted.contains(id) && stage.left.contains(id)) << id;
}

TEST_F(RunnerTest, ItemsThatAreLeftAreSuspectedToo) {
  FakeStage stage(5'000);
  stage.on_process = [](const Item& item) {
    return Outcome{{.id = item.id, .error = Error{ErrorKind::not_found, "404"}}};
  };
  stage.source_error = Error{ErrorKind::network, "the source is broken"};
  const auto summary = run(stage, {.threads = 1});
  ASSERT_TRUE(summary);
  EXPECT_TRUE(summary->stopped_by);
  EXPECT_EQ(stage.wanted.size(), 5'000U);
}

TEST_F(RunnerTest, FewThatFailAreSettledAtTheEnd) {
  FakeStage stage(19);
  stage.on_process = failing_from(1);
  const auto summary = run(stage);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->done, 19);
  EXPECT_EQ(stage.source_checks, 1);
}

TEST_F(RunnerTest, FewThatFailOnABrokenSourceAreLeft) {
  FakeStage stage(5);
  stage.on_process = failing_from(3);
  stage.source_error = Error{ErrorKind::network, "the source is broken"};
  const auto summary = run(stage, {.threads = 1});
  ASSERT_TRUE(summary);
  EXPECT_TRUE(summary->stopped_by);
  EXPECT_EQ(stage.wanted, (std::set<PostId>{3, 4, 5}));
}

TEST_F(RunnerTest, WithNothingToTellByFewAreBelievedAndManyAreNot) {
  FakeStage few(5);
  few.on_process = failing_from(1);
  few.is_known_sound = false;
  EXPECT_EQ(run(few)->done, 5);
  FakeStage many(29);
  many.on_process = failing_from(1);
  many.is_known_sound = false;
  const auto summary = run(many, {.threads = 1});
  ASSERT_TRUE(summary && summary->stopped_by);
  EXPECT_EQ(summary->stopped_by->kind, ErrorKind::network);
  EXPECT_EQ(summary->done, 0);
}

TEST_F(RunnerTest, SuspectsOfAnInterruptedRunAreLookedAtAgain) {
  FakeStage stage(10);
  stage.on_process = [&](const Item& item) {
    if (item.id == 10) stop.request_stop(StopLevel::drain);
    return Outcome{{.id = item.id, .is_suspect = true}};
  };
  const auto summary = run(stage, {.threads = 1});
  ASSERT_TRUE(summary && summary->is_interrupted);
  EXPECT_EQ(stage.wanted.size(), 10U);
  EXPECT_EQ(stage.source_checks, 0);
}

TEST_F(RunnerTest, RefusalsOfItemsDoNotStopASoundSource) {
  FakeStage stage(50);
  stage.on_process = [](const Item& item) {
    return Outcome{{.id = item.id, .error = Error{ErrorKind::remote_rejected, "403"}}};
  };
  const auto summary = run(stage, {.threads = 1});
  ASSERT_TRUE(summary);
  EXPECT_FALSE(summary->stopped_by);
  EXPECT_EQ(summary->left, 50);
}

TEST_F(RunnerTest, StopsWhenALimitIsSpent) {
  FakeStage stage(100'000);
  const auto summary = run(stage, {.threads = 2, .is_spent = [&] { return stage.processed >= 50; }});
  ASSERT_TRUE(summary);
  EXPECT_TRUE(summary->is_limited);
  EXPECT_LT(summary->done, 20'000);
}

TEST_F(RunnerTest, OneRefusalConcernsTheItemThreeInARowConcernUs) {
  FakeStage stage(1000);
  stage.on_process = [](const Item& item) {
    Outcome outcome{{.id = item.id}};
    if (item.id == 20 || item.id >= 100) outcome.error = Error{ErrorKind::remote_rejected, "403"};
    return outcome;
  };
  stage.source_error = Error{ErrorKind::network, "403 for everything"};
  const auto summary = run(stage, {.threads = 1});
  ASSERT_TRUE(summary);
  ASSERT_TRUE(summary->stopped_by);
  EXPECT_EQ(summary->stopped_by->kind, ErrorKind::remote_rejected);
  EXPECT_EQ(summary->done, 98);
  EXPECT_EQ(stage.left.size(), static_cast<std::size_t>(summary->left));
}

TEST_F(RunnerTest, AFedQueueThatKeepsALeftItemEnds) {
  FakeStage stage(10);
  stage.on_process = [](const Item& item) {
    Outcome outcome{{.id = item.id}};
    if (item.id == 5) outcome.error = Error{ErrorKind::corrupt, "vanished"};
    return outcome;
  };
  const auto summary = run(stage, {.threads = 2, .is_fed = [] { return false; }});
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->left, 1);
  EXPECT_EQ(stage.processed, 10);
}

TEST_F(RunnerTest, AThrowingQueueEndsTheRun) {
  FakeStage stage(1000);
  stage.throws_in_next = true;
  EXPECT_THROW((void)run(stage), std::runtime_error);
}

TEST_F(RunnerTest, AFailingCommitIsTheResult) {
  FakeStage stage(10);
  stage.commit_error = Error{ErrorKind::io, "read-only file system"};
  const auto summary = run(stage);
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().kind, ErrorKind::io);
}

TEST_F(RunnerTest, AThrowingWorkerEndsTheRun) {
  FakeStage stage(1000);
  stage.on_process = [](const Item& item) -> Outcome {
    if (item.id == 7) throw std::logic_error("bug");
    return {{.id = item.id}};
  };
  EXPECT_THROW((void)run(stage), std::logic_error);
}

TEST_F(RunnerTest, AFedQueueIsReadAgainFromTheStart) {
  FakeStage stage(0);
  std::atomic<bool> is_feeding{true};
  std::thread feeder([&] {
    // Descending, so that most items appear behind the cursor.
    for (PostId id = 300; id >= 1; --id) {
      std::scoped_lock lock(stage.mutex);
      stage.wanted.insert(id);
    }
    is_feeding = false;
  });
  const auto summary = run(stage, {.threads = 2, .is_fed = [&] { return is_feeding.load(); }});
  feeder.join();
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->done, 300);
  EXPECT_EQ(stage.processed, 300);
}

}  // namespace
}  // namespace dbr::pipeline
