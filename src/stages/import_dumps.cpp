// SPDX-License-Identifier: MIT
#include "import_dumps.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "dbr/base/log.hpp"
#include "dbr/base/units.hpp"
#include "dbr/dataset/posts.hpp"
#include "dbr/dataset/snapshots.hpp"
#include "dbr/dataset/tag_index.hpp"
#include "dump_rows.hpp"
#include "support.hpp"

namespace dbr::stages {
namespace {

// A transaction each; larger ones gain little and lose more to a power cut.
constexpr std::int64_t k_rows_per_commit = 50'000;
// Of the rows refused in one part, so many are named.
constexpr std::size_t k_most_named = 20;
// The copies at Google are renewed daily when all is well (contract, section 6.1).
constexpr auto k_stale = std::chrono::days(30);

// What was read of one part of a dump.
struct Part {
  dataset::Snapshot snapshot;
  std::string content;  // "posts", "tags" ...
  std::int64_t changed = 0;
  std::vector<RefusedLine> named;
};

class Import {
 public:
  Import(const Context& context, sql::Database& database, dataset::MetadataWriter writer)
      : m_context(context), m_database(database), m_writer(std::move(writer)) {}

  // An Error ends the import: the manifest could not be written. What the dump itself ends with comes as a value: the
  // next one can be read all the same.
  Result<std::optional<Error>> read(const std::string& from) {
    pipeline::Meter& meter = m_context.progress.start("fetch-metadata from " + from);
    const site::DumpSettings settings{.google_storage_url = m_context.settings.google_storage_url,
                                      .bigquery_url = m_context.settings.bigquery_url,
                                      .google_token = m_context.settings.google_token,
                                      .google_project = m_context.settings.google_project,
                                      .contact = m_context.settings.contact};
    const auto dump = site::open_dump(from, settings, m_context.stop);
    if (!dump) return std::optional(dump.error());
    const std::size_t parts_before = m_parts.size();
    const auto modified = (*dump)->modified();
    DBR_TRY(auto ended_by, write_all(from, modified, **dump, meter));
    if (m_parts.size() == parts_before) m_parts[from].snapshot.name = from;
    warn_if_stale(from, modified);
    meter.finish();
    return ended_by;
  }

  Report report(const std::optional<Error>& stopped_by) const {
    Json files = Json::array();
    std::string text;
    std::int64_t rows = 0;
    for (const auto& [name, part] : m_parts) {
      files.push_back(json_of(part));
      text += text_of(part);
      rows += part.snapshot.rows;
    }
    ExitCode code = m_context.stop.is_stopping() ? ExitCode::interrupted : ExitCode::ok;
    // A damaged file is a disk's fault or a download's, not a finding about the dataset.
    if (stopped_by && stopped_by->kind == ErrorKind::corrupt) code = ExitCode::io;
    if (stopped_by && stopped_by->kind != ErrorKind::corrupt) code = exit_code_for(stopped_by->kind);
    Json facts = {{"rows", rows}, {"changed", m_writer.rows_changed()}, {"files", files}};
    if (stopped_by) facts["error"] = stopped_by->message;
    return make_report("fetch-metadata",
                       fmt::format("{} rows read from dumps, {} new or changed\n{}", format_count(rows),
                                   format_count(m_writer.rows_changed()), text),
                       facts, code);
  }

 private:
  Result<std::optional<Error>> write_all(const std::string& from, const std::optional<Timestamp>& modified,
                                         site::Dump& dump, pipeline::Meter& meter) {
    DumpRowsReader reader(dump, m_context.stop);
    DumpRows rows;
    std::optional<Error> error;
    for (bool is_more = true; is_more && !m_context.stop.is_stopping();) {
      DBR_TRY(auto transaction, sql::Transaction::begin(m_database));
      for (std::int64_t written = 0; is_more && written < k_rows_per_commit;) {
        const auto next = reader.next(rows);
        is_more = next && *next;
        if (!next) error = next.error();
        if (!is_more) break;
        DBR_CHECK(write(from, modified, rows));
        const auto count = static_cast<std::int64_t>(rows.posts.size() + rows.records.size());
        written += std::max<std::int64_t>(count, 1);
        meter.add_done(count);
      }
      for (const auto& [name, part] : m_parts) {
        if (part.snapshot.number != 0) DBR_CHECK(dataset::save_snapshot(m_database, part.snapshot));
      }
      DBR_CHECK(m_writer.finish());
      DBR_CHECK(transaction.commit());
    }
    return error;
  }

  Result<void> write(const std::string& from, const std::optional<Timestamp>& modified, const DumpRows& rows) {
    const std::string name = from.ends_with(rows.part) ? from : from + ": " + rows.part;
    Part& part = m_parts[name];
    part.snapshot.name = name;
    if (rows.kind && part.snapshot.number == 0) {
      part.content = rows.kind->table ? to_string(*rows.kind->table) : "posts";
      part.snapshot.shape = to_string(rows.kind->shape);
      DBR_TRY(part.snapshot.number, dataset::snapshot_number(m_database, identity_of(from, modified) + ": " + rows.part,
                                                             part.snapshot.shape));
    }
    const std::int64_t before = m_writer.rows_changed();
    for (const metadata::Post& post : rows.posts) {
      DBR_CHECK(m_writer.put(post, part.snapshot.number));
      note_moment(part, std::max(post.created_at, post.updated_at));
    }
    for (const metadata::Record& record : rows.records) {
      DBR_CHECK(m_writer.put(*rows.kind->table, record, part.snapshot.number));
      note_moment(part, std::max(record.created_at, record.updated_at));
    }
    part.changed += m_writer.rows_changed() - before;
    part.snapshot.lines += rows.lines;
    part.snapshot.rows += static_cast<std::int64_t>(rows.posts.size() + rows.records.size());
    part.snapshot.refused += static_cast<std::int64_t>(rows.refused.size());
    for (const RefusedLine& line : rows.refused) {
      if (part.named.size() == k_most_named) break;
      part.named.push_back(line);
      log::warning("{}: row {} is left out: {}", name, line.number, line.reason);
    }
    return {};
  }

  // The same dump again has the same number; another one under the same name has not.
  static std::string identity_of(const std::string& from, const std::optional<Timestamp>& modified) {
    if (modified) return fmt::format("{} of {}", from, format_timestamp(*modified));
    std::error_code error;
    const std::filesystem::path path = std::filesystem::absolute(from, error);
    const auto written = std::filesystem::last_write_time(path, error).time_since_epoch().count();
    return fmt::format("{} of {}, {} bytes", path.string(), written, std::filesystem::file_size(path, error));
  }

  static void note_moment(Part& part, Timestamp moment) {
    if (moment > part.snapshot.newest.value_or(Timestamp())) part.snapshot.newest = moment;
  }

  // A copy that somebody renews, or should.
  void warn_if_stale(const std::string& from, const std::optional<Timestamp>& modified) const {
    if (!modified || now() - *modified < k_stale) return;
    log::warning("{} is stale: it was last renewed on {}", from, format_date(*modified));
  }

  static Json json_of(const Part& part) {
    Json refused = Json::array();
    for (const RefusedLine& line : part.named) refused.push_back({{"row", line.number}, {"reason", line.reason}});
    const auto& snapshot = part.snapshot;
    return {{"name", snapshot.name},
            {"table", part.content},
            {"shape", snapshot.shape},
            {"newest", snapshot.newest ? Json(format_timestamp(*snapshot.newest)) : Json(nullptr)},
            {"lines", snapshot.lines},
            {"rows", snapshot.rows},
            {"changed", part.changed},
            {"refused", snapshot.refused},
            {"refused_rows", refused}};
  }

  static std::string text_of(const Part& part) {
    const auto& snapshot = part.snapshot;
    if (part.content.empty()) {
      return fmt::format("  {}: no rows of a table that dbr knows, {} refused\n", snapshot.name,
                         format_count(snapshot.refused));
    }
    std::string text = fmt::format("  {}: {}, {}", snapshot.name, part.content, snapshot.shape);
    if (snapshot.newest) {
      const auto age = std::chrono::floor<std::chrono::days>(now() - *snapshot.newest);
      text += fmt::format(", up to {} ({} days ago)", format_date(*snapshot.newest), age.count());
    }
    return text + fmt::format(": {} rows, {} refused\n", format_count(snapshot.rows), format_count(snapshot.refused));
  }

  const Context& m_context;
  sql::Database& m_database;
  dataset::MetadataWriter m_writer;
  std::map<std::string, Part> m_parts;
};

}  // namespace

Result<Report> import_dumps(const Context& context) {
  DBR_TRY(auto database, context.dataset.connect());
  // A shell's pattern leaves the first name to the option and the others behind it.
  std::vector<std::string> dumps = context.settings.from;
  dumps.insert(dumps.end(), context.settings.positional.begin(), context.settings.positional.end());
  if (context.settings.dry_run) {
    return make_report("fetch-metadata", fmt::format("would read {} dumps", dumps.size()), {{"dumps", dumps}});
  }
  DBR_CHECK(dataset::prepare_for_bulk(database));
  DBR_TRY(auto writer, dataset::MetadataWriter::create(database));
  std::optional<Error> error;
  Import import(context, database, std::move(writer));
  for (const std::string& from : dumps) {
    // A damaged file does not keep the others from being read.
    if ((error && error->kind != ErrorKind::corrupt) || context.stop.is_stopping()) break;
    DBR_TRY(const auto ended_by, import.read(from));
    if (!ended_by) continue;
    error = ended_by;
    if (error->kind != ErrorKind::cancelled) log::error("{}", error->message);
  }
  DBR_CHECK(dataset::update_tag_index(database, [&] { return !context.stop.is_stopping(); }));
  // What was read stays, and is told of.
  return import.report(error);
}

}  // namespace dbr::stages
