// SPDX-License-Identifier: MIT
#include "exports/field_values.hpp"

#include <gtest/gtest.h>

namespace dbr::exports {
namespace {

const Json k_row = Json::parse(R"({"number": -5, "text_number": "148112", "zero": "0", "word": "12a", "nothing": null,
  "yes": true, "yes_text": "true", "yes_number": 1, "no_text": "false", "fraction": 2.9, "huge": 1e300, "unsigned": 18446744073709551615, "empty": "",
  "time": "2008-06-10 03:08:07.34205 UTC", "no_time": "soon"})");

TEST(FieldValuesTest, NumbersOfEveryEra) {
  EXPECT_EQ(number_in(k_row, "number"), -5);
  EXPECT_EQ(number_in(k_row, "text_number"), 148112);
  EXPECT_EQ(number_in(k_row, "zero"), 0);
  for (const char* key : {"word", "nothing", "absent", "yes", "empty", "fraction", "huge", "unsigned"}) {
    EXPECT_EQ(number_in(k_row, key), std::nullopt) << key;
  }
  EXPECT_EQ(reference_in(k_row, "text_number"), 148112);
  EXPECT_EQ(reference_in(k_row, "zero"), std::nullopt);
}

TEST(FieldValuesTest, TextsFlagsAndTimes) {
  EXPECT_EQ(text_in(k_row, "word"), "12a");
  for (const char* key : {"nothing", "absent", "number"}) EXPECT_EQ(text_in(k_row, key), "");
  for (const char* key : {"yes", "yes_text", "yes_number"}) EXPECT_TRUE(flag_in(k_row, key)) << key;
  for (const char* key : {"nothing", "absent", "no_text", "zero"}) EXPECT_FALSE(flag_in(k_row, key)) << key;
  EXPECT_EQ(time_in(k_row, "time"), "2008-06-10T03:08:07.342Z");
  EXPECT_EQ(time_in(k_row, "no_time"), "soon");
}

}  // namespace
}  // namespace dbr::exports
