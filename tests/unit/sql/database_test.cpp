// SPDX-License-Identifier: MIT
#include "dbr/sql/database.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "support/must.hpp"
#include "support/scratch.hpp"

namespace dbr::sql {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using test::must;

class DatabaseTest : public ::testing::Test {
 protected:
  test::Scratch scratch;
  Database database = must(Database::open(scratch / "a.sqlite", OpenMode::create));
};

TEST_F(DatabaseTest, TextComesBackByteForByte) {
  must(database.execute("CREATE TABLE t (a, b)"));
  const std::string hostile = "'); DROP TABLE t; -- \\ $(x) <b> \xE3\x81\x82 \t\n"s + "\0end"s;
  must(must(database.prepare("INSERT INTO t VALUES (?, ?)")).bind(1, hostile).bind_blob(2, "\xff\x00z"sv).run());
  auto select = must(database.prepare("SELECT a, b FROM t"));
  ASSERT_TRUE(must(select.step()));
  EXPECT_EQ(select.text(0), hostile);
  EXPECT_EQ(select.text(1), "\xff\x00z"sv);
  EXPECT_FALSE(must(select.step()));
}

TEST_F(DatabaseTest, EmptyTextIsNotNull) {
  auto select = must(database.prepare("SELECT ?, ?, ?, ?"));
  select.bind(1, std::string_view()).bind_null(2).bind(3, std::optional<std::int64_t>()).bind(4, std::optional(7L));
  ASSERT_TRUE(must(select.step()));
  EXPECT_FALSE(select.is_null(0));
  EXPECT_EQ(select.text(0), "");
  EXPECT_TRUE(select.is_null(1));
  EXPECT_EQ(select.optional_integer(2), std::nullopt);
  EXPECT_EQ(select.optional_integer(3), 7);
}

TEST_F(DatabaseTest, AStatementRunsAgainWithItsBindings) {
  auto select = must(database.prepare("SELECT ?"));
  select.bind(1, 5);
  for (int round = 0; round < 2; ++round) {
    ASSERT_TRUE(must(select.step()));
    EXPECT_EQ(select.integer(0), 5);
    EXPECT_FALSE(must(select.step()));
  }
  ASSERT_TRUE(must(select.step()));
  select.reset();
  ASSERT_TRUE(must(select.bind(1, 6).step()));
  EXPECT_EQ(select.integer(0), 6);
}

TEST_F(DatabaseTest, ATextPreparedAgainStartsAfresh) {
  must(database.execute("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)"));
  constexpr std::string_view k_sql = "SELECT a, ? FROM t ORDER BY a";
  {
    auto left_in_the_middle = must(database.prepare(k_sql));
    ASSERT_TRUE(must(left_in_the_middle.bind(1, 5).step()));
  }
  auto again = must(database.prepare(k_sql));
  auto beside = must(database.prepare(k_sql));
  for (auto* select : {&again, &beside}) {
    ASSERT_TRUE(must(select->step()));
    EXPECT_EQ(select->integer(0), 1);
    EXPECT_TRUE(select->is_null(1));
  }
}

TEST_F(DatabaseTest, ATextPreparedAgainKnowsTheNewSchema) {
  must(database.execute("CREATE TABLE t (a); INSERT INTO t VALUES (1)"));
  EXPECT_EQ(must(database.integer("SELECT count(*) FROM t")), 1);
  must(database.execute("DROP TABLE t; CREATE TABLE t (b, c)"));
  EXPECT_EQ(must(database.integer("SELECT count(*) FROM t")), 0);
}

TEST_F(DatabaseTest, AStatementOutlivesItsDatabase) {
  auto closing = std::optional(must(Database::open(scratch / "b.sqlite", OpenMode::create)));
  auto select = must(closing->prepare("SELECT 7"));
  closing.reset();
  ASSERT_TRUE(must(select.step()));
  EXPECT_EQ(select.integer(0), 7);
}

TEST_F(DatabaseTest, IntegerTellsNullAndNothingFromZero) {
  must(database.execute("CREATE TABLE t (a)"));
  EXPECT_EQ(must(database.integer("SELECT a FROM t")), std::nullopt);
  EXPECT_EQ(must(database.integer("SELECT NULL")), std::nullopt);
  EXPECT_EQ(must(database.integer("SELECT 0")), 0);
}

TEST_F(DatabaseTest, ATransactionRollsBackUnlessCommitted) {
  must(database.execute("CREATE TABLE t (a)"));
  {
    auto transaction = must(Transaction::begin(database));
    must(database.execute("INSERT INTO t VALUES (1)"));
  }
  EXPECT_EQ(must(database.integer("SELECT count(*) FROM t")), 0);
  {
    auto transaction = must(Transaction::begin(database));
    Transaction moved = std::move(transaction);
    must(database.execute("INSERT INTO t VALUES (1)"));
    EXPECT_EQ(database.changes(), 1);
    must(moved.commit());
  }
  EXPECT_EQ(must(database.integer("SELECT count(*) FROM t")), 1);
}

TEST_F(DatabaseTest, ErrorsHaveKinds) {
  const auto syntax = database.prepare("SELEKT 1");
  ASSERT_FALSE(syntax);
  EXPECT_EQ(syntax.error().kind, ErrorKind::internal);

  test::write_bytes(scratch / "b.sqlite", std::string(4096, 'x'));
  auto no_database = must(Database::open(scratch / "b.sqlite", OpenMode::read_only));
  const auto read = no_database.integer("PRAGMA application_id");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::schema);
  EXPECT_NE(read.error().message.find("b.sqlite"), std::string::npos);

  const auto missing = Database::open(scratch / "none.sqlite", OpenMode::read_write);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::io);
}

TEST_F(DatabaseTest, ReadOnlyRefusesToWrite) {
  must(database.execute("CREATE TABLE t (a)"));
  auto reader = must(Database::open(scratch / "a.sqlite", OpenMode::read_only));
  const auto written = reader.execute("INSERT INTO t VALUES (1)");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::io);
}

TEST_F(DatabaseTest, AFullDatabaseIsAFullDisk) {
  must(database.execute("CREATE TABLE t (a); PRAGMA max_page_count = 4"));
  auto insert = must(database.prepare("INSERT INTO t VALUES (zeroblob(1000000))"));
  const auto result = insert.run();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::disk_full);
}

}  // namespace
}  // namespace dbr::sql
