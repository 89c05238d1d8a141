// SPDX-License-Identifier: MIT
// torrent lint: which clients load .torrent files, and what in them harms people.
#include <fmt/format.h>

#include <algorithm>

#include "dbr/base/text.hpp"
#include "dbr/base/units.hpp"
#include "dbr/torrent/lint.hpp"
#include "dbr/torrent/torrent_file.hpp"
#include "stages.hpp"
#include "torrent_files.hpp"

namespace dbr::stages {
namespace {

// What the exit code is about: a client whose limit we measured refuses it, or people would lose something.
bool is_bad(const torrent::ClientVerdict& verdict) {
  return verdict.verdict == torrent::Verdict::refuses && verdict.basis == torrent::Basis::measured;
}

bool is_bad(const torrent::Finding& finding) {
  return finding.severity == torrent::Severity::error;
}

std::string text_of(const std::vector<torrent::Finding>& findings) {
  std::string text;
  for (const auto& finding : findings) {
    text += fmt::format("  {}: {}\n", to_string(finding.severity), printable(finding.message));
  }
  return text;
}

Json json_of(const std::vector<torrent::Finding>& findings) {
  Json list = Json::array();
  for (const auto& finding : findings) {
    list.push_back({{"severity", to_string(finding.severity)},
                    {"kind", finding.kind},
                    {"count", finding.count},
                    {"message", finding.message}});
  }
  return list;
}

std::string text_of(const std::vector<torrent::ClientVerdict>& verdicts) {
  std::string text;
  for (const auto& each : verdicts) {
    text +=
        fmt::format("  {:<42}{:<9}{} ({})\n", each.title, to_string(each.verdict), each.reason, to_string(each.basis));
  }
  return text;
}

Json json_of(const std::vector<torrent::ClientVerdict>& verdicts) {
  Json list = Json::array();
  for (const auto& each : verdicts) {
    list.push_back({{"client", each.client},
                    {"verdict", to_string(each.verdict)},
                    {"basis", to_string(each.basis)},
                    {"reason", each.reason}});
  }
  return list;
}

}  // namespace

Result<Report> torrent_lint(const Context& context) {
  const auto& files = context.settings.positional;
  if (files.empty()) return fail(ErrorKind::usage, "torrent lint: name at least one .torrent");
  torrent::TorrentSet all;
  std::string text;
  Json torrents = Json::array();
  ExitCode code = ExitCode::ok;
  bool has_bad = false;
  for (const std::string& file : files) {
    if (context.stop.is_stopping()) return fail(ErrorKind::cancelled, "interrupted while reading torrents");
    const auto info = torrent::read_torrent(file);
    if (!info) {
      code = most_important(code, report_bad_torrent(info.error()));
      torrents.push_back(json_of_bad_torrent(file, info.error()));
      continue;
    }
    const auto verdicts = torrent::judge_clients(*info);
    const auto hazards = torrent::find_hazards(*info);
    const auto is_any_bad = [](const auto& each) { return is_bad(each); };
    has_bad = has_bad || std::ranges::any_of(verdicts, is_any_bad) || std::ranges::any_of(hazards, is_any_bad);
    if (files.size() > 1) all.add(file, *info);
    text += fmt::format("{}\n{}{}\n", printable(file), text_of(verdicts), text_of(hazards));
    torrents.push_back({{"file", file},
                        {"name", info->name},
                        {"infohash", info->infohash},
                        {"clients", json_of(verdicts)},
                        {"findings", json_of(hazards)}});
  }
  const auto between = all.findings();
  has_bad = has_bad || std::ranges::any_of(between, [](const auto& each) { return is_bad(each); });
  if (has_bad) code = most_important(code, ExitCode::mismatch);
  if (!between.empty()) text += fmt::format("between them\n{}\n", text_of(between));
  if (!text.empty()) text.pop_back();  // the last blank line
  const Json json = {{"command", "torrent lint"}, {"torrents", torrents}, {"findings", json_of(between)}};
  return Report{std::move(text), dump(json), code};
}

}  // namespace dbr::stages
