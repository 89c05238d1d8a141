// SPDX-License-Identifier: MIT
// The whole program run in process, with commands of our own and nothing of the world but a scratch directory.
#pragma once

#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "dbr/cli/app.hpp"
#include "support/scratch.hpp"

namespace dbr::test {

using dataset::Access;
using stages::Context;
using stages::Report;

inline std::span<const stages::Command> fake_commands() {
  static const std::vector<stages::Command> commands = {
      {"fetch",
       "download everything there is",
       "Takes what the site has. A second sentence makes this wrap somewhere.",
       Access::create,
       {"site", "tps", "limit-rate", "allow-host", "max-errors", "ids", "year", "as-of", "buckets"},
       [](const Context& c) -> Result<Report> {
         return Report{"fetched at " + std::to_string(c.settings.tps), R"({"fetched":1})"};
       }},
      {"publish",
       "make torrents",
       "",
       Access::write,
       {"tracker", "format", "name", "quality", "finish"},
       [](const Context&) -> Result<Report> {
         return Report{"published\n", R"({"published":true})"};
       }},
      {"build",
       "all of the above",
       "",
       Access::create,
       {"year", "as-of"},
       [](const Context&) -> Result<Report> {
         return Report{"built", "{}"};
       }},
      {"status",
       "what is done",
       "",
       Access::read,
       {},
       [](const Context&) -> Result<Report> {
         return Report{"all is well", R"({"well":true})"};
       }},
      {"path",
       "where files are",
       "",
       Access::read,
       {},
       [](const Context& c) -> Result<Report> {
         std::string text;
         for (const auto& word : c.settings.positional) text += word + "\n";
         return Report{text, "[]"};
       },
       "ID..."},
      {"torrent show",
       "what it holds",
       "",
       Access::none,
       {"files"},
       [](const Context& c) -> Result<Report> {
         return Report{c.settings.positional.empty() ? "nothing" : c.settings.positional.front(), "[]"};
       },
       "FILE..."},
      {"torrent plan",
       "what it costs",
       "",
       Access::none,
       {"against"},
       [](const Context& c) -> Result<Report> {
         return Report{std::to_string(c.settings.against.size()), "[]"};
       },
       "FILE..."},
  };
  return commands;
}

struct Ran {
  int code = -1;
  std::string out;
  std::string err;
};

class Program {
 public:
  Program() : variables{{"HOME", (scratch / "home").string()}} {}

  Ran run(const std::vector<std::string>& args, std::span<const stages::Command> commands = fake_commands()) {
    std::ostringstream out, err;
    cli::Environment env{.getenv = [this](const std::string& name) -> std::optional<std::string> {
                           const auto found = variables.find(name);
                           if (found == variables.end()) return std::nullopt;
                           return found->second;
                         },
                         .out = out,
                         .err = err,
                         .commands = commands};
    const std::vector<std::string_view> views(args.begin(), args.end());
    const int code = cli::run_app(views, env);
    return {code, out.str(), err.str()};
  }

  /// `args` and then --root, so that nothing outside is touched.
  Ran run_here(std::vector<std::string> args, std::span<const stages::Command> commands = fake_commands()) {
    args.insert(args.end(), {"--root", root().string()});
    return run(args, commands);
  }

  /// A command "act" that does this, once there is a dataset.
  Ran act(Result<Report> (*does)(const Context&), std::vector<std::string> options = {},
          Access access = Access::create) {
    const std::vector<stages::Command> commands = {{"act", "acts", "", access, {"site"}, does}};
    options.insert(options.begin(), "act");
    return run_here(options, commands);
  }

  std::filesystem::path root() const { return scratch / "data"; }

  Scratch scratch;
  std::map<std::string, std::string> variables;
};

}  // namespace dbr::test
