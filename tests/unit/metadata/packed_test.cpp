// SPDX-License-Identifier: MIT
#include "dbr/metadata/packed.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "dbr/metadata/dump_row.hpp"
#include "dbr/metadata/post.hpp"
#include "support/must.hpp"
#include "unit/metadata/samples.hpp"
#include "unit/metadata/unpacked.hpp"

namespace dbr::metadata {
namespace {

using dbr::test::must;
using Json = nlohmann::json;

std::string round_trip(const std::string& json, const PackBase& base = {}) {
  const auto packed = pack(json, base);
  return packed ? test::unpacked(*packed, base) : packed.error().message;
}

void expect_same(const std::string& json, const PackBase& base = {}) {
  const std::string back = round_trip(json, base);
  EXPECT_EQ(Json::parse(back, nullptr, false), Json::parse(json)) << back;
}

TEST(Packed, KeepsEveryKindOfValue) {
  expect_same(R"({})");
  expect_same(R"({"a":null,"b":true,"c":false,"d":"","e":0,"f":-1,"g":9223372036854775807,"h":-9223372036854775808})");
  expect_same(R"({"a":18446744073709551615,"b":1.5,"c":-0.25,"d":1e300,"e":2.0,"f":0.1})");
  expect_same(R"({"a":"0","b":"-7","c":"007","d":"-0","e":"9223372036854775807","f":"9223372036854775808","g":"+1"})");
  expect_same(R"({"a":[],"b":[1,2,-3],"c":["1","2"],"d":["1",2],"e":["x","1"],"f":[[1],[]],"g":[{"a":1},{"a":2}]})");
  expect_same(R"({"a":{"b":{"c":{"d":[1,{"e":null}]}}},"b":{}})");
}

TEST(Packed, KeepsTextsAsTheyAre) {
  expect_same(
      R"({"a":"\u0000\u001f\"\\\/\n\r\t","b":"香 é 🎀","c":"x","d":" ","e":"https://i.pximg.net/img-original/img/2020/01/02/03/04/05/678_p0.jpg"})");
  expect_same(R"({"\u0001 key":1,"":2,"香":3})");
  std::string ascii;
  for (int c = 1; c < 128; ++c) ascii += static_cast<char>(c);
  expect_same(Json{{"a", ascii}, {"b", ascii + ascii}, {"c", std::string(100'000, '7')}}.dump());
}

TEST(Packed, KeepsMomentsInTheirSpelling) {
  for (const char* text :
       {"2025-09-15T19:27:31.639-04:00", "2016-02-29T00:00:00.000+05:45", "2025-09-15T19:27:31.639Z",
        "2008-06-10 03:08:07.34205 UTC", "2008-06-10 03:08:07 UTC", "1970-01-01 00:00:00 UTC",
        "1969-12-31T23:59:59.999Z", "0000-01-01T00:00:00.000+15:45", "9999-12-31T23:59:59.999-15:45",
        // None of the spellings: kept as texts.
        "2008-06-10 03:08:07.342050 UTC", "2008-06-10 03:08:07. UTC", "2025-02-30T19:27:31.639-04:00",
        "2025-09-15T19:27:31.639-00:00", "2025-09-15T19:27:31-04:00", "2025-09-15T24:00:00.000Z", "2025-09-15"}) {
    const std::string json = Json{{"created_at", text}, {"updated_at", text}}.dump();
    expect_same(json);
    expect_same(json, {.created_at = *parse_timestamp("2012-03-04T05:06:07.008Z")});
  }
}

TEST(Packed, KeepsTagsInOrderWithTheirCategories) {
  for (
      const char* json : {
          R"({"tag_string":"a b c d","tag_string_general":"b d","tag_string_artist":"a","tag_string_meta":"c","tag_count":4,"tag_count_general":2})",
          R"({"tag_string":"","tag_string_general":"","tag_count":0})",
          R"({"tag_string":"b a b","tag_string_general":"b a b","tag_count":3})",
          // No split of the whole list: kept as texts.
          R"({"tag_string":"a b","tag_string_general":"b a","tag_count_general":2})",
          R"({"tag_string":"a  b ","tag_string_general":"a b","tag_count":2})",
          R"({"tag_string":"a b","tag_string_general":"a","tag_count":"2","tag_count_general":7})",
          R"({"tag_string":"a b","tag_string_general":5,"tag_count":null})",
          R"({"tags":[{"id":"1","name":"x","category":"0"},{"id":"1","name":"x","category":"0"},{"id":"9","name":"y","category":"4"}]})",
          R"({"tags":[{"id":3,"name":"x","category":1}]})",
          R"({"tags":[{"id":"3","name":"x","category":"300"}]})",
          R"({"tags":[{"name":"x","id":"3","category":"1"}]})",
          R"({"tags":[{"id":"3","name":"x","category":"1","more":1}]})",
          R"({"tags":"a b","tag_string":7})",
          R"({"tags":[]})",
          R"({"tag_string":"","tag_string_general":"","tag_count":0,"tags":[{"id":"1","name":"x","category":"0"}]})",

      }) {
    expect_same(json);
  }
}

TEST(Packed, KeepsWhatLooksAlmostLikeARule) {
  const std::string md5 = "0123456789abcdef0123456789abcdef";
  const PackBase base{.md5 = md5, .file_size = 12};
  expect_same(R"({"md5":")" + md5 + R"(","file_url":"https://x/original/01/23/)" + md5 + R"(.jpg","file_size":12})",
              base);
  expect_same(R"({"file_url":"https://x/01/23/01/23/)" + md5 + md5 + R"(.jpg","file_size":"12","md5":"0123"})", base);
  expect_same(R"({"file_url":"/data/__a__)" + md5 + R"(.jpg","u":"\u0001)" + md5 + R"("})", base);
  expect_same(R"({"image_width":2000,"image_height":1000,"m":{"image_width":2000,"image_height":7,"v":[
    {"type":"180x180","width":180,"height":90},{"type":"360x360","width":360,"height":181},
    {"type":"sample","width":850,"height":425},{"type":"original","width":2000,"height":7},{"type":"","width":1}]}})");
  expect_same(R"({"type":"sample","image_width":900,"image_height":900,"m":{"a":{"type":"original","width":900},
    "b":{"type":"sample","width":850,"height":850}}})");
}

TEST(Packed, KeepsHostileRecords) {
  std::string wide = "{";
  for (int i = 0; i < 5000; ++i) wide += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":" + std::to_string(i);
  expect_same(wide + "}");
  std::string flags = "{";
  for (int i = 0; i < 200; ++i)
    flags += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + (i % 3 == 0 ? "\":true" : "\":false");
  expect_same(flags + "}");
  EXPECT_FALSE(pack("[1]", {}));
  EXPECT_FALSE(pack("{", {}));
  EXPECT_FALSE(pack(std::string(100, '[') + std::string(100, ']'), {}));
  EXPECT_FALSE(pack("{\"a\":\"\xff\"}", {}));
}

TEST(Packed, TheTagsOfARecordWithoutAShapeAreKnown) {
  std::string wide = R"({"tag_string":"a b")";
  for (int i = 0; i < 1000; ++i) wide += ",\"key" + std::to_string(i) + "\":null";
  EXPECT_EQ(test::tags_of(must(pack(wide + "}", {}))).size(), 2U);
}

TEST(Packed, WhatMostPostsLackDoesNotMakeShapes) {
  const auto shape = [](const char* json) { return must(pack(json, {})).shape; };
  EXPECT_EQ(
      shape(R"({"parent_id":null,"last_noted_at":null,"source":"","is_deleted":true})"),
      shape(R"({"parent_id":7,"last_noted_at":"2025-09-15T19:27:31.639-04:00","source":"x","is_deleted":false})"));
  expect_same(R"({"parent_id":null,"last_noted_at":"2025-09-15T19:27:31.639-04:00","pixiv_id":"7","approver_id":1.5})");
}

TEST(Packed, DamagedBytesAreAnErrorOrARecord) {
  const std::string json(test::k_post_2025);
  const PackBase base{};
  const Packed packed = must(pack(json, base));
  for (std::size_t cut = 0; cut < packed.values.size(); ++cut) {
    EXPECT_FALSE(unpack(packed.shape, packed.values.substr(0, cut), base, [] { return nullptr; })) << cut;
  }
  for (std::size_t at = 0; at < packed.shape.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string shape = packed.shape;
      shape[at] = static_cast<char>(shape[at] ^ (1 << bit));
      (void)unpack(shape, packed.values, base, [] { return nullptr; });
    }
  }
}

TEST(Packed, APostOfTodayTakesFewBytes) {
  const Post post = must(parse_post(test::k_post_2025));
  EXPECT_EQ(Json::parse(test::unpacked(post.record, base_of(post))), Json::parse(test::k_post_2025));
  // Without tags, md5 and times of its own.
  EXPECT_LE(post.record.values.size(), 110U);
}

TEST(Packed, ADumpRowTakesFewBytes) {
  DumpRowReader reader;
  std::string padded(test::k_row_2017_dump);
  padded.reserve(padded.size() + DumpRowReader::k_padding);
  const Post post = must(reader.read_post(padded));
  EXPECT_EQ(Json::parse(test::unpacked(post.record, base_of(post))), Json::parse(test::k_row_2017_dump));
  EXPECT_LE(post.record.values.size(), 60U);
  EXPECT_EQ(post.state, PostState::live);
}

}  // namespace
}  // namespace dbr::metadata
