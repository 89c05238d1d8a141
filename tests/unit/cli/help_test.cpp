// SPDX-License-Identifier: MIT
#include "dbr/cli/help.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "dbr/cli/options.hpp"
#include "dbr/cli/parse.hpp"
#include "dbr/cli/text.hpp"
#include "program.hpp"

namespace dbr::cli {
namespace {

void expect_fits(const std::string& text, std::string_view what) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 80U) << what << ": " << line;
    EXPECT_FALSE(line.ends_with(' ')) << what << ": '" << line << "'";
  }
  EXPECT_TRUE(text.ends_with('\n')) << what;
}

TEST(HelpTest, FitsInEightyColumns) {
  for (const auto commands : {test::fake_commands(), stages::commands()}) {
    expect_fits(format_help(commands), "--help");
    expect_fits(format_overview(commands), "overview");
    for (const auto& command : commands) expect_fits(format_command_help(command), command.name);
  }
}

TEST(HelpTest, AGroupListsItsCommands) {
  for (const auto commands : {test::fake_commands(), stages::commands()}) {
    const std::string text = format_group_help(commands, "torrent");
    expect_fits(text, "torrent");
    EXPECT_NE(text.find("\n  torrent show "), std::string::npos);
    EXPECT_EQ(text.find("\n  build "), std::string::npos);
  }
}

// A command that takes every option shows every line the table can make.
TEST(HelpTest, EveryOptionFits) {
  stages::Command all{"all", "takes everything", "", dataset::Access::write, {}, nullptr};
  for (const Option& option : options()) all.options.push_back(option.name);
  const std::string text = format_command_help(all);
  expect_fits(text, "all");
  for (const Option& option : options()) {
    if (!option.in_flags) continue;
    EXPECT_NE(text.find("--" + std::string(option.name)), std::string::npos) << option.name;
  }
}

TEST(HelpTest, RealCommandsOnlyListOptionsOfTheTable) {
  for (const auto& command : stages::commands()) {
    for (const auto name : command.options) {
      const Option* option = find_option(name);
      ASSERT_NE(option, nullptr) << command.name << " --" << name;
      EXPECT_NE(option->group, Group::global) << command.name << " --" << name;
    }
  }
}

TEST(HelpTest, OverviewNamesAllCommandsInGroups) {
  const std::string text = format_help(test::fake_commands());
  for (const auto& command : test::fake_commands()) EXPECT_NE(text.find(command.summary), std::string::npos);
  EXPECT_LT(text.find("Stages"), text.find("fetch"));
  EXPECT_LT(text.find("The whole job"), text.find("Looking"));
  EXPECT_NE(text.find("  130  interrupted"), std::string::npos);
}

TEST(HelpTest, ExitCodesFollowFromTheCommand) {
  const auto commands = test::fake_commands();
  EXPECT_NE(format_command_help(commands[0]).find("Exit codes: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 130"),
            std::string::npos);
  EXPECT_NE(format_command_help(commands[3]).find("Exit codes: 0, 1, 2, 3, 4, 6, 8, 130"), std::string::npos);
  const stages::Command of_paths{"compare", "", "", dataset::Access::none, {}, nullptr};
  EXPECT_NE(format_command_help(of_paths).find("Exit codes: 0, 1, 2, 3, 4, 6, 130"), std::string::npos);
}

TEST(TextTest, FillsParagraphs) {
  EXPECT_EQ(fill("aaa bbb ccc", 2, 9), "aaa bbb\n  ccc");
  EXPECT_EQ(fill("one\n\ntwo", 2, 20), "one\n\n  two");
  EXPECT_EQ(fill("", 2), "");
  EXPECT_EQ(format_row("--name", "text", 12), "  --name    text\n");
  EXPECT_EQ(format_row("--a-long-name", "text", 12), "  --a-long-name\n            text\n");
}

TEST(TextTest, QuotesForTheShell) {
  EXPECT_EQ(shell_quote("--root=/data/x"), "--root=/data/x");
  EXPECT_EQ(shell_quote(""), "''");
  EXPECT_EQ(shell_quote("a b"), "'a b'");
  EXPECT_EQ(shell_quote("it's"), "'it'\\''s'");
}

}  // namespace
}  // namespace dbr::cli
