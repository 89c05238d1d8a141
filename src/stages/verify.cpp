// SPDX-License-Identifier: MIT
// verify: every stored file has the size and hash its row says, every placed file is that same file, and the metadata
// of finished releases matches its checksums. Changes nothing.
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "checksums.hpp"
#include "dbr/base/digest.hpp"
#include "dbr/base/file.hpp"
#include "dbr/base/log.hpp"
#include "dbr/base/units.hpp"
#include "dbr/dataset/files.hpp"
#include "stages.hpp"
#include "support.hpp"

namespace dbr::stages {
namespace {

using dataset::Form;
using dataset::HeldFile;

// What is wrong with a file, or empty.
std::string check_file(const std::filesystem::path& path, ByteCount size, std::string_view sha256) {
  Digest digest(DigestKind::sha256);
  const auto read = read_blocks(path, [&](std::span<const std::byte> bytes) { digest.update(bytes); });
  if (!read) return read.error().kind == ErrorKind::not_found ? "missing" : "unreadable";
  if (*read != size) return "size";
  return digest.finish_hex() == sha256 ? "" : "hash";
}

struct Problem {
  std::string path;  // relative to the root
  std::string what;  // missing, unreadable, size, hash
};

struct Outcome : pipeline::OutcomeFacts {
  std::vector<Problem> problems;
};

class VerifyStore final : public pipeline::ItemStage<HeldFile, Outcome> {
 public:
  VerifyStore(const dataset::Layout& layout, sql::Database& database, Scope scope)
      : m_layout(layout), m_database(database), m_cursor(std::move(scope)) {}

  Result<std::vector<HeldFile>> next(bool from_start, int limit) override {
    return m_cursor.next(from_start, limit, [&](PostId above, PostId last, int count) {
      return dataset::next_held(m_database, above, last, count);
    });
  }

  Outcome process(const HeldFile& file) override {
    Outcome outcome{{.id = file.id, .bytes = file.size + file.ml_size}};
    check(outcome, m_layout.stored(Form::original, file.id, file.file_ext), file.size, file.sha256);
    if (file.has_ml) check(outcome, m_layout.stored(Form::ml, file.id, "jpg"), file.ml_size, file.ml_sha256);
    outcome.is_failure = !outcome.problems.empty();
    return outcome;
  }

  Result<void> commit(std::vector<Outcome>& outcomes) override {
    for (Outcome& outcome : outcomes) std::ranges::move(outcome.problems, std::back_inserter(problems));
    return {};
  }

  Result<void> note_left(std::vector<Outcome>&) override { return {}; }  // checking meets no errors, only problems

  std::vector<Problem> problems;

 private:
  void check(Outcome& outcome, const std::filesystem::path& path, ByteCount size, std::string_view sha256) const {
    std::string what = check_file(path, size, sha256);
    if (!what.empty()) {
      outcome.problems.push_back({path.lexically_relative(m_layout.root()).string(), std::move(what)});
    }
  }

  const dataset::Layout& m_layout;
  sql::Database& m_database;
  ScopeCursor m_cursor;
};

bool is_same_file(const std::filesystem::path& a, const std::filesystem::path& b) {
  struct stat facts_a {
  }, facts_b{};
  return ::stat(a.c_str(), &facts_a) == 0 && ::stat(b.c_str(), &facts_b) == 0 && facts_a.st_ino == facts_b.st_ino &&
         facts_a.st_dev == facts_b.st_dev;
}

// A link to the stored file was checked with it; a placed file of a finished release may hold older bytes.
Result<void> verify_tree(const Context& context, sql::Database& database, std::vector<Problem>& problems) {
  const dataset::Layout& layout = context.dataset.layout();
  return dataset::for_each_placed(database, [&](const dataset::PlacedFile& file) -> Result<void> {
    if (context.stop.is_stopping()) return fail(ErrorKind::cancelled, "stopped");
    const auto path = layout.shared() / file.path;
    const auto stored = layout.stored(file.series.form, file.id, path.extension().string().substr(1));
    std::string what;
    if (!is_same_file(path, stored)) what = check_file(path, file.size, file.sha256);
    if (!what.empty()) {
      problems.push_back({path.lexically_relative(layout.root()).string(), what});
    }
    return {};
  });
}

Result<void> verify_releases(const dataset::Layout& layout, std::vector<Problem>& problems) {
  std::error_code error;
  for (auto entry = std::filesystem::directory_iterator(layout.release_metadata(""), error);
       !error && entry != std::filesystem::end(entry); entry.increment(error)) {
    if (!std::filesystem::exists(entry->path() / k_checksums_name, error)) continue;  // a draft
    DBR_TRY(const auto wrong, check_checksums(entry->path()));
    for (const std::string& name : wrong) {
      problems.push_back({(entry->path() / name).lexically_relative(layout.root()).string(), "hash"});
    }
  }
  return {};
}

}  // namespace

Result<Report> verify(const Context& context) {
  const dataset::Layout& layout = context.dataset.layout();
  DBR_TRY(auto database, context.dataset.connect());
  DBR_TRY(Scope scope, make_scope(database, context.settings));
  DBR_TRY(const dataset::Totals held, dataset::held_totals(database, scope.last));
  const bool is_whole = !context.settings.ids;
  pipeline::Meter& meter = context.progress.start("verify");
  meter.set_total(is_whole ? held.items : static_cast<std::int64_t>(scope.ids->size()));
  pipeline::RunLimits limits =
      make_limits(context.settings, static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
  limits.max_errors.reset();  // every problem is wanted
  VerifyStore stage(layout, database, std::move(scope));
  DBR_TRY(const pipeline::RunSummary summary, pipeline::run_items(stage, limits, context.stop, meter));
  std::vector<Problem> problems = std::move(stage.problems);
  if (is_whole && !summary.is_interrupted && !summary.is_limited) {
    DBR_CHECK(verify_tree(context, database, problems));
    DBR_CHECK(verify_releases(layout, problems));
  }
  meter.finish();

  std::ranges::sort(problems, {}, &Problem::path);
  std::string text;
  Json list = Json::array();
  for (const Problem& problem : problems) {
    text += fmt::format("{}: {}\n", problem.path, problem.what);
    list.push_back({{"path", problem.path}, {"problem", problem.what}});
  }
  ExitCode code = problems.empty() ? ExitCode::ok : ExitCode::mismatch;
  if (summary.is_limited) code = most_important(code, ExitCode::limit);
  if (summary.is_interrupted) code = most_important(code, ExitCode::interrupted);
  Report report =
      make_report("verify", fmt::format("{} posts checked, {} problems", format_count(summary.done), problems.size()),
                  {{"posts", summary.done}, {"problems", list}}, code);
  report.text = text + report.text;
  return report;
}

}  // namespace dbr::stages
