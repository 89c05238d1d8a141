// SPDX-License-Identifier: MIT
#include "exports/statistics.hpp"

#include "unit/exports/small_pages.hpp"

namespace dbr::exports {
namespace {

using test::SmallPages;

// Posts 1 (g, 14 tags, original of 1 byte, ML form of 7), 2 (s, no tags, 1 byte, no ML form), 1003 (e, 2 tags, 4 bytes,
// ML form of 10): counted by hand.
TEST(StatisticsTest, CountsTheSmallRelease) {
  SmallPages small;
  const Document numbers = small.statistics();
  EXPECT_EQ(numbers.at("schema_version"), 1);
  EXPECT_EQ(numbers.at("release"), "danbooru2017");
  EXPECT_EQ(numbers.at("cutoff"), "2018-01-01T00:00:00.000Z");
  EXPECT_EQ(numbers.at("set_rule"), "1: sfw = ratings g and s; everything else is nsfw");
  EXPECT_EQ(numbers.at("first").dump(), R"({"id":1,"created_at":"2016-07-01T12:00:00.000Z"})");
  EXPECT_EQ(numbers.at("last").at("id"), 1003);
  EXPECT_EQ(numbers.at("posts"), 3);
  EXPECT_EQ(numbers.at("stills"), 2);
  EXPECT_EQ(numbers.at("files"), 5);
  EXPECT_EQ(print_document(numbers.at("bytes")),
            "{\n  \"original\": 6,\n  \"512px\": 17,\n  \"total\": 23,\n  \"terabytes\": 0.000,\n"
            "  \"original_of_stills\": 5,\n  \"512px_percent\": 340.000,\n  \"512px_percent_of_all\": 283.333\n}\n");
  EXPECT_EQ(numbers.at("pixels").dump(), R"({"posts":2,"total":614400,"terapixels":0.0,"mean":307200.0})");
  EXPECT_EQ(numbers.at("ratings").dump(),
            R"([{"rating":"g","posts":1,"percent":33.4},{"rating":"s","posts":1,"percent":33.3},)"
            R"({"rating":"q","posts":0,"percent":0.0},{"rating":"e","posts":1,"percent":33.3},)"
            R"({"rating":"unknown","posts":0,"percent":0.0}])");
  EXPECT_EQ(numbers.at("sets").dump(),
            R"([{"set":"sfw","posts":2,"stills":1,"files":3,"original_bytes":2,"512px_bytes":7,"bytes":9},)"
            R"({"set":"nsfw","posts":1,"stills":1,"files":2,"original_bytes":4,"512px_bytes":10,"bytes":14}])");
  EXPECT_EQ(numbers.at("audit").dump(), R"({"checked":5,"outside":0})");
  EXPECT_EQ(numbers.at("formats").dump(), R"([{"extension":"png","files":3,"bytes":6}])");
  EXPECT_EQ(numbers.at("years").dump(), R"([{"year":2016,"posts":3}])");
  EXPECT_EQ(numbers.at("dimensions").at("orientations").dump(), R"({"landscape":2,"portrait":0,"square":0})");
  EXPECT_EQ(numbers.at("dimensions").at("common").dump(), R"([{"width":640,"height":480,"posts":2}])");
  EXPECT_EQ(numbers.at("dimensions").at("megapixels").at(2).dump(), R"({"from":250000,"below":500000,"posts":2})");
  EXPECT_EQ(numbers.at("file_sizes").at("original").at("mean"), 2.0);
  EXPECT_EQ(numbers.at("file_sizes").at("512px").at("ranges").at(0).dump(),
            R"({"from":0,"below":20000,"files":2,"bytes":17})");
  EXPECT_EQ(numbers.at("tags_per_post").at(0).dump(), R"({"from":0,"below":5,"posts":2})");
  EXPECT_EQ(numbers.at("tags_per_post").at(2).dump(), R"({"from":10,"below":15,"posts":1})");
  EXPECT_EQ(numbers.at("scores").dump(), R"({"posts":2,"mean":4.0,"median":4.0,"lowest":4,"highest":4})");
  EXPECT_EQ(numbers.at("favourites").at("posts"), 1);
  EXPECT_TRUE(numbers.at("growth").is_null());
  EXPECT_EQ(numbers.at("comparison").at(1).dump(),
            R"({"dataset":"MS COCO","images":328000,"labels":2500000,"images_ratio":0.0,"labels_ratio":0.0})");
}

TEST(StatisticsTest, DoesNotCountWhatNoPostCanHave) {
  SmallPages small;
  auto post = dbr::test::post_record(5);
  post["score"] = 9223372036854775807;
  post["fav_count"] = 18446744073709551615U;
  post["image_width"] = post["image_height"] = 2147483647;
  post["tag_string"] = post["tag_string_general"] = std::string("1girl a\0b a\uFFFDb", 15);
  small.manifest.put_complete(post);
  small.place();
  const Document numbers = small.statistics();
  EXPECT_EQ(numbers.at("posts"), 4);
  EXPECT_EQ(numbers.at("scores").at("highest"), 4);
  EXPECT_EQ(numbers.at("favourites").at("posts"), 1);
  EXPECT_EQ(numbers.at("pixels").at("posts"), 2);
  EXPECT_EQ(numbers.at("tags").at("instances"), 18) << "a tag with U+0000 is none";
  small.write("sqlite");
  small.write("slim-sqlite");
}

TEST(StatisticsTest, CountsNumbersThatDumpsWriteAsTexts) {
  SmallPages small;
  auto post = dbr::test::post_record(5);
  post["score"] = "7";
  post["fav_count"] = "3";
  small.manifest.put_complete(post);
  small.manifest.put(metadata::Table::tags, {{"id", "600"}, {"name", "unheard_of"}, {"category", "1"}});
  small.place();
  const Document numbers = small.statistics();
  EXPECT_EQ(numbers.at("scores").at("highest"), 7);
  EXPECT_EQ(numbers.at("favourites").at("posts"), 2);
  EXPECT_EQ(numbers.at("pixels").at("total"), 614400 + 640 * 480);
  EXPECT_EQ(numbers.at("tags").at("categories").at(1).at("instances"), 2) << "unheard_of is an artist";
}

TEST(StatisticsTest, CountsTagsOncePerPostAndByTheirTablesCategory) {
  SmallPages small;
  const Document tags = small.statistics().at("tags");
  EXPECT_EQ(tags.at("instances"), 16);
  EXPECT_EQ(tags.at("unique"), 15);
  EXPECT_EQ(tags.at("mean"), 5.333);
  EXPECT_EQ(tags.at("median"), 2.0);
  const Document& general = tags.at("categories").at(0);
  EXPECT_EQ(general.at("instances"), 15);
  EXPECT_EQ(general.at("unique"), 14);
  EXPECT_EQ(general.at("mean"), 5.0);
  EXPECT_EQ(general.at("median"), 2.0);
  // One has more posts; of the others, names by their bytes.
  EXPECT_EQ(general.at("top").at(0).dump(), R"({"name":"1girl","posts":2})");
  EXPECT_EQ(general.at("top").at(1).at("name"), "\"quoted\"");
  EXPECT_EQ(general.at("top").back().at("name"), "あ○人");
  EXPECT_EQ(tags.at("categories").at(1).dump(),
            R"({"category":1,"name":"artist","instances":1,"unique":1,"mean":0.333,"median":0.0,)"
            R"("top":[{"name":"somebody","posts":1}]})");
  EXPECT_EQ(tags.at("categories").at(4).at("top").dump(), "[]");
}

TEST(StatisticsTest, CountsWhatTheListSaysIsLeftOut) {
  SmallPages small;
  EXPECT_EQ(small.statistics().at("left_out").dump(),
            R"({"original":3,"512px":1,"by_reason":[{"form":"original","state":"expunged","reason":"","ids":2},)"
            R"({"form":"original","state":"wanted","reason":"","ids":1},)"
            R"({"form":"512px","state":"not_a_still_image","reason":"video","ids":1}]})");
}

TEST(StatisticsTest, GrowthIsAgainstTheLatestEarlierRelease) {
  SmallPages small;
  small.publish_earlier();
  const Document growth = small.statistics().at("growth");
  EXPECT_EQ(growth.at("previous"), "danbooru2016");
  EXPECT_EQ(growth.at("previous_cutoff"), "2017-01-01T00:00:00.000Z");
  EXPECT_EQ(growth.at("posts").dump(), R"({"before":2,"now":3,"change":1,"percent":50.0})");
  EXPECT_EQ(growth.at("tag_instances").dump(), R"({"before":20,"now":16,"change":-4,"percent":-20.0})");
  EXPECT_EQ(growth.at("bytes").dump(), R"({"before":0,"now":23,"change":23,"percent":null})");
}

TEST(StatisticsTest, EqualContentGivesEqualBytes) {
  SmallPages small;
  const std::string first = print_document(small.statistics());
  EXPECT_EQ(first, print_document(small.statistics()));
  EXPECT_EQ(first, small.page("statistics.json"));
  EXPECT_EQ(first, small.release.statistics);
}

TEST(StatisticsTest, StopsWhenAsked) {
  SmallPages small;
  StopSource stop;
  stop.request_stop(StopLevel::drain);
  const auto made = make_statistics(small.context(stop.token()));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::cancelled);
}

TEST(StatisticsTest, PrintsATable) {
  SmallPages small;
  small.publish_earlier();
  small.page("statistics.json");
  const std::string table = test::must(format_statistics(small.release.statistics));
  EXPECT_NE(table.find("  tag instances                             16\n"), std::string::npos) << table;
  EXPECT_NE(table.find("since danbooru2016"), std::string::npos) << table;
  EXPECT_NE(table.find("+1   50.0 %"), std::string::npos) << table;
  EXPECT_FALSE(format_statistics("{}"));
}

}  // namespace
}  // namespace dbr::exports
