// SPDX-License-Identifier: MIT
#include "dbr/cli/parse.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "program.hpp"
#include "support/must.hpp"

namespace dbr::cli {
namespace {

using Words = std::vector<std::string_view>;

Result<ParsedArgs> parse(const Words& words) {
  return parse_args(words, test::fake_commands());
}

Error error_of(const Words& words) {
  const auto parsed = parse(words);
  return parsed ? Error{ErrorKind::internal, "no error"} : parsed.error();
}

std::vector<std::string> texts_of(const ParsedArgs& parsed, std::string_view name) {
  for (const Setting& setting : parsed.flags) {
    if (setting.option->name == name) return setting.texts;
  }
  return {};
}

TEST(ParseTest, OptionsBeforeAndBehindTheCommand) {
  const auto parsed =
      test::must(parse({"-q", "--root", "/a", "fetch", "--tps=2", "-j4", "--log-format", "json", "-n"}));
  EXPECT_EQ(parsed.command->name, "fetch");
  EXPECT_EQ(texts_of(parsed, "root"), std::vector<std::string>{"/a"});
  EXPECT_EQ(texts_of(parsed, "tps"), std::vector<std::string>{"2"});
  EXPECT_EQ(texts_of(parsed, "jobs"), std::vector<std::string>{"4"});
  EXPECT_EQ(texts_of(parsed, "quiet"), std::vector<std::string>{"true"});
  EXPECT_EQ(texts_of(parsed, "dry-run"), std::vector<std::string>{"true"});
}

TEST(ParseTest, ValuesThatLookLikeSomethingElse) {
  const auto parsed =
      test::must(parse({"fetch", "--ids", "-", "--max-errors", "-5", "--root", "status", "--site", ""}));
  EXPECT_EQ(texts_of(parsed, "ids"), std::vector<std::string>{"-"});
  EXPECT_EQ(texts_of(parsed, "max-errors"), std::vector<std::string>{"-5"});
  EXPECT_EQ(texts_of(parsed, "root"), std::vector<std::string>{"status"});
  EXPECT_EQ(texts_of(parsed, "site"), std::vector<std::string>{""});
}

TEST(ParseTest, ClustersAndSwitchValues) {
  const auto parsed = test::must(parse({"publish", "-nj2", "--finish=no"}));
  EXPECT_EQ(texts_of(parsed, "dry-run"), std::vector<std::string>{"true"});
  EXPECT_EQ(texts_of(parsed, "jobs"), std::vector<std::string>{"2"});
  EXPECT_EQ(texts_of(parsed, "finish"), std::vector<std::string>{"no"});
}

TEST(ParseTest, RepeatableOptionsCollect) {
  const auto parsed = test::must(parse({"publish", "--tracker", "a", "--tracker", "b", "--format", "x,y"}));
  EXPECT_EQ(texts_of(parsed, "tracker"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(texts_of(parsed, "format"), std::vector<std::string>{"x,y"});
}

TEST(ParseTest, Positional) {
  EXPECT_EQ(test::must(parse({"path", "1", "-q", "2"})).positional, (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(test::must(parse({"path", "--", "-5"})).positional, std::vector<std::string>{"-5"});
  EXPECT_EQ(error_of({"status", "--", "--tps"}).message, "unexpected argument --tps");
  EXPECT_EQ(error_of({"status", "12"}).message, "unexpected argument 12");
  EXPECT_EQ(error_of({"fetch", "status"}).message, "unexpected argument status");
}

TEST(ParseTest, NoCommandTakesAnOptionOfAnother) {
  for (const stages::Command& command : stages::commands()) {
    Words words;
    if (!command.group().empty()) words.push_back(command.group());
    words.push_back(command.word());
    for (const Option& option : options()) {
      const bool is_its_own = std::ranges::find(command.options, option.name) != command.options.end();
      if (option.group == Group::global || !option.in_flags || is_its_own) continue;
      const std::string flag = fmt::format("--{}", option.name);
      const std::string with_value = flag + "=7";
      Words all = words;
      all.push_back(option.is_switch() ? flag : with_value);
      const auto parsed = parse_args(all, std::span(&command, 1));
      ASSERT_FALSE(parsed) << command.name << " " << flag;
      EXPECT_EQ(parsed.error().kind, ErrorKind::usage);
      EXPECT_EQ(parsed.error().message, fmt::format("{} does not take {}", command.name, flag));
    }
  }
}

TEST(ParseTest, UnknownOptionsSuggest) {
  const Error error = error_of({"fetch", "--yaer", "2017"});
  EXPECT_EQ(error.kind, ErrorKind::usage);
  EXPECT_EQ(error.message, "unknown option --yaer");
  EXPECT_EQ(error.hint, "did you mean --year?");
  EXPECT_EQ(error_of({"--jsno", "status"}).hint, "did you mean --json?");
  EXPECT_EQ(error_of({"status", "-z"}).message, "unknown option -z");
  EXPECT_EQ(error_of({"status", "-z"}).hint, "see dbr status --help");
  EXPECT_EQ(error_of({"path", "--rot", "1"}).hint, "did you mean --root?");
}

TEST(ParseTest, OptionsOfOtherCommands) {
  EXPECT_EQ(error_of({"status", "--tps", "3"}).message, "status does not take --tps");
  EXPECT_EQ(error_of({"--tps", "3", "fetch"}).hint, "see dbr fetch --help");
}

TEST(ParseTest, UnknownCommandsSuggest) {
  EXPECT_EQ(error_of({"fecth", "--year", "2017"}).message, "unknown command fecth");
  EXPECT_EQ(error_of({"fecth"}).hint, "did you mean fetch?");
  EXPECT_EQ(error_of({"nonsense", "--help"}).hint, "see dbr --help");
}

TEST(ParseTest, MissingValues) {
  EXPECT_EQ(error_of({"fetch", "--tps"}).message, "--tps needs a value: a number above 0");
  EXPECT_EQ(error_of({"fetch", "-nj"}).message, "--jobs needs a value: a whole number from 1 to 256");
  EXPECT_EQ(error_of({"fetch", "--tps=", "2"}).message, "--tps needs a value: a number above 0");
}

TEST(ParseTest, RepeatedOptions) {
  EXPECT_EQ(error_of({"fetch", "--tps", "1", "--tps", "2"}).message, "--tps is given 2 times");
  EXPECT_TRUE(parse({"status", "-v", "-v"}));
}

TEST(ParseTest, CredentialsAreNoFlags) {
  for (const std::string_view flag : {"--api-key=hush", "--login=hush", "--api-key-file=hush"}) {
    const Error error = error_of({"fetch", flag});
    EXPECT_EQ(error.kind, ErrorKind::usage);
    EXPECT_EQ((error.message + error.hint).find("hush"), std::string::npos) << error.message;
  }
  EXPECT_EQ(error_of({"--api-key", "hush", "fetch"}).hint,
            "set DBR_API_KEY in the environment, or api_key in the configuration file");
}

TEST(ParseTest, Help) {
  EXPECT_TRUE(test::must(parse({"--help"})).help);
  EXPECT_EQ(test::must(parse({"help", "fetch"})).command->name, "fetch");
  EXPECT_TRUE(test::must(parse({"fetch", "-h", "--bogus"})).help);
  EXPECT_TRUE(test::must(parse({"--version"})).version);
}

TEST(ParseTest, CommandsOfTwoWords) {
  const auto parsed = test::must(parse({"-q", "torrent", "--json", "show", "--files", "a", "plan"}));
  EXPECT_EQ(parsed.command->name, "torrent show");
  EXPECT_EQ(texts_of(parsed, "json"), std::vector<std::string>{"true"});
  EXPECT_EQ(texts_of(parsed, "files"), std::vector<std::string>{"true"});
  EXPECT_EQ(parsed.positional, (std::vector<std::string>{"a", "plan"}));
  EXPECT_EQ(test::must(parse({"torrent", "show", "--", "-x"})).positional, std::vector<std::string>{"-x"});
  EXPECT_EQ(test::must(parse({"path", "torrent", "show"})).positional, (std::vector<std::string>{"torrent", "show"}));

  EXPECT_EQ(error_of({"torrent", "shwo", "a"}).message, "unknown command torrent shwo");
  EXPECT_EQ(error_of({"torrent", "shwo"}).hint, "did you mean torrent show?");
  EXPECT_EQ(error_of({"torrent", "zzzzzz"}).hint, "see dbr torrent --help");
  EXPECT_EQ(error_of({"torent", "show"}).hint, "did you mean torrent?");
  EXPECT_EQ(error_of({"torrent", "show", "--tps", "1"}).message, "torrent show does not take --tps");
  EXPECT_EQ(error_of({"torrent", "show", "-z"}).hint, "see dbr torrent show --help");
  EXPECT_EQ(error_of({"torrent", "--flies", "show"}).hint, "did you mean --files?");
}

TEST(ParseTest, AGroupWithoutACommand) {
  const auto parsed = test::must(parse({"torrent"}));
  EXPECT_EQ(parsed.command, nullptr);
  EXPECT_EQ(parsed.group, "torrent");
  EXPECT_EQ(test::must(parse({"torrent", "--help"})).group, "torrent");
  EXPECT_EQ(test::must(parse({"help", "torrent"})).group, "torrent");
  EXPECT_EQ(test::must(parse({"help", "torrent", "show"})).command->name, "torrent show");
  EXPECT_EQ(test::must(parse({"status"})).group, "");
}

TEST(ParseTest, AnOptionThatTakesTheRest) {
  const auto parsed = test::must(parse({"torrent", "plan", "new", "--against", "a", "show", "-q", "--against=b"}));
  EXPECT_EQ(texts_of(parsed, "against"), (std::vector<std::string>{"a", "show", "b"}));
  EXPECT_EQ(texts_of(parsed, "quiet"), std::vector<std::string>{"true"});
  EXPECT_EQ(parsed.positional, std::vector<std::string>{"new"});
  EXPECT_EQ(test::must(parse({"torrent", "plan", "--against", "a", "--", "new"})).positional,
            std::vector<std::string>{"new"});
  EXPECT_EQ(error_of({"torrent", "plan", "--against"}).message, "--against needs a value: names of .torrent files");
}

TEST(ParseTest, OptionMissingFromTheTableIsABug) {
  const std::vector<stages::Command> commands = {{"x", "", "", dataset::Access::read, {"no-such"}, nullptr}};
  const Words words = {"x"};
  EXPECT_THROW(static_cast<void>(parse_args(words, commands)), std::logic_error);
}

}  // namespace
}  // namespace dbr::cli
