// SPDX-License-Identifier: MIT
// What the parts of fetch-metadata share: rows into the manifest with all that follows from them, and the numbers of
// the report.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "dbr/dataset/posts.hpp"
#include "dbr/dataset/refresh.hpp"
#include "lookup.hpp"
#include "page_reader.hpp"
#include "support.hpp"

namespace dbr::stages {

class Collector {
 public:
  static Result<Collector> create(const Context& context, site::Booru& booru, sql::Database& database);

  bool is_stopping() const { return m_context.stop.is_stopping(); }
  site::Booru& booru() { return m_booru; }
  sql::Database& database() { return m_database; }
  const StopToken& stop() const { return m_context.stop; }
  pipeline::Meter& start_meter(std::string_view what);

  /// Posts created since then have been given a parent after that parent was read: it is read again by the refresh.
  /// So are, with Timestamp::min(), the parents old and new of whatever turns out to have changed.
  void follow_relatives(Timestamp since) { m_relatives_since = since; }

  /// `write` and what it puts, as one transaction.
  template <class Write>
  Result<void> commit(Write write) {
    DBR_TRY(auto transaction, sql::Transaction::begin(m_database));
    DBR_CHECK(write());
    DBR_CHECK(m_writer.finish());
    return transaction.commit();
  }

  // Inside commit():
  Result<void> put(const metadata::Post& post);
  Result<void> put_expunged(PostId id);
  Result<void> put(metadata::Table table, const metadata::Record& record);
  /// Rows of the table, or posts without one, that the site sends and that cannot be read.
  Result<void> put_skipped(dataset::MaybeTable table, std::int64_t id, std::string_view reason);
  Result<void> put_absent(dataset::MaybeTable table, std::int64_t id);
  template <class Row>
  Result<void> put_found(dataset::MaybeTable table, const Found<Row>& found) {
    for (const auto& [id, row] : found.rows) {
      if constexpr (std::is_same_v<Row, metadata::Post>) {
        DBR_CHECK(put(row));
      } else {
        DBR_CHECK(put(*table, row));
      }
    }
    for (const auto& [id, reason] : found.unread) DBR_CHECK(put_skipped(table, id, reason));
    for (const std::int64_t id : found.absent) DBR_CHECK(put_absent(table, id));
    return {};
  }

  PageReader<metadata::Post> post_pages();
  PageReader<metadata::Record> row_pages(const site::Selection& selection);
  Lookup<metadata::Post> post_lookup(Proof proof);
  Lookup<metadata::Record> row_lookup(const std::string& table);

  Result<Report> report() const;

 private:
  Collector(const Context& context, site::Booru& booru, sql::Database& database, dataset::MetadataWriter writer)
      : m_context(context), m_booru(booru), m_database(database), m_writer(std::move(writer)) {}

  Result<void> follow_relatives(const metadata::Post& post);
  Result<void> no_longer_skipped(dataset::MaybeTable table, std::int64_t id);
  /// `cause`, unless the site answers another question: then only what was asked for is broken.
  Result<void> check_site(std::string_view asked, const Error& cause);

  const Context& m_context;
  site::Booru& m_booru;
  sql::Database& m_database;
  dataset::MetadataWriter m_writer;
  Timestamp m_relatives_since = Timestamp::max();
  /// As in the manifest.
  std::set<std::pair<dataset::MaybeTable, std::int64_t>> m_skipped;
  std::int64_t m_posts = 0;
  std::map<std::string, std::int64_t> m_rows;
};

}  // namespace dbr::stages
