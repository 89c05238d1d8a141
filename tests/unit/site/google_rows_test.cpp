// SPDX-License-Identifier: MIT
// Rows of a table as BigQuery's export writes them.
#include "site/google_rows.hpp"

#include <gtest/gtest.h>

#include "site/google_cells.hpp"

namespace dbr::site {
namespace {

constexpr std::string_view k_info = R"({"kind":"bigquery#table","lastModifiedTime":"1753315200123","numRows":"2",
 "schema":{"fields":[
  {"name":"id","type":"INTEGER","mode":"NULLABLE"},
  {"name":"name","type":"STRING"},
  {"name":"is_deleted","type":"BOOLEAN"},
  {"name":"score","type":"FLOAT"},
  {"name":"created_at","type":"TIMESTAMP"},
  {"name":"tags","type":"RECORD","mode":"REPEATED","fields":[{"name":"id","type":"INT64"},{"name":"name","type":"STRING"}]},
  {"name":"post_ids","type":"INTEGER","mode":"REPEATED"},
  {"name":"asset","type":"STRUCT","fields":[{"name":"ok","type":"BOOL"}]}]}})";

std::string rows_of(std::string_view page, const TableInfo& info) {
  TablePage reader;
  const auto parsed = reader.parse(page);
  if (!parsed) return parsed.error().message;
  std::string text;
  for (;;) {
    const auto has_row = reader.next_row(info.fields, text);
    if (!has_row) return has_row.error().message;
    if (!*has_row) return text;
    text += '\n';
  }
}

TEST(GoogleRowsTest, WritesEveryType) {
  const auto info = parse_table_info(k_info);
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(format_timestamp(*info->modified), "2025-07-24T00:00:00.123Z");
  EXPECT_EQ(rows_of(R"({"totalRows":"2","rows":[
    {"f":[{"v":"9007199254740993"},{"v":"a\"\\\n\u0001é"},{"v":"true"},{"v":"1.5"},{"v":"1213067287342050"},
     {"v":[{"v":{"f":[{"v":"540830"},{"v":"1boy"}]}},{"v":{"f":[{"v":"1"},{"v":null}]}}]},{"v":[{"v":"7"},{"v":"8"}]},
     {"v":{"f":[{"v":"false"}]}}]},
    {"f":[{"v":null},{"v":null},{"v":null},{"v":null},{"v":null},{"v":[]},{"v":[]},{"v":null}]}]})",
                    *info),
            R"({"id":"9007199254740993","name":"a\"\\\n\u0001é","is_deleted":true,"score":1.5,)"
            R"("created_at":"2008-06-10 03:08:07.34205 UTC","tags":[{"id":"540830","name":"1boy"},{"id":"1"}],)"
            R"("post_ids":["7","8"],"asset":{"ok":false}})"
            "\n"
            R"({"tags":[],"post_ids":[]})"
            "\n");
}

TEST(GoogleRowsTest, RefusesRowsThatDoNotFit) {
  const auto info = parse_table_info(R"({"schema":{"fields":[{"name":"a","type":"STRING"},
    {"name":"r","type":"RECORD","fields":[{"name":"b","type":"STRING"}]},{"name":"l","type":"STRING","mode":"REPEATED"}]}})");
  ASSERT_TRUE(info);
  for (const char* row :
       {R"({})", R"({"f":[]})", R"({"f":[{"v":"1"}]})", R"({"f":[{},{},{}]})", R"(7)", R"({"f":7})",
        R"({"f":[{"v":1},{"v":null},{"v":[]}]})", R"({"f":[{"v":null},{"v":"x"},{"v":[]}]})",
        R"({"f":[{"v":null},{"v":null},{"v":"x"}]})", R"({"f":[{"v":null},{"v":null},{"v":["x"]}]})"}) {
    TablePage page;
    ASSERT_TRUE(page.parse(std::string(R"({"rows":[)") + row + "]}")) << row;
    std::string text;
    EXPECT_FALSE(page.next_row(info->fields, text)) << row;
  }
}

TEST(GoogleRowsTest, RefusesAnswersThatAreNone) {
  for (const char* answer : {"", "<html>", "[]", "{}", R"({"schema":{}})", R"({"schema":{"fields":[{"name":"a"}]}})",
                             R"({"schema":{"fields":[{"name":"a","type":"RECORD"}]}})"}) {
    EXPECT_FALSE(parse_table_info(answer)) << answer;
  }
  TablePage page;
  EXPECT_FALSE(page.parse("<html>"));
  EXPECT_FALSE(page.parse("[]"));
  EXPECT_FALSE(page.parse(R"({"rows":7})"));
}

TEST(GoogleRowsTest, RefusesDeepSchemas) {
  const auto nested = [](int levels) {
    std::string fields = R"([{"name":"a","type":"STRING"}])";
    for (int i = 1; i < levels; ++i) fields = R"([{"name":"r","type":"RECORD","fields":)" + fields + "}]";
    return R"({"schema":{"fields":)" + fields + "}}";
  };
  EXPECT_TRUE(parse_table_info(nested(15)));
  EXPECT_FALSE(parse_table_info(nested(16)));
  EXPECT_FALSE(parse_table_info(nested(5000)));
}

TEST(GoogleRowsTest, KnowsTheNextPage) {
  TablePage page;
  ASSERT_TRUE(page.parse(R"({"pageToken":"abc","totalRows":"12"})"));
  EXPECT_EQ(page.next_page(), "abc");
  EXPECT_EQ(page.total_rows(), 12);
  ASSERT_TRUE(page.parse("{}"));
  EXPECT_EQ(page.next_page(), "");
  EXPECT_EQ(page.total_rows(), std::nullopt);
}

std::string timestamp(std::string_view text) {
  std::string json;
  append_timestamp(json, text);
  return json;
}

TEST(GoogleRowsTest, WritesMoments) {
  EXPECT_EQ(timestamp("0"), "\"1970-01-01 00:00:00 UTC\"");
  EXPECT_EQ(timestamp("1.21306728734205E9"), "\"2008-06-10 03:08:07.34205 UTC\"");
  EXPECT_EQ(timestamp("-1"), "\"1969-12-31 23:59:59.999999 UTC\"");
  EXPECT_EQ(timestamp("-62135596800000000"), "\"0001-01-01 00:00:00 UTC\"");
  EXPECT_EQ(timestamp("253402300799999999"), "\"9999-12-31 23:59:59.999999 UTC\"");
  for (const char* odd :
       {"", "x", "1e300", "nan", "9223372036854775807", "-9223372036854775808", "99999999999999999999"}) {
    EXPECT_EQ(timestamp(odd), '"' + std::string(odd) + '"');
  }
}

TEST(GoogleRowsTest, WritesNumbers) {
  const auto real = [](std::string_view text) {
    std::string json;
    append_real(json, text);
    return json;
  };
  EXPECT_EQ(real("0.1"), "0.1");
  EXPECT_EQ(real("1.0E10"), "10000000000");
  EXPECT_EQ(real("-1e300"), "-1e+300");
  EXPECT_EQ(real("NaN"), "\"NaN\"");
  EXPECT_EQ(real("-Infinity"), "\"-Infinity\"");
  EXPECT_EQ(real("1,5"), "\"1,5\"");
}

}  // namespace
}  // namespace dbr::site
