// SPDX-License-Identifier: MIT
// `sql`: the tables of `sqlite` as SQL that SQLite and PostgreSQL both read. What makes it portable: types both know,
// texts without escapes, no statement in one dialect only; foreign keys are comments, for SQLite can only declare them
// with a table and PostgreSQL would look up 80 million of them while the tags are still to come.
#include <fmt/format.h>

#include <array>

#include "dbr/base/zstd_file.hpp"
#include "relational_rows.hpp"
#include "writers.hpp"

namespace dbr::exports {
namespace {

// Enough rows for speed; readers hold one statement in memory.
constexpr std::size_t k_statement_size = std::size_t{256} << 10;

std::string_view sql_type(ColumnType type) {
  switch (type) {
    case ColumnType::integer:
      return "BIGINT";
    case ColumnType::boolean:
      return "BOOLEAN";
    case ColumnType::real:
      return "DOUBLE PRECISION";
    case ColumnType::text:
      return "TEXT";
    case ColumnType::time:
      return "TIMESTAMP WITH TIME ZONE";
  }
  return "TEXT";
}

std::string create_table(const TableDefinition& table) {
  std::string sql = fmt::format("CREATE TABLE {} (\n", table.name);
  for (const Column& column : table.columns) {
    sql += fmt::format("  {} {}{},\n", column.name, sql_type(column.type), column.is_required ? " NOT NULL" : "");
  }
  return sql + fmt::format("  PRIMARY KEY ({})\n);\n", table.key);
}

void append_quoted(std::string& sql, std::string_view text) {
  sql += '\'';
  for (const char c : text) {
    if (c == '\'') sql += '\'';
    sql += c;
  }
  sql += '\'';
}

// The sqlite3 shell reads lines, and drops a carriage return before a line feed even within a text. So the two never
// stand together: a stand-in that the text does not hold is replaced by them.
void append_text(std::string& sql, std::string_view text) {
  constexpr std::string_view k_line_break = "\r\n";
  if (text.find(k_line_break) == std::string_view::npos) return append_quoted(sql, text);
  std::string mark = "{crlf}";
  for (int number = 1; text.find(mark) != std::string_view::npos; ++number) mark = fmt::format("{{crlf{}}}", number);
  std::string marked;
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = text.find(k_line_break, begin)) != std::string_view::npos; begin = end + 2) {
    marked.append(text.substr(begin, end - begin)).append(mark);
  }
  marked.append(text.substr(begin));
  sql += "replace(";
  append_quoted(sql, marked);
  sql += fmt::format(", '{}', '\r'||'\n')", mark);
}

void append_value(std::string& sql, const Value& value, ColumnType type) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    if (type == ColumnType::boolean) {
      sql += *number != 0 ? "TRUE" : "FALSE";
    } else {
      fmt::format_to(std::back_inserter(sql), "{}", *number);
    }
  } else if (const auto* real = std::get_if<double>(&value)) {
    fmt::format_to(std::back_inserter(sql), "{}", *real);
  } else if (const auto* view = std::get_if<std::string_view>(&value)) {
    append_text(sql, *view);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    append_text(sql, *text);
  } else {
    sql += "NULL";
  }
}

class SqlWriter final : public RowWriter {
 public:
  explicit SqlWriter(ZstdFile& file) : m_file(file), m_statements(tables().size()) {}

  Result<void> insert(Relation relation, std::span<const Value> row) override {
    const TableDefinition& table = table_of(relation);
    std::string& sql = m_statements[static_cast<std::size_t>(relation)];
    sql += sql.empty() ? fmt::format("INSERT INTO {} VALUES\n(", table.name) : ",\n(";
    for (std::size_t index = 0; index < row.size(); ++index) {
      if (index > 0) sql += ',';
      append_value(sql, row[index], table.columns[index].type);
    }
    sql += ')';
    return sql.size() < k_statement_size ? Result<void>() : flush(sql);
  }

  Result<void> finish() {
    for (std::string& sql : m_statements) DBR_CHECK(flush(sql));
    return {};
  }

 private:
  Result<void> flush(std::string& sql) {
    if (sql.empty()) return {};
    sql += ";\n";
    auto written = m_file.write(sql);
    sql.clear();
    return written;
  }

  ZstdFile& m_file;
  std::vector<std::string> m_statements;  // one being made for each table
};

std::string head(const dataset::Release& release) {
  std::string sql = fmt::format(
      "-- {0}, for SQLite (3.23 or newer) and PostgreSQL, into an empty database (encoding UTF-8):\n"
      "--   zstd -dc {0}.sql.zst | sqlite3 -bail {0}.db\n"
      "--   zstd -dc {0}.sql.zst | psql -X -q -v ON_ERROR_STOP=1 {0}\n"
      "BEGIN;\n",
      release.spec.name);
  for (const TableDefinition& table : tables()) sql += create_table(table);
  return sql;
}

std::string tail() {
  std::string sql;
  for (const IndexDefinition& index : indexes()) {
    sql += fmt::format("CREATE {}INDEX {} ON {} ({}){}{};\n", index.is_unique ? "UNIQUE " : "", index.name, index.table,
                       index.columns, index.where.empty() ? "" : " WHERE ", index.where);
  }
  for (const ViewDefinition& view : views()) {
    if (view.is_portable) sql += fmt::format("CREATE VIEW {} AS\n{};\n", view.name, view.select);
  }
  sql += "COMMIT;\n-- All of these hold; PostgreSQL can be told:\n";
  for (const TableDefinition& table : tables()) {
    for (const Column& column : table.columns) {
      if (column.references.empty()) continue;
      sql += fmt::format("-- ALTER TABLE {} ADD FOREIGN KEY ({}) REFERENCES {} (id);\n", table.name, column.name,
                         column.references);
    }
  }
  return sql;
}

}  // namespace

std::vector<std::string> sql_files(const dataset::Release& release) {
  return {release.spec.name + ".sql.zst"};
}

Result<void> write_sql(const Context& context) {
  const std::string name = sql_files(context.release).front();
  DBR_TRY(ZstdFile file, ZstdFile::create(context.folder / name));
  DBR_CHECK(file.write(head(context.release)));
  SqlWriter writer(file);
  DBR_CHECK(write_relational_rows(context, name, writer));
  DBR_CHECK(writer.finish());
  DBR_CHECK(file.write(tail()));
  return file.commit();
}

}  // namespace dbr::exports
