// SPDX-License-Identifier: MIT
// No query that runs per batch or per item walks a whole table: each plan only searches. The plans are printed, so that
// `unit_dataset --gtest_filter=QueryPlan*` shows them.
#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>

#include "dbr/dataset/dataset.hpp"
#include "queries.hpp"

namespace dbr::dataset {
namespace {

struct Query {
  std::string name;
  std::string_view sql;
};

class QueryPlanTest : public testing::TestWithParam<Query> {
 protected:
  void SetUp() override {
    m_root =
        std::filesystem::temp_directory_path() / ("dbr-plan-" + GetParam().name + "-" + std::to_string(::getpid()));
  }
  void TearDown() override { std::filesystem::remove_all(m_root); }
  std::filesystem::path m_root;
};

TEST_P(QueryPlanTest, OnlySearches) {
  const auto dataset = Dataset::open(m_root, Access::create, "test", {});
  ASSERT_TRUE(dataset) << dataset.error().message;
  auto database = dataset->connect();
  ASSERT_TRUE(database);
  auto plan = database->prepare("EXPLAIN QUERY PLAN " + std::string(GetParam().sql));
  ASSERT_TRUE(plan) << plan.error().message;
  std::cout << GetParam().name << ":\n";
  int steps = 0;
  for (;;) {
    const auto is_row = plan->step();
    ASSERT_TRUE(is_row);
    if (!*is_row) break;
    const std::string_view step = plan->text(3);
    std::cout << "  " << step << '\n';
    EXPECT_TRUE(step.starts_with("SEARCH")) << step;
    ++steps;
  }
  EXPECT_GT(steps, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Queries, QueryPlanTest,
    testing::Values(Query{"WantedSpans", k_wanted_spans}, Query{"WantedOriginals", k_wanted_originals},
                    Query{"WantedSpansFalling", k_wanted_spans_falling},
                    Query{"WantedOriginalsFalling", k_wanted_originals_falling}, Query{"SetAside", k_set_aside},
                    Query{"WantedTotals", k_wanted_totals}, Query{"WantedMl", k_wanted_ml}, Query{"Held", k_held},
                    Query{"KnownPost", k_known_post}, Query{"PlacedPath", k_placed_path},
                    Query{"PlacedBetween", k_placed_between}, Query{"StoredPost", k_stored_post},
                    Query{"StoredPostFacts", k_stored_post_facts}, Query{"StoredRecord", k_stored_record},
                    Query{"RenewOriginal", k_renew_original}, Query{"RenewMl", k_renew_ml},
                    Query{"RenewPlaced", k_renew_placed}),
    [](const auto& query) { return query.param.name; });

}  // namespace
}  // namespace dbr::dataset
