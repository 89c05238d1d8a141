// SPDX-License-Identifier: MIT
// Every exit code has a test that produces it.
#include <gtest/gtest.h>
#include <signal.h>

#include <new>
#include <set>

#include "dbr/cli/help.hpp"
#include "program.hpp"

namespace dbr::cli {
namespace {

using dataset::Access;
using test::Context;
using test::Ran;
using test::Report;

class ExitCodeTest : public ::testing::Test {
 protected:
  test::Program m_program;
};

TEST_F(ExitCodeTest, Ok) {
  EXPECT_EQ(m_program.act([](const Context&) -> Result<Report> { return Report{"x", "{}"}; }).code, 0);
}

TEST_F(ExitCodeTest, Internal) {
  const Ran thrown = m_program.act([](const Context&) -> Result<Report> { throw std::runtime_error("oh"); });
  EXPECT_EQ(thrown.code, 1);
  EXPECT_TRUE(thrown.err.starts_with("dbr: error: internal error: oh\n")) << thrown.err;
  const Ran memory = m_program.act([](const Context&) -> Result<Report> { throw std::bad_alloc(); });
  EXPECT_EQ(memory.code, 1);
  EXPECT_EQ(memory.err, "dbr: error: internal error: out of memory\n");
  EXPECT_EQ(m_program.act([](const Context&) -> Result<Report> { throw 7; }).code, 1);
}

TEST_F(ExitCodeTest, Usage) {
  EXPECT_EQ(m_program.run({"nonsense"}).code, 2);
  EXPECT_EQ(m_program.run_here({"fetch", "--tps", "fast"}).code, 2);
  m_program.variables["DBR_TPS"] = "fast";
  EXPECT_EQ(m_program.run_here({"fetch"}).code, 2);
}

TEST_F(ExitCodeTest, ConflictingBuckets) {
  EXPECT_EQ(m_program.run_here({"fetch", "--buckets", "10"}).code, 0);
  EXPECT_EQ(m_program.run_here({"fetch"}).code, 0);
  EXPECT_EQ(m_program.run_here({"fetch", "--buckets", "20"}).code, 2);
}

TEST_F(ExitCodeTest, ItemsLeft) {
  EXPECT_EQ(m_program.act([](const Context&) -> Result<Report> {
                       return Report{"x", "{}", ExitCode::items_left};
                     })
                .code,
            3);
}

TEST_F(ExitCodeTest, Mismatch) {
  EXPECT_EQ(m_program.act([](const Context&) -> Result<Report> {
                       return Report{"x", "{}", ExitCode::mismatch};
                     })
                .code,
            4);
}

TEST_F(ExitCodeTest, Network) {
  const Ran ran = m_program.act(
      [](const Context&) -> Result<Report> { return fail(ErrorKind::network, "cannot reach it", "wait"); }, {"--json"});
  EXPECT_EQ(ran.code, 5);
  EXPECT_EQ(ran.out, R"({"error":{"kind":"network","message":"cannot reach it","hint":"wait"}})"
                     "\n");
  EXPECT_EQ(ran.err, "dbr: error: cannot reach it\nhint: wait\n");
}

TEST_F(ExitCodeTest, Io) {
  EXPECT_EQ(m_program.act([](const Context&) -> Result<Report> { return fail(ErrorKind::disk_full, "full"); }).code, 6);
}

TEST_F(ExitCodeTest, ReportThatCannotBeWritten) {
  std::ostream out(nullptr);  // refuses everything
  std::ostringstream err;
  Environment env{.getenv = [](const std::string&) { return std::nullopt; },
                  .out = out,
                  .err = err,
                  .commands = test::fake_commands()};
  const std::string root = m_program.root().string();
  const std::vector<std::string_view> args = {"fetch", "--root", root};
  EXPECT_EQ(run_app(args, env), 6);
  EXPECT_EQ(err.str(), "dbr: error: cannot write to standard output\nhint: it is closed, or full\n");
  const std::vector<std::string_view> help = {"--help"};
  EXPECT_EQ(run_app(help, env), 6);
}

TEST_F(ExitCodeTest, Locked) {
  const auto holder = dataset::Dataset::open(m_program.root(), Access::create, "other", {});
  ASSERT_TRUE(holder);
  EXPECT_EQ(m_program.run_here({"fetch"}).code, 7);
  EXPECT_EQ(m_program.run_here({"status"}).code, 0);
}

TEST_F(ExitCodeTest, NotADataset) {
  EXPECT_EQ(m_program.run_here({"status"}).code, 8);
  EXPECT_EQ(m_program.run_here({"publish"}).code, 8);
}

TEST_F(ExitCodeTest, Refused) {
  EXPECT_EQ(m_program.act([](const Context&) -> Result<Report> { return fail(ErrorKind::remote_rejected, "no"); }).code,
            9);
}

TEST_F(ExitCodeTest, Limit) {
  EXPECT_EQ(m_program.act([](const Context&) -> Result<Report> {
                       return Report{"x", "{}", ExitCode::limit};
                     })
                .code,
            10);
}

TEST_F(ExitCodeTest, Interrupted) {
  const Ran ran = m_program.act(
      [](const Context& context) -> Result<Report> {
        ::raise(SIGINT);
        if (context.stop.sleep_for(std::chrono::seconds(20))) return fail(ErrorKind::internal, "no stop came");
        return Report{"half of it", "{}", ExitCode::interrupted};
      },
      {"-q"});
  EXPECT_EQ(ran.code, 130);
  EXPECT_EQ(ran.out, "half of it\n");
  EXPECT_EQ(ran.err, "dbr: interrupted; run the same command again to go on: dbr act -q --root " +
                         m_program.root().string() + "\n");
}

TEST_F(ExitCodeTest, CancelledIsNoErrorToReadAbout) {
  const Ran ran = m_program.act(
      [](const Context&) -> Result<Report> { return fail(ErrorKind::cancelled, "interrupted"); }, {"--json"});
  EXPECT_EQ(ran.code, 130);
  EXPECT_EQ(ran.err.find("error"), std::string::npos) << ran.err;
  EXPECT_NE(ran.out.find("\"cancelled\""), std::string::npos);
}

TEST_F(ExitCodeTest, TableNamesEveryCodeOfEveryKind) {
  std::set<int> listed;
  for (const ExitCodeRow& row : exit_codes()) listed.insert(static_cast<int>(row.code));
  EXPECT_EQ(listed, (std::set<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 130}));
}

}  // namespace
}  // namespace dbr::cli
