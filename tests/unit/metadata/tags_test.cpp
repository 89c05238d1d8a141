// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "dbr/metadata/post.hpp"
#include "support/must.hpp"
#include "unit/metadata/samples.hpp"
#include "unit/metadata/unpacked.hpp"

namespace dbr::metadata {
namespace {

using dbr::test::must;

std::string listed(std::string_view json) {
  std::string text;
  for (const TagUse& tag : by_category(test::tags_of(must(pack(json, {}))))) {
    text += std::string(to_string(static_cast<TagCategory>(tag.category))).substr(0, 2) + ":" + tag.name + " ";
  }
  return text;
}

TEST(TagsTest, ByCategoryInTheSitesOrder) {
  EXPECT_EQ(
      listed(test::k_post_2025),
      "ge:1girl ge:blush ge:bow-shaped_hair ar:mikurumikurumi co:genshin_impact ch:sangonomiya_kokomi me:highres ");
}

TEST(TagsTest, ATagInNoPartIsGeneral) {
  EXPECT_EQ(listed(test::k_post_2017), "ge:1girl ge:highres ge:long_hair ");
}

TEST(TagsTest, DuplicatesCountOnce) {
  EXPECT_EQ(listed(R"({"tag_string":"a b a","tag_string_general":"b b a","tag_string_artist":"a c"})"), "ge:a ge:b ");
}

TEST(TagsTest, OddSpacesAndHostileNames) {
  EXPECT_EQ(listed(R"({"tag_string":"  a   $(rm) -x <b> \\o/ \"q\" ' あ "})"),
            "ge:a ge:$(rm) ge:-x ge:<b> ge:\\o/ ge:\"q\" ge:' ge:あ ");
}

TEST(TagsTest, NoTags) {
  EXPECT_EQ(listed(R"({"tag_string":""})"), "");
  EXPECT_EQ(listed(R"({"tag_string":null})"), "");
  EXPECT_EQ(listed("{}"), "");
}

}  // namespace
}  // namespace dbr::metadata
