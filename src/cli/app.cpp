// SPDX-License-Identifier: MIT
#include "dbr/cli/app.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <new>
#include <optional>

#include "dbr/cli/help.hpp"
#include "dbr/cli/output.hpp"
#include "dbr/cli/parse.hpp"
#include "dbr/cli/progress.hpp"
#include "dbr/cli/signals.hpp"
#include "dbr/cli/text.hpp"
#include "dbr/cli/time_limit.hpp"
#include "dbr/dataset/dataset.hpp"

namespace dbr::cli {
namespace {

using Args = std::span<const std::string_view>;

int as_int(ExitCode code) {
  return static_cast<int>(code);
}

bool wants_color(Color color, const Environment& env) {
  if (color != Color::automatic) return color == Color::always;
  const auto no_color = env.getenv("NO_COLOR");
  return env.err_is_terminal && (!no_color || no_color->empty()) && env.getenv("TERM") != "dumb";
}

ProgressView::Style style_of(const OwnSettings& own, const Environment& env) {
  if (own.quiet) return ProgressView::Style::none;
  const bool can_redraw = env.err_is_terminal && own.log_format == log::Format::text && env.getenv("TERM") != "dumb";
  return can_redraw ? ProgressView::Style::bars : ProgressView::Style::lines;
}

// What the output is to look like before options could be understood, so that even a usage error has its form.
Output::Settings guess_output(Args args, const Environment& env) {
  Values values;
  const auto set = [&](std::string_view option, std::string_view text) { find_option(option)->set(values, text); };
  for (const std::string_view name : {"json", "log-format", "color"}) {
    const auto text = env.getenv(environment_name(*find_option(name)));
    if (text) set(name, *text);
  }
  for (std::size_t at = 0; at < args.size() && args[at] != "--"; ++at) {
    if (args[at] == "--json") set("json", "true");
    for (const std::string_view name : {"json", "log-format", "color"}) {
      const std::string flag = fmt::format("--{}", name);
      if (args[at].starts_with(flag + "=")) set(name, args[at].substr(flag.size() + 1));
      if (args[at] == flag && name != "json" && at + 1 < args.size()) set(name, args[at + 1]);
    }
  }
  return {values.settings.json, values.own.log_format, wants_color(values.own.color, env)};
}

log::Settings log_settings(const OwnSettings& own) {
  const auto threshold = own.quiet ? log::Level::warning : own.verbose ? log::Level::debug : log::Level::info;
  return {threshold, own.log_format};
}

// A configuration file may set it for all commands; those whose work cannot be cut short do not take it.
std::optional<std::chrono::milliseconds> time_for(const stages::Command& command, const stages::Settings& settings) {
  const bool takes_it = std::ranges::find(command.options, "max-duration") != command.options.end();
  return takes_it ? settings.max_duration : std::nullopt;
}

// A run with its surroundings: they are up before it starts and gone when its report is written.
// `stop` is the user's; the command obeys `token`, which also stops for other reasons.
Result<stages::Report> run_command(const stages::Command& command, const Values& values, const Environment& env,
                                   StopSource& stop, const StopToken& token, Output& output) {
  const stages::Settings& settings = values.settings;
  // A dry run only looks: it makes no dataset and needs no lock.
  const auto access = settings.dry_run && is_for_writing(command.access) ? dataset::Access::read : command.access;
  DBR_TRY(const auto dataset,
          dataset::Dataset::open(settings.root, access, command.name, {settings.buckets, settings.optimize_originals}));
  pipeline::Progress progress;
  const ProgressView view(progress, env.err, {.style = style_of(values.own, env), .width = env.err_width},
                          log_settings(values.own));
  const SignalWatch signals(stop);
  return command.run({settings, dataset, token, progress, [&](std::string_view text) { return output.print(text); }});
}

// A job that did all it was asked to has nothing to say to cron; a question is always answered.
bool is_silent(const stages::Command& command, const stages::Report& report, const Values& values) {
  return values.own.quiet && is_for_writing(command.access) && report.code == ExitCode::ok && !values.settings.dry_run;
}

ExitCode write_report(const stages::Command& command, const stages::Report& report, const Values& values,
                      Output& output) {
  ExitCode code = report.code;
  std::string_view text = report.text;
  if (values.settings.json) text = report.json.empty() ? "{}" : std::string_view(report.json);
  if (text.empty() || (!values.settings.json && is_silent(command, report, values))) return code;
  if (const auto written = output.result(text); !written) {
    output.configure({.json = false, .log_format = output.settings().log_format, .color = output.settings().color});
    code = most_important(code, output.error(written.error()));
  }
  return code;
}

std::string command_line(Args args) {
  std::string line = "dbr";
  for (const std::string_view arg : args) line += " " + shell_quote(printable(arg));
  return line;
}

ExitCode run(Args args, const Environment& env, Output& output) {
  output.configure(guess_output(args, env));
  auto parsed = parse_args(args, env.commands);
  if (!parsed) return output.error(parsed.error());

  // Help and version need no settings, so a broken file cannot keep them from anyone.
  if (parsed->help || parsed->version) {
    const std::string text = parsed->version              ? format_version()
                             : parsed->command != nullptr ? format_command_help(*parsed->command)
                             : parsed->group.empty()      ? format_help(env.commands)
                                                          : format_group_help(env.commands, parsed->group);
    const auto written = output.result(text);
    return written ? ExitCode::ok : output.error(written.error());
  }
  if (parsed->command == nullptr) {
    const std::string_view group = parsed->group;
    if (output.settings().json) {
      return output.error({ErrorKind::usage,
                           fmt::format("no command {}is given", group.empty() ? "" : fmt::format("of {} ", group)),
                           fmt::format("see dbr {}{}--help", group, group.empty() ? "" : " ")});
    }
    env.err << (group.empty() ? format_overview(env.commands) : format_group_help(env.commands, group)) << std::flush;
    return ExitCode::usage;
  }

  auto values = resolve(parsed->flags, env.getenv);
  if (!values) return output.error(values.error());
  values->settings.positional = std::move(parsed->positional);
  output.configure({values->settings.json, values->own.log_format, wants_color(values->own.color, env)});
  log::configure(log_settings(values->own));

  const stages::Command& command = *parsed->command;
  StopSource stop;
  const TimeLimit limit(time_for(command, values->settings), stop.token());
  auto report = run_command(command, *values, env, stop, limit.token(), output);

  // Cut short, as a report or as an error, by the clock or by the user, who goes before the clock.
  const bool is_cut = report ? report->code == ExitCode::interrupted : report.error().kind == ErrorKind::cancelled;
  const bool is_time_up = is_cut && limit.is_up() && !stop.token().is_stopping();
  if (is_time_up && report) report->code = ExitCode::limit;
  ExitCode code = report ? write_report(command, *report, *values, output) : output.error(report.error());
  if (is_time_up && code == ExitCode::interrupted) code = ExitCode::limit;

  // Either is said in one line, but a job that runs every night for so long has no news in that.
  if (code == ExitCode::interrupted) {
    output.note("interrupted; run the same command again to go on: " + command_line(args));
  } else if (is_time_up && !values->own.quiet) {
    output.note("the time set by --max-duration is up; run the same command again to go on: " + command_line(args));
  }
  return code;
}

}  // namespace

int run_app(Args args, Environment& env) {
  const SigpipeIgnored sigpipe;
  Output output(env.out, env.err);
  try {
    return as_int(run(args, env, output));
  } catch (const std::bad_alloc&) {
    env.err << "dbr: error: internal error: out of memory\n" << std::flush;
  } catch (const std::exception& error) {
    try {
      return as_int(output.error({ErrorKind::internal, fmt::format("internal error: {}", error.what()),
                                  "this is a bug in dbr; nothing is lost, the command can be run again"}));
    } catch (...) {
      env.err << "dbr: error: internal error\n" << std::flush;
    }
  } catch (...) {
    env.err << "dbr: error: internal error: an exception of unknown type\n" << std::flush;
  }
  return as_int(ExitCode::internal);
}

}  // namespace dbr::cli
