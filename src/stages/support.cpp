// SPDX-License-Identifier: MIT
#include "support.hpp"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <iostream>

#include "dbr/base/file.hpp"
#include "dbr/base/units.hpp"
#include "dbr/dataset/exclusions.hpp"
#include "dbr/dataset/posts.hpp"

namespace dbr::stages {

Result<std::optional<dataset::ReleaseSpec>> release_spec(const Settings& settings) {
  if (!settings.year && !settings.as_of) {
    if (settings.name.empty()) return std::optional<dataset::ReleaseSpec>();
    return fail(ErrorKind::usage,
                fmt::format("cannot tell what {} covers: --name needs --year or --as-of", settings.name));
  }
  dataset::ReleaseSpec spec;
  spec.cutoff = settings.year ? start_of_year(*settings.year + 1) : *settings.as_of;
  spec.name = !settings.name.empty() ? settings.name
              : settings.year        ? fmt::format("{}{}", dataset::k_shared_name, *settings.year)
                                     : fmt::format("{}-{}", dataset::k_shared_name, format_date(spec.cutoff));
  return std::optional(spec);
}

Result<dataset::ReleaseSpec> required_release_spec(const Settings& settings) {
  DBR_TRY(auto spec, release_spec(settings));
  if (!spec) return fail(ErrorKind::usage, "which release? Name it with --year Y or --as-of DATE");
  return *spec;
}

Result<void> add_rule(const Settings& settings, dataset::ReleaseSpec& spec) {
  spec.sfw_ratings = settings.sfw_ratings;
  dataset::Exclusions exclusions;
  for (const std::filesystem::path& path : settings.exclude) {
    const auto text = read_file(path, ByteCount{1} << 30);
    if (!text) return fail(ErrorKind::usage, fmt::format("cannot read what to exclude: {}", text.error().message));
    DBR_CHECK(dataset::add_exclusions(*text, path.string(), exclusions));
  }
  spec.exclude = dataset::format_exclusions(std::move(exclusions));
  return {};
}

Result<std::int64_t> parse_id(std::string_view word) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), id);
  if (error == std::errc() && end == word.data() + word.size() && id > 0) return id;
  return fail(ErrorKind::usage, fmt::format("invalid value \"{}\" for ID: a whole number above 0", word));
}

Result<std::vector<PostId>> read_ids(const std::filesystem::path& path) {
  std::ifstream file;
  if (path != "-") {
    file.open(path);
    if (!file) return fail(ErrorKind::usage, fmt::format("cannot read the IDs in {}: no such file", path.string()));
  }
  std::istream& in = path == "-" ? std::cin : file;
  std::vector<PostId> ids;
  std::string line;
  for (std::int64_t number = 1; std::getline(in, line); ++number) {
    while (!line.empty() && std::string_view(" \t\r").find(line.back()) != std::string_view::npos) line.pop_back();
    if (line.empty() || line.front() == '#') continue;
    PostId id = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), id);
    if (error != std::errc() || end != line.data() + line.size() || id <= 0) {
      return fail(ErrorKind::usage, fmt::format("cannot read the IDs in {}: line {} is \"{}\", not an ID",
                                                path.string(), number, line.substr(0, 40)));
    }
    ids.push_back(id);
  }
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  return ids;
}

Result<Scope> make_scope(sql::Database& database, const Settings& settings) {
  Scope scope;
  DBR_TRY(const auto spec, release_spec(settings));
  if (spec) {
    DBR_TRY(scope.last, dataset::last_id_before(database, spec->cutoff));
  }
  if (settings.ids) {
    DBR_TRY(scope.ids, read_ids(*settings.ids));
  }
  return scope;
}

pipeline::RunLimits make_limits(const Settings& settings, int default_threads) {
  pipeline::RunLimits limits;
  limits.threads = static_cast<std::size_t>(settings.jobs.value_or(default_threads));
  limits.max_errors = settings.max_errors;
  return limits;
}

Result<site::Booru> open_booru(const Settings& settings, int connections) {
  site::BooruSettings booru{.url = settings.site, .contact = settings.contact};
  if (!settings.login.empty() || !settings.api_key.empty()) {
    booru.credentials = http::Credentials{settings.login, settings.api_key};
  }
  booru.api_requests_per_second = settings.tps;
  booru.connections = connections;
  if (settings.cdn_tps) booru.file_requests_per_second = *settings.cdn_tps;
  booru.file_bytes_per_second = settings.limit_rate;
  booru.allow_hosts = settings.allow_hosts;
  return site::Booru::open(std::move(booru));
}

Report make_report(std::string_view stage, std::string text, const Json& facts, ExitCode code) {
  Json json = {{"command", stage}};
  json.update(facts);
  return {fmt::format("{}: {}\n", stage, text), json.dump(), code};
}

Result<Report> report_run(std::string_view stage, const pipeline::RunSummary& summary, const Json& counts) {
  if (summary.stopped_by && !summary.is_interrupted) {
    Error error = *summary.stopped_by;
    if (is_transient(error.kind)) {
      error.hint = "too many items failed one after the other; try again later, it goes on where it was";
    }
    return fail(std::move(error));
  }
  ExitCode code = summary.left > 0 || summary.failed > 0 ? ExitCode::items_left : ExitCode::ok;
  if (summary.is_limited) code = most_important(code, ExitCode::limit);
  if (summary.is_interrupted) code = most_important(code, ExitCode::interrupted);
  std::string text = fmt::format("{} done", format_count(summary.done));
  if (summary.failed > 0) text += fmt::format(", {} newly failed", format_count(summary.failed));
  if (summary.left > 0) text += fmt::format(", {} to be tried again", format_count(summary.left));
  if (summary.is_limited) text += ", stopped by a limit";
  Json facts = {{"done", summary.done}, {"failed", summary.failed}, {"left", summary.left}};
  facts.update(counts);
  return make_report(stage, std::move(text), facts, code);
}

}  // namespace dbr::stages
