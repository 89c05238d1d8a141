// SPDX-License-Identifier: MIT
// CLI11 cuts the words apart; what is wrong with them is said here. It is set up so that it takes anything and leaves
// over what it does not know; the one thing it still refuses is a last option without its value.
#include "dbr/cli/parse.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <stdexcept>

#include "dbr/cli/nearest.hpp"
#include "dbr/cli/text.hpp"

namespace dbr::cli {
namespace {

using Commands = std::span<const stages::Command>;
using Taken = std::map<const Option*, std::vector<std::string>>;

tl::unexpected<Error> usage(std::string message, std::string hint) {
  return fail(ErrorKind::usage, std::move(message), std::move(hint));
}

std::string help_hint(const stages::Command* command) {
  return command == nullptr ? "see dbr --help" : fmt::format("see dbr {} --help", command->name);
}

void bind(CLI::App& app, const Option& option, Taken& taken) {
  std::string names = fmt::format("--{}", option.name);
  if (option.letter != 0) names += fmt::format(",-{}", option.letter);
  const CLI::callback_t store = [&taken, &option](const CLI::results_t& results) {
    taken[&option] = results;
    return true;
  };
  // Repetition is judged by check_repeats, so all of it is taken here.
  auto* bound = app.add_option(names, store)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  if (option.is_switch()) {
    bound->type_size(0)->expected(0);
  } else {
    bound->type_size(1)->expected(1)->allow_extra_args(option.takes_rest);
  }
}

CLI::App* add_subcommand(CLI::App& app, std::string_view name) {
  auto* sub = app.add_subcommand(std::string(name))->fallthrough()->allow_extras();
  sub->set_help_flag();
  return sub;
}

CLI::App* group_of(CLI::App& app, std::string_view name) {
  const auto found = app.get_subcommands([&](const CLI::App* sub) { return sub->get_name() == name; });
  return found.empty() ? add_subcommand(app, name)->require_subcommand(0, 1) : found.front();
}

void bind_command(CLI::App& app, const stages::Command& command, Taken& taken, std::vector<std::string>& positional) {
  auto* sub = add_subcommand(command.group().empty() ? app : *group_of(app, command.group()), command.word());
  for (const std::string_view name : command.options) {
    const Option* option = find_option(name);
    if (option == nullptr)
      throw std::logic_error(fmt::format("command {} lists --{}, which is not in the table", command.name, name));
    if (option->group != Group::global && option->in_flags) bind(*sub, *option, taken);
  }
  if (!command.positional.empty()) sub->add_option("positional", positional)->expected(0, -1);
}

// `group` is what stands before the word; empty: nothing.
tl::unexpected<Error> unknown_command(const std::string& word, std::string_view group, Commands commands) {
  const std::string prefix = group.empty() ? "" : fmt::format("{} ", group);
  std::vector<std::string_view> names;
  for (const auto& command : commands) {
    if (command.group() == group) names.push_back(command.word());
    if (group.empty() && !command.group().empty()) names.push_back(command.group());
  }
  const auto meant = nearest(word, names);
  return usage(fmt::format("unknown command {}{}", prefix, printable(word)),
               meant ? fmt::format("did you mean {}{}?", prefix, *meant) : fmt::format("see dbr {}--help", prefix));
}

// `word` starts with a dash and is nothing that `command` (or dbr itself) takes.
tl::unexpected<Error> unknown_option(const std::string& word, const stages::Command* command) {
  const std::string typed = word.substr(0, word.find('='));  // never the value: it may be a key
  const std::string name = typed.substr(std::min(typed.find_first_not_of('-'), typed.size()));
  if (const Option* option = find_option(name); option != nullptr && typed.starts_with("--")) {
    if (!option->in_flags) {
      return usage(fmt::format("{} is not taken from the command line, which others can read", typed),
                   fmt::format("set {} in the environment, or {} in the configuration file", environment_name(*option),
                               file_key(*option)));
    }
    if (command == nullptr) {
      return usage(fmt::format("{} belongs behind a command", typed), fmt::format("dbr COMMAND {} ...", typed));
    }
    return usage(fmt::format("{} does not take {}", command->name, typed), help_hint(command));
  }
  std::vector<std::string_view> names;
  for (const Option& option : options()) {
    const auto is_its_own = [&] {
      return std::find(command->options.begin(), command->options.end(), option.name) != command->options.end();
    };
    const bool is_taken = option.group == Group::global || command == nullptr || is_its_own();
    if (option.in_flags && is_taken) names.push_back(option.name);
  }
  const auto meant = nearest(name, names);
  return usage(fmt::format("unknown option {}", printable(typed)),
               meant ? fmt::format("did you mean --{}?", *meant) : help_hint(command));
}

tl::unexpected<Error> unexpected_argument(std::string_view word, const stages::Command* command) {
  return usage(fmt::format("unexpected argument {}", shell_quote(printable(word))), help_hint(command));
}

// What CLI11 left over: nothing that belongs anywhere.
Result<void> check_left_over(const std::vector<std::string>& words, const ParsedArgs& parsed, Commands commands) {
  if (words.empty()) return {};
  const std::string& word = words.front();
  if (word.size() > 1 && word.starts_with('-')) return unknown_option(word, parsed.command);
  if (parsed.command == nullptr) return unknown_command(word, parsed.group, commands);
  return unexpected_argument(word, parsed.command);
}

tl::unexpected<Error> missing_value(std::string_view word) {
  const Option* option = word.starts_with("--") ? find_option(word.substr(2)) : find_option(word.back());
  if (option == nullptr) return usage(fmt::format("{} needs a value", printable(word)), help_hint(nullptr));
  return usage(fmt::format("--{} needs a value: {}", option->name, option->allowed), help_hint(nullptr));
}

Result<std::vector<Setting>> settings_of(const Taken& taken) {
  std::vector<Setting> settings;
  for (const Option& option : options()) {
    const auto found = taken.find(&option);
    if (found == taken.end()) continue;
    auto texts = found->second;
    if (option.is_switch()) {
      texts.resize(1);  // said twice is said
    } else if (texts.size() > 1 && !option.is_repeatable) {
      return usage(fmt::format("--{} is given {} times", option.name, texts.size()), "give it once");
    }
    settings.push_back({&option, fmt::format("--{}", option.name), std::move(texts)});
  }
  return settings;
}

}  // namespace

Result<ParsedArgs> parse_args(std::span<const std::string_view> args, Commands commands) {
  Taken taken;
  ParsedArgs parsed;
  CLI::App app;
  app.set_help_flag();
  app.allow_extras()->require_subcommand(0, 1);
  for (const Option& option : options()) {
    if (option.group == Group::global && option.in_flags) bind(app, option, taken);
  }
  for (const auto& command : commands) bind_command(app, command, taken, parsed.positional);

  const auto all = args;
  args = all.first(static_cast<std::size_t>(std::find(all.begin(), all.end(), "--") - all.begin()));
  std::vector<std::string> words(args.rbegin(), args.rend());  // CLI11 wants them back to front
  if (!args.empty() && args.front() == "help") words.back() = "--help";
  for (const std::string_view word : args) {
    // "--name=" would make CLI11 take the next word.
    if (word.starts_with("--") && word.ends_with('=') && find_option(word.substr(2, word.size() - 3)) != nullptr) {
      return missing_value(word.substr(0, word.size() - 1));
    }
  }
  try {
    app.parse(words);
  } catch (const CLI::ArgumentMismatch&) {
    return missing_value(args.back());
  } catch (const CLI::ParseError&) {
    return usage("the command line cannot be understood", help_hint(nullptr));
  }

  if (const auto chosen = app.get_subcommands(); !chosen.empty()) {
    const auto of_group = chosen.front()->get_subcommands();
    const std::string first = chosen.front()->get_name();
    const std::string name = of_group.empty() ? first : fmt::format("{} {}", first, of_group.front()->get_name());
    for (const stages::Command& command : commands) {
      if (command.name == name) parsed.command = &command;
      if (command.group() == first) parsed.group = command.group();
    }
  }
  DBR_TRY(parsed.flags, settings_of(taken));
  parsed.help = taken.contains(find_option("help"));
  parsed.version = taken.contains(find_option("version"));
  const auto left_over = app.remaining();
  const bool is_bare_help = parsed.help && (parsed.command != nullptr || left_over.empty());
  if (!is_bare_help) DBR_CHECK(check_left_over(left_over, parsed, commands));
  // Behind "--" everything is an argument, whatever it looks like.
  for (const std::string_view word : all.subspan(std::min(args.size() + 1, all.size()))) {
    if (parsed.command == nullptr || parsed.command->positional.empty())
      return unexpected_argument(word, parsed.command);
    parsed.positional.emplace_back(word);
  }
  return parsed;
}

}  // namespace dbr::cli
