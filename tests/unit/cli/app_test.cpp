// SPDX-License-Identifier: MIT
// The program as a whole: what goes where, in which form.
#include "dbr/cli/app.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "dbr/base/version.hpp"
#include "program.hpp"

namespace dbr::cli {
namespace {

using test::Context;
using test::Ran;
using test::Report;
using Json = nlohmann::json;

class AppTest : public ::testing::Test {
 protected:
  test::Program m_program;
};

TEST_F(AppTest, ReportGoesToStdout) {
  const Ran ran = m_program.run_here({"fetch", "--tps", "2"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(ran.out, "fetched at 2.000000\n");
  EXPECT_EQ(ran.err, "");
}

TEST_F(AppTest, JsonReport) {
  EXPECT_EQ(m_program.run_here({"fetch", "--json"}).out, "{\"fetched\":1}\n");
  m_program.variables["DBR_JSON"] = "1";
  EXPECT_EQ(m_program.run_here({"status"}).out, "{\"well\":true}\n");
}

TEST_F(AppTest, QuietJobsSaySomethingOnlyWhenThereIsReason) {
  EXPECT_EQ(m_program.run_here({"fetch", "-q"}).out, "");
  EXPECT_EQ(m_program.run_here({"status", "-q"}).out, "all is well\n");
  EXPECT_EQ(m_program.run_here({"fetch", "-qn"}).out, "fetched at 1.000000\n");
  EXPECT_EQ(m_program.run_here({"fetch", "-q", "--json"}).out, "{\"fetched\":1}\n");
  const auto leaves = [](const Context&) -> Result<Report> { return Report{"2 left", "{}", ExitCode::items_left}; };
  EXPECT_EQ(m_program.act(leaves, {"-q"}).out, "2 left\n");
}

TEST_F(AppTest, PositionalArgumentsReachTheCommand) {
  m_program.run_here({"fetch"});
  EXPECT_EQ(m_program.run({"--root", m_program.root().string(), "path", "7", "--", "-8"}).out, "7\n-8\n");
  EXPECT_EQ(m_program.run({"--root", m_program.root().string(), "path", "7", "8"}).out, "7\n8\n");
}

TEST_F(AppTest, AGroupAloneListsItsCommands) {
  const Ran ran = m_program.run({"torrent"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(ran.err.find("\n  torrent plan "), std::string::npos) << ran.err;
  EXPECT_EQ(m_program.run({"torrent", "--help"}).out, ran.err);
  EXPECT_EQ(m_program.run({"torrent", "--json"}).err,
            "dbr: error: no command of torrent is given\nhint: see dbr torrent --help\n");
  EXPECT_EQ(m_program.run_here({"torrent", "show", "x"}).out, "x\n");
}

TEST_F(AppTest, ErrorsForPeople) {
  const Ran ran = m_program.run_here({"fetch", "--yaer", "2017"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "dbr: error: unknown option --yaer\nhint: did you mean --year?\n");
}

TEST_F(AppTest, ErrorsForScripts) {
  // Even where the command line itself is what is wrong.
  for (const auto& args : std::vector<std::vector<std::string>>{{"--json", "--log-format=json", "fetch", "--yaer"},
                                                                {"status", "--json", "--log-format", "json"}}) {
    const Ran ran = m_program.run_here(args);
    const Json document = Json::parse(ran.out);
    const Json line = Json::parse(ran.err);
    EXPECT_NE(ran.code, 0);
    EXPECT_EQ(document["error"]["kind"], ran.code == 2 ? "usage" : "schema");
    EXPECT_EQ(document["error"]["message"], line["message"]);
    EXPECT_EQ(document["error"]["hint"], line["hint"]);
    EXPECT_EQ(line["level"], "error");
    EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 1);
  }
}

TEST_F(AppTest, AnyBytesInArgumentsGiveJson) {
  const Ran ran = m_program.run({"--json", "b\xff\x1b[31m"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_TRUE(Json::accept(ran.out)) << ran.out;
  EXPECT_EQ(ran.err.find('\x1b'), std::string::npos);
}

TEST_F(AppTest, NothingAtAllShowsTheOverview) {
  const Ran ran = m_program.run({});
  EXPECT_EQ(ran.code, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(ran.err.find("Usage: dbr COMMAND"), std::string::npos);
  EXPECT_EQ(Json::parse(m_program.run({"--json"}).out)["error"]["kind"], "usage");
}

TEST_F(AppTest, HelpAndVersionTouchNothing) {
  m_program.variables["DBR_TPS"] = "broken";
  m_program.variables["DBR_CONFIG"] = "/no/such/file";
  const std::string number = R"([0-9]+\.[0-9]+\.[0-9]+)";
  const std::regex line("dbr " + std::string(version()) + " \\(libcurl " + number + "\\S*, SQLite " + number +
                        "\\S*, libvips " + number + "\\)\n");
  const std::string printed = m_program.run_here({"--version"}).out;
  EXPECT_TRUE(std::regex_match(printed, line)) << printed;
  for (const auto& args : std::vector<std::vector<std::string>>{{"--help"}, {"fetch", "--help"}, {"help", "fetch"}}) {
    const Ran ran = m_program.run_here(args);
    EXPECT_EQ(ran.code, 0);
    EXPECT_NE(ran.out.find("Usage: dbr"), std::string::npos);
    EXPECT_EQ(ran.err, "");
  }
  EXPECT_FALSE(std::filesystem::exists(m_program.root()));
}

TEST_F(AppTest, CredentialsAreInNoOutput) {
  m_program.variables["DBR_LOGIN"] = "hush-name";
  m_program.variables["DBR_API_KEY"] = "hush-key";
  const auto sees = [](const Context& c) -> Result<Report> {
    return Report{c.settings.api_key == "hush-key" && c.settings.login == "hush-name" ? "seen" : "not seen", "{}"};
  };
  EXPECT_EQ(m_program.act(sees).out, "seen\n");
  std::string all;
  for (const auto& args : std::vector<std::vector<std::string>>{{"--help"},
                                                                {"fetch", "--help"},
                                                                {"fetch", "-v"},
                                                                {"fetch", "--api-key", "hush-key"},
                                                                {"fetch", "--api-key=hush-key"},
                                                                {"--login=hush-name", "status"},
                                                                {"fetch", "--json", "--login", "hush-name"}}) {
    const Ran ran = m_program.run_here(args);
    all += ran.out + ran.err;
  }
  EXPECT_EQ(all.find("hush"), std::string::npos) << all;
}

TEST_F(AppTest, ColorOnlyOnTheWord) {
  EXPECT_EQ(m_program.run({"--color=always", "nonsense"}).err.substr(0, 21), "dbr: \x1b[31merror:\x1b[0m ");
}

}  // namespace
}  // namespace dbr::cli
