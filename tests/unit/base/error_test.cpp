// SPDX-License-Identifier: MIT
// Kinds, what they mean for retrying, and the order of the exit codes.
#include "dbr/base/error.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <vector>

#include "dbr/base/exit_code.hpp"
#include "dbr/base/result.hpp"

namespace dbr {
namespace {

TEST(ErrorTest, OneFailedItemStopsNothing) {
  for (const auto kind : {ErrorKind::not_found, ErrorKind::network, ErrorKind::throttled, ErrorKind::corrupt}) {
    EXPECT_FALSE(stops_stage(kind)) << to_string(kind);
  }
  for (const auto kind : {ErrorKind::io, ErrorKind::disk_full, ErrorKind::locked, ErrorKind::schema,
                          ErrorKind::remote_rejected, ErrorKind::cancelled, ErrorKind::internal}) {
    EXPECT_TRUE(stops_stage(kind)) << to_string(kind);
    EXPECT_FALSE(is_transient(kind)) << to_string(kind);
  }
  EXPECT_TRUE(is_transient(ErrorKind::network));
  EXPECT_TRUE(is_transient(ErrorKind::throttled));
}

TEST(ErrorTest, ErrnoBecomesAKindAndASentence) {
  const Error full = error_from_errno(ENOSPC, "write", "/data/a");
  EXPECT_EQ(full.kind, ErrorKind::disk_full);
  EXPECT_EQ(full.message, "cannot write /data/a: No space left on device");
  EXPECT_FALSE(full.hint.empty());
  EXPECT_EQ(error_from_errno(EDQUOT, "write", "a").kind, ErrorKind::disk_full);
  EXPECT_EQ(error_from_errno(EACCES, "open", "a").kind, ErrorKind::io);
}

TEST(ErrorTest, TryPassesAnErrorOn) {
  const auto half = [](int value) -> Result<int> {
    if (value % 2 != 0) return fail(ErrorKind::usage, "odd");
    return value / 2;
  };
  const auto quarter = [&](int value) -> Result<int> {
    DBR_TRY(const int once, half(value));
    DBR_TRY(const int twice, half(once));
    return twice;
  };
  EXPECT_EQ(quarter(8), 2);
  EXPECT_EQ(quarter(6).error().message, "odd");
}

TEST(ExitCodeTest, EveryKindHasItsCode) {
  EXPECT_EQ(exit_code_for(ErrorKind::cancelled), ExitCode::interrupted);
  EXPECT_EQ(exit_code_for(ErrorKind::usage), ExitCode::usage);
  EXPECT_EQ(exit_code_for(ErrorKind::config), ExitCode::usage);
  EXPECT_EQ(exit_code_for(ErrorKind::network), ExitCode::network);
  EXPECT_EQ(exit_code_for(ErrorKind::throttled), ExitCode::network);
  EXPECT_EQ(exit_code_for(ErrorKind::remote_rejected), ExitCode::refused);
  EXPECT_EQ(exit_code_for(ErrorKind::io), ExitCode::io);
  EXPECT_EQ(exit_code_for(ErrorKind::disk_full), ExitCode::io);
  EXPECT_EQ(exit_code_for(ErrorKind::locked), ExitCode::locked);
  EXPECT_EQ(exit_code_for(ErrorKind::schema), ExitCode::not_a_dataset);
  EXPECT_EQ(exit_code_for(ErrorKind::corrupt), ExitCode::mismatch);
  EXPECT_EQ(exit_code_for(ErrorKind::internal), ExitCode::internal);
}

TEST(ExitCodeTest, TheFirstOfTheOrderWins) {
  const std::vector<int> order = {130, 1, 2, 6, 7, 8, 9, 5, 10, 4, 3, 0};
  for (std::size_t first = 0; first < order.size(); ++first) {
    for (std::size_t second = first; second < order.size(); ++second) {
      const auto a = static_cast<ExitCode>(order[first]);
      const auto b = static_cast<ExitCode>(order[second]);
      EXPECT_EQ(most_important(a, b), a) << order[first] << " " << order[second];
      EXPECT_EQ(most_important(b, a), a) << order[first] << " " << order[second];
    }
  }
}

}  // namespace
}  // namespace dbr
