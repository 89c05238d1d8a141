// SPDX-License-Identifier: MIT
// `sqlite`: the whole release as one relational SQLite database.
#include <fmt/format.h>

#include <vector>

#include "relational_rows.hpp"
#include "sqlite_file.hpp"
#include "writers.hpp"

namespace dbr::exports {
namespace {

std::string_view sql_type(ColumnType type) {
  switch (type) {
    case ColumnType::integer:
    case ColumnType::boolean:
      return "INTEGER";
    case ColumnType::real:
      return "REAL";
    case ColumnType::text:
    case ColumnType::time:
      return "TEXT";
  }
  return "TEXT";
}

std::string create_table(const TableDefinition& table) {
  // SQLite finds rows by `id` fastest, and rows of a key of another kind when they lie in its order.
  const bool has_id = table.key == "id";
  std::string sql = fmt::format("CREATE TABLE {} (\n", table.name);
  for (const Column& column : table.columns) {
    sql += fmt::format("  {} {}", column.name, sql_type(column.type));
    if (has_id && column.name == "id") {
      sql += " PRIMARY KEY";
    } else if (column.is_required) {
      sql += " NOT NULL";
    }
    if (!column.references.empty()) sql += fmt::format(" REFERENCES {}(id)", column.references);
    sql += &column == &table.columns.back() ? "" : ",\n";
  }
  return sql + (has_id ? "\n)" : fmt::format(",\n  PRIMARY KEY ({})\n) WITHOUT ROWID", table.key));
}

class SqliteWriter final : public RowWriter {
 public:
  static Result<SqliteWriter> create(SqliteFile& file) {
    SqliteWriter writer;
    for (const TableDefinition& table : tables()) {
      DBR_CHECK(file.execute(create_table(table)));
      DBR_TRY(auto insert, file.prepare(insert_into(table.name, table.columns.size())));
      writer.m_inserts.push_back(std::move(insert));
    }
    return writer;
  }

  Result<void> insert(Relation table, std::span<const Value> row) override {
    sql::Statement& statement = m_inserts[static_cast<std::size_t>(table)];
    int index = 0;
    for (const Value& value : row) bind_value(statement, ++index, value);
    return statement.run();
  }

 private:
  std::vector<sql::Statement> m_inserts;
};

// After the rows: filling a sorted index is many times faster than keeping one sorted.
Result<void> create_indexes_and_views(SqliteFile& file) {
  for (const IndexDefinition& index : indexes()) {
    DBR_CHECK(file.execute(fmt::format("CREATE {}INDEX {} ON {}({}){}{}", index.is_unique ? "UNIQUE " : "", index.name,
                                       index.table, index.columns, index.where.empty() ? "" : " WHERE ", index.where)));
  }
  for (const ViewDefinition& view : views()) {
    DBR_CHECK(file.execute(fmt::format("CREATE VIEW {} AS\n{}", view.name, view.select)));
  }
  return {};
}

}  // namespace

std::vector<std::string> sqlite_files(const dataset::Release& release) {
  return {release.spec.name + ".sqlite"};
}

Result<void> write_sqlite(const Context& context) {
  const std::string name = sqlite_files(context.release).front();
  DBR_TRY(SqliteFile file, SqliteFile::create(context.folder / name, k_relational_version));
  {
    DBR_TRY(SqliteWriter writer, SqliteWriter::create(file));
    DBR_CHECK(write_relational_rows(context, name, writer));
  }
  DBR_CHECK(create_indexes_and_views(file));
  return file.commit();
}

}  // namespace dbr::exports
