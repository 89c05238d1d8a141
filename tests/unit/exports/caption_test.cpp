// SPDX-License-Identifier: MIT
#include "exports/caption.hpp"

#include <gtest/gtest.h>

namespace dbr::exports {
namespace {

TEST(CaptionTest, MostTellingFirstWithinACategoryAsThePostHasThem) {
  const std::vector<metadata::TagUse> tags = {{"long_hair", 0}, {"1girl", 0},        {"some_body", 1}, {"new_kind", 7},
                                              {"vocaloid", 3},  {"hatsune_miku", 4}, {"highres", 5}};
  EXPECT_EQ(make_caption(tags).text, "hatsune miku, vocaloid, some body, long hair, 1girl, new kind, highres");
}

TEST(CaptionTest, FacesAndParenthesesStay) {
  const std::vector<metadata::TagUse> tags = {{"^_^", 0}, {"あ_い", 0}, {"@_@", 0}, {":|", 0}, {"saber_(fate)", 4}};
  EXPECT_EQ(make_caption(tags).text, "saber (fate), ^_^, あ_い, @_@, :|");
}

TEST(CaptionTest, WhatCouldNotBeToldApartIsLeftOutAndCounted) {
  const std::vector<metadata::TagUse> tags = {{"a,b", 0}, {"two\nlines", 0}, {"solo", 0}, {"r\r", 4}};
  const Caption caption = make_caption(tags);
  EXPECT_EQ(caption.text, "solo");
  EXPECT_EQ(caption.refused, 3);
  EXPECT_EQ(make_caption({}).text, "");
}

}  // namespace
}  // namespace dbr::exports
