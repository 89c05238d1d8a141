// SPDX-License-Identifier: MIT
// The formats that are trees of pictures.
#include <map>
#include <set>

#include "exports/tags_to_learn.hpp"
#include "unit/exports/small_release.hpp"

namespace dbr::exports {
namespace {

namespace fs = std::filesystem;
using dbr::test::md5_of;
using dbr::test::read_bytes;
using dbr::test::write_bytes;
using test::SmallRelease;
using test::Written;

/// The beginning of a JPEG of 512 x 300, and something of its own.
std::string picture(PostId id) {
  using std::string_view_literals::operator""sv;
  return std::string("\xFF\xD8\xFF\xC0\x00\x11\x08\x01\x2C\x02\x00\x03\x01\x11\x00\x02\x11\x01\x03\x11\x01"sv) +
         std::to_string(id);
}

class Trees : public SmallRelease {
 public:
  explicit Trees(bool is_reversed = false) : SmallRelease(is_reversed) {
    for (const PostId id : {1, 1003}) put_picture(id);
  }

  fs::path stored(PostId id) const { return manifest.layout().stored(dataset::Form::ml, id, "jpg"); }

  void put_picture(PostId id) {
    fs::create_directories(stored(id).parent_path());
    write_bytes(stored(id), picture(id));
    dataset::MlOutcome made;
    made.id = id;
    made.state = dataset::MlState::done;
    made.size = static_cast<ByteCount>(picture(id).size());
    made.md5 = md5_of(picture(id));
    made.sha256 = digest_hex(DigestKind::sha256, picture(id));
    made.settings_hash = "s1";
    made.box_y = 20;
    made.box_width = 512;
    made.box_height = 260;
    dbr::test::must(dataset::record_ml(manifest.database, made));
    place();
  }

  std::map<std::string, std::string> files(std::string_view format) const {
    std::map<std::string, std::string> found;
    if (!fs::exists(folder(format))) return found;
    for (const auto& entry : fs::recursive_directory_iterator(folder(format))) {
      if (entry.is_regular_file()) {
        found[entry.path().lexically_relative(folder(format))] = read_bytes(entry.path());
      }
    }
    return found;
  }

  nlohmann::json json(std::string_view format, std::string_view name) const {
    return nlohmann::json::parse(read_bytes(folder(format) / name));
  }
};

class EveryTree : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryTree, EqualContentGivesEqualTrees) {
  Trees trees;
  Trees reversed(true);
  trees.write(GetParam());
  reversed.write(GetParam());
  const auto first = trees.files(GetParam());
  EXPECT_GE(first.size(), 4U);
  EXPECT_TRUE(first == reversed.files(GetParam()));
  EXPECT_EQ(trees.posts_reported, 3);

  write_bytes(trees.folder(GetParam()) / "of an earlier run", "x");
  trees.write(GetParam());
  EXPECT_TRUE(first == trees.files(GetParam()));
}

TEST_P(EveryTree, HoldsTheFilesItNames) {
  Trees trees;
  trees.write(GetParam());
  std::set<std::string> named;
  for (std::string name : SmallRelease::format(GetParam()).files(trees.release)) {
    if (name.back() == '/') name.pop_back();
    named.insert(name);
  }
  std::set<std::string> found;
  for (const auto& entry : fs::directory_iterator(trees.folder(GetParam()))) found.insert(entry.path().filename());
  EXPECT_EQ(found, named);
}

TEST_P(EveryTree, AStopLeavesTheFormerTree) {
  Trees trees;
  trees.write(GetParam());
  const auto before = trees.files(GetParam());
  StopSource source;
  source.request_stop(StopLevel::drain);
  const auto stopped = trees.SmallRelease::write(GetParam(), source.token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, ErrorKind::cancelled);
  EXPECT_TRUE(before == trees.files(GetParam()));
}

TEST_P(EveryTree, AnEmptyReleaseIsFine) {
  Trees trees;
  dbr::test::must(trees.manifest.database.execute("DELETE FROM placement"));
  trees.write(GetParam());
  EXPECT_TRUE(fs::exists(trees.folder(GetParam())));
}

INSTANTIATE_TEST_SUITE_P(Formats, EveryTree, ::testing::Values("sd-scripts", "imagefolder", "deepdanbooru"),
                         [](const auto& format) {
                           std::string name = format.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(SdScriptsTest, PicturesCaptionsAndMetadata) {
  Trees trees;
  trees.write("sd-scripts");
  EXPECT_TRUE(fs::equivalent(trees.folder("sd-scripts") / "sfw/0001/1.jpg", trees.stored(1)));
  EXPECT_EQ(read_bytes(trees.folder("sd-scripts") / "nsfw/0003/1003.txt"), "1girl, unheard of\n");
  const auto all = trees.json("sd-scripts", "metadata.json");
  ASSERT_EQ(all.size(), 2U);
  const auto& entry = all.at("nsfw/0003/1003.jpg");
  EXPECT_EQ(entry.at("tags"), "1girl, unheard of");
  EXPECT_EQ(entry.at("image_size"), nlohmann::json::parse("[512, 300]"));
  EXPECT_EQ(entry.at("content_box"), nlohmann::json::parse("[0, 20, 512, 260]"));
  EXPECT_NE(read_bytes(trees.folder("sd-scripts") / "metadata.jsonl")
                .find(R"({"image_path":"nsfw/0003/1003.jpg","caption":"1girl, unheard of","image_size":[512,300],)"),
            std::string::npos);
}

TEST(SdScriptsTest, APostWithoutTagsHasALineInItsCaption) {
  Trees trees;
  trees.put_picture(2);
  trees.write("sd-scripts");
  EXPECT_EQ(read_bytes(trees.folder("sd-scripts") / "sfw/0002/2.txt"), "\n");
}

TEST(SdScriptsTest, ADamagedPictureIsSaidToBeOne) {
  Trees trees;
  write_bytes(trees.stored(1003), "no picture");
  const auto written = trees.SmallRelease::write("sd-scripts", StopSource().token());
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::corrupt);
}

TEST(ImagefolderTest, EachSetHasItsOwnMetadataRelativeToItself) {
  Trees trees;
  trees.write("imagefolder");
  const auto row = trees.json("imagefolder", "train/nsfw/metadata.jsonl");
  EXPECT_EQ(row, nlohmann::json::parse(R"({"file_name": "0003/1003.jpg", "id": 1003, "set": "nsfw", "rating": "e",
    "score": 4, "fav_count": 0, "created_at": "2016-07-01T12:00:00.000Z", "image_width": 640, "image_height": 480,
    "content_box": [0, 20, 512, 260], "text": "1girl, unheard of", "tag_string_general": "1girl unheard_of",
    "tag_string_artist": "", "tag_string_copyright": "", "tag_string_character": "", "tag_string_meta": ""})"));
  EXPECT_TRUE(fs::equivalent(trees.folder("imagefolder") / "train/nsfw/0003/1003.jpg", trees.stored(1003)));
}

TEST(ImagefolderTest, ASetWithoutPicturesHasNoMetadata) {
  Trees trees;
  trees.manifest.set_ml(1003, dataset::MlState::not_a_still_image);
  trees.place();
  trees.write("imagefolder");
  EXPECT_TRUE(fs::exists(trees.folder("imagefolder") / "train/sfw"));
  EXPECT_FALSE(fs::exists(trees.folder("imagefolder") / "train/nsfw"));
}

TEST(DeepdanbooruTest, PicturesAreNamedByTheSitesMd5) {
  Trees trees;
  trees.write("deepdanbooru");
  Written file(trees.folder("deepdanbooru") / "danbooru2017.sqlite");
  EXPECT_EQ(file.rows("SELECT id, md5, file_ext, tag_string, tag_count_general, rating, score, is_deleted FROM posts "
                      "WHERE id = 1003",
                      8),
            "1003|" + md5_of("1003") + "|jpg|1girl unheard_of|2|e|4|1");
  EXPECT_EQ(file.value("SELECT tag_count_general FROM posts WHERE id = 1"), "13") << "each tag once, no artist";
  const std::string name = md5_of("1003") + ".jpg";
  EXPECT_TRUE(fs::equivalent(trees.folder("deepdanbooru") / "images" / name.substr(0, 2) / name, trees.stored(1003)));
}

TEST(DeepdanbooruTest, WhereAnotherPostHasItsMd5APictureHasTheFilesOrTheIdsName) {
  Trees trees;
  auto same = dbr::test::post_record(2);
  same["md5"] = md5_of("1");  // post 1's
  trees.manifest.put(same);
  trees.manifest.store_original(2, "other bytes");
  trees.put_picture(2);
  trees.write("deepdanbooru");
  Written file(trees.folder("deepdanbooru") / "danbooru2017.sqlite");
  EXPECT_EQ(file.rows("SELECT id, md5 FROM posts ORDER BY id", 2),
            "1|" + md5_of("1") + "\n2|" + md5_of("other bytes") + "\n1003|" + md5_of("1003"));

  trees.manifest.store_original(2, "1");
  trees.put_picture(2);
  trees.write("deepdanbooru");
  Written again(trees.folder("deepdanbooru") / "danbooru2017.sqlite");
  EXPECT_EQ(again.value("SELECT md5 FROM posts WHERE id = 2"), "00000000000000000000000000000002");
  EXPECT_TRUE(
      fs::equivalent(trees.folder("deepdanbooru") / "images/00/00000000000000000000000000000002.jpg", trees.stored(2)));
}

TEST(DeepdanbooruTest, LabelsAreCommonGeneralTagsAndCharactersAndTheRatings) {
  SmallRelease small;
  const Context context{small.manifest.database, small.release,        small.manifest.layout(),
                        small.folder(),          StopSource().token(), {}};
  auto tags = test::must(TagTable::load(context, "x"));
  const std::vector<metadata::TagUse> uses = {{"zettai_ryouiki", 0}, {"ahoge", 0},        {"somebody", 1},
                                              {"vocaloid", 3},       {"hatsune_miku", 4}, {"highres", 5}};
  for (int post = 0; post < 2; ++post) (void)tags.use(uses);
  const std::vector<metadata::TagUse> rare = {{"rare", 0}};
  (void)tags.use(rare);
  const std::string ratings = "rating:general\nrating:sensitive\nrating:questionable\nrating:explicit\n";
  EXPECT_EQ(test::must(tags_to_learn(tags, 2)), "ahoge\nzettai_ryouiki\nhatsune_miku\n" + ratings);
  EXPECT_EQ(test::must(tags_to_learn(tags)), ratings);
}

}  // namespace
}  // namespace dbr::exports
