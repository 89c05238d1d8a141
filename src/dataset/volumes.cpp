// SPDX-License-Identifier: MIT
#include "dbr/dataset/volumes.hpp"

#include "queries.hpp"

namespace dbr::dataset {
namespace {

PlacedFile read_placed(const sql::Statement& row) {
  return {.series = k_series[static_cast<std::size_t>(row.integer(0))],
          .id = row.integer(1),
          .path = std::string(row.text(2)),
          .size = row.integer(3),
          .md5 = std::string(row.text(4)),
          .sha256 = std::string(row.text(5)),
          .edition = row.integer(6),
          .source_md5 = std::string(row.text(7)),
          .witness = row.integer(8)};
}

}  // namespace

Result<std::vector<Volume>> find_volumes(sql::Database& database, Series series) {
  DBR_TRY(auto select,
          database.prepare("SELECT number, last_edition, last_id, is_sealed, piece_length, source, files, bytes, "
                           "publication, infohash FROM volume WHERE series = ? ORDER BY number"));
  select.bind(1, index_of(series));
  std::vector<Volume> found;
  for (;;) {
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) return found;
    found.push_back({.series = series,
                     .number = select.integer(0),
                     .first = found.empty() ? Position{} : found.back().last,
                     .last = {select.integer(1), select.integer(2)},
                     .is_sealed = select.integer(3) != 0,
                     .piece_length = select.integer(4),
                     .source = std::string(select.text(5)),
                     .files = select.integer(6),
                     .bytes = select.integer(7),
                     .publication = select.integer(8),
                     .infohash = std::string(select.text(9))});
  }
}

Result<std::vector<Volume>> find_volumes(sql::Database& database) {
  std::vector<Volume> all;
  for (const Series series : k_series) {
    DBR_TRY(const auto volumes, find_volumes(database, series));
    all.insert(all.end(), volumes.begin(), volumes.end());
  }
  return all;
}

Result<void> replace_volumes(sql::Database& database, const std::vector<Volume>& volumes) {
  DBR_CHECK(database.execute("DELETE FROM volume"));
  DBR_TRY(auto insert, database.prepare("INSERT INTO volume VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  // The last one counts: files that left a volume and came back are the same torrent again, in another edition.
  DBR_TRY(auto issue, database.prepare("INSERT OR REPLACE INTO issued VALUES (?, ?)"));
  for (const Volume& volume : volumes) {
    DBR_CHECK(insert.bind(1, index_of(volume.series))
                  .bind(2, volume.number)
                  .bind(3, volume.last.edition)
                  .bind(4, volume.last.id)
                  .bind(5, std::int64_t{volume.is_sealed})
                  .bind(6, volume.piece_length)
                  .bind(7, volume.source)
                  .bind(8, volume.files)
                  .bind(9, volume.bytes)
                  .bind(10, volume.publication)
                  .bind(11, volume.infohash)
                  .run());
    if (!volume.infohash.empty()) DBR_CHECK(issue.bind(1, volume.infohash).bind(2, volume.publication).run());
  }
  return {};
}

Result<std::optional<std::int64_t>> publication_of(sql::Database& database, std::string_view infohash) {
  DBR_TRY(auto select, database.prepare("SELECT publication FROM issued WHERE infohash = ?"));
  select.bind(1, infohash);
  DBR_TRY(const bool is_row, select.step());
  return is_row ? std::optional(select.integer(0)) : std::nullopt;
}

Result<PlacedCursor> PlacedCursor::open(sql::Database& database, Series series, const Position& first,
                                        const Position& last) {
  DBR_TRY(auto select, database.prepare(k_placed_between));
  select.bind(1, index_of(series)).bind(2, first.edition).bind(3, first.id).bind(4, last.edition).bind(5, last.id);
  return PlacedCursor(std::move(select));
}

Result<std::optional<PlacedFile>> PlacedCursor::next() {
  if (m_is_at_end) return std::nullopt;
  DBR_TRY(const bool is_row, m_select.step());
  m_is_at_end = !is_row;
  return is_row ? std::optional(read_placed(m_select)) : std::nullopt;
}

Result<void> for_each_placed(sql::Database& database, Series series, const Position& first, const Position& last,
                             const std::function<Result<void>(const PlacedFile&)>& on_file) {
  DBR_TRY(auto cursor, PlacedCursor::open(database, series, first, last));
  for (;;) {
    DBR_TRY(const auto file, cursor.next());
    if (!file) return {};
    DBR_CHECK(on_file(*file));
  }
}

Result<void> record_witness(sql::Database& database, Series series, PostId id, std::int64_t witness) {
  DBR_TRY(auto update, database.prepare("UPDATE placement SET witness = ? WHERE series = ? AND post_id = ?"));
  return update.bind(1, witness).bind(2, index_of(series)).bind(3, id).run();
}

Result<std::optional<std::string>> find_piece(sql::Database& database, std::string_view recipe) {
  DBR_TRY(auto select, database.prepare("SELECT sha1 FROM piece WHERE recipe = ?"));
  select.bind_blob(1, recipe);
  DBR_TRY(const bool is_row, select.step());
  return is_row ? std::optional(std::string(select.text(0))) : std::nullopt;
}

Result<void> record_piece(sql::Database& database, std::string_view recipe, std::string_view sha1) {
  DBR_TRY(auto insert, database.prepare("INSERT OR REPLACE INTO piece VALUES (?, ?)"));
  return insert.bind_blob(1, recipe).bind_blob(2, sha1).run();
}

}  // namespace dbr::dataset
