// SPDX-License-Identifier: MIT
// The SQL text gives the tables of the `sqlite` export back. That PostgreSQL reads it too is for tests with one.
#include "exports/relational_schema.hpp"
#include "unit/exports/small_release.hpp"

namespace dbr::exports {
namespace {

using metadata::Table;
using test::must;
using test::SmallRelease;
using test::Written;

class SqlTest : public ::testing::Test {
 protected:
  SqlTest() {
    using namespace std::string_literals;
    small.manifest.put(Table::notes, {{"id", 90}, {"post_id", 1}, {"body", "{crlf}\r\n\r\r\n{crlf1}\r"}, {"x", "12"}});
    small.manifest.put(Table::notes, {{"id", 91}, {"post_id", 2}, {"body", "\\'\\\\; -- \0 \n.quit\n\\q\ngo"s}});
    small.manifest.put(Table::pools, {{"id", 92}, {"name", 5}, {"post_count", 1.5}, {"is_active", "yes"}});
    small.manifest.put(Table::users, {{"id", 1LL << 40}, {"name", "far"}, {"created_at", "0000-01-01T00:00:00Z"}});
  }

  std::string sql() {
    small.write("sql");
    std::string text;
    for (const std::string& line : small.lines("danbooru2017.sql.zst")) text += line + "\n";
    return text;
  }

  SmallRelease small;
};

TEST_F(SqlTest, GivesTheTablesOfTheSqliteExport) {
  small.write("sqlite");
  Written expected(small.folder() / "danbooru2017.sqlite");
  const auto path = small.manifest.layout().root() / "loaded.db";
  must(must(sql::Database::open(path, sql::OpenMode::create)).execute(sql()));
  Written loaded(path);
  EXPECT_EQ(loaded.value("PRAGMA integrity_check"), "ok");
  for (const TableDefinition& table : tables()) {
    // Quoted, so that a number and its text differ.
    std::string columns;
    for (const Column& column : table.columns) columns += "quote(" + std::string(column.name) + ") || '|' || ";
    const std::string query = "SELECT " + columns + "'' FROM " + std::string(table.name) + " ORDER BY ";
    EXPECT_NE(expected.value(query + std::string(table.key)), "") << table.name;
    EXPECT_EQ(loaded.value(query + std::string(table.key)), expected.value(query + std::string(table.key)));
  }
  const std::string names =
      "SELECT name FROM sqlite_schema WHERE sql IS NOT NULL AND name <> 'posts_with_tags' "
      "ORDER BY name";
  EXPECT_EQ(loaded.value(names), expected.value(names)) << "indexes and views";
  EXPECT_EQ(loaded.value("SELECT count(*) FROM post_tag_names"), expected.value("SELECT count(*) FROM post_tags"));
  EXPECT_EQ(loaded.value("SELECT body FROM notes WHERE id = 90"), "{crlf}\r\n\r\r\n{crlf1}\r");
  EXPECT_EQ(loaded.value("SELECT body FROM notes WHERE id = 91"), "\\'\\\\; -- \uFFFD \n.quit\n\\q\ngo");
}

TEST_F(SqlTest, HasNothingThatOneOfTheReadersChanges) {
  const std::string text = sql();
  EXPECT_EQ(text.find("\r\n"), std::string::npos) << "the sqlite3 shell would drop the first";
  EXPECT_EQ(text.find('\0'), std::string::npos);
  for (const std::string_view word : {"WITHOUT ROWID", "PRAGMA", "group_concat", "string_agg", "X'", "E'"}) {
    EXPECT_EQ(text.find(word), std::string::npos) << word;
  }
}

TEST_F(SqlTest, WhatIsNotOfItsColumnsTypeIsNull) {
  small.write("sqlite");
  Written file(small.folder() / "danbooru2017.sqlite");
  EXPECT_EQ(file.rows("SELECT name, typeof(name), post_count, is_active FROM pools WHERE id = 92", 4), "5|text|~|~");
  EXPECT_EQ(file.value("SELECT typeof(x) FROM notes WHERE id = 90"), "integer");
  EXPECT_EQ(file.rows("SELECT id, created_at FROM users WHERE name = 'far'", 2), "1099511627776|~");
}

}  // namespace
}  // namespace dbr::exports
