// SPDX-License-Identifier: MIT
// The shared tree follows what is placed: by single renames and unlinks, and never with a file in both sets.
#include "shared_tree.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <set>

#include "dbr/base/file_witness.hpp"
#include "support/small_manifest.hpp"

namespace dbr::stages {
namespace {

namespace fs = std::filesystem;
using dataset::Form;
using test::k_spec_2017;
using test::must;
using test::post_record;

class SharedTreeTest : public testing::TestWithParam<const char*> {
 protected:
  LinkMode mode() const { return parse_link_mode(GetParam()); }
  const dataset::Layout& layout() const { return manifest.layout(); }
  fs::path shared(std::string_view path) const { return layout().shared() / path; }

  // A post with its bytes in the store.
  void put(PostId id, std::string_view rating, std::string_view bytes) {
    manifest.put(post_record(id, rating));
    manifest.store_original(id, bytes);
    const auto path = layout().stored(Form::original, id, "png");
    fs::create_directories(path.parent_path());
    test::write_bytes(path, bytes);
    must(manifest.database.execute(
        fmt::format("UPDATE original SET witness = {} WHERE post_id = {}", witness_at(path), id)));
  }
  // What the manifest knows the post's placed file by; -1: not at all.
  std::int64_t known_by(PostId id) {
    return manifest.integer(fmt::format("SELECT witness FROM placed WHERE post_id = {}", id));
  }
  TreeChanges lay_out(LinkMode how) {
    must(dataset::place(manifest.database, layout(), k_spec_2017, 1000));
    pipeline::Meter meter("test");
    const StopSource stop;
    return must(lay_out_tree(layout(), layout().shared(), plan_of_placed(manifest.database, layout()), how,
                             stop.token(), meter));
  }
  TreeChanges lay_out() { return lay_out(mode()); }

  static ino_t inode(const fs::path& path) {
    struct stat facts {};
    return ::stat(path.c_str(), &facts) == 0 ? facts.st_ino : 0;
  }
  std::set<std::string> tree() const {
    std::set<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(layout().shared())) {
      if (!entry.is_directory()) files.insert(entry.path().lexically_relative(layout().shared()).string());
    }
    return files;
  }

  test::SmallManifest manifest;
};

using Tree = std::set<std::string>;

TEST_P(SharedTreeTest, FollowsRatingsReplacementsAndTakedowns) {
  for (PostId id = 1; id <= 4; ++id) put(id, "s", "bytes");
  TreeChanges changes = lay_out();
  EXPECT_EQ(changes.linked, 4);
  const ino_t first = inode(shared("sfw/original/0001/1.png"));
  EXPECT_EQ(first == inode(layout().stored(Form::original, 1, "png")), mode() == LinkMode::hard);

  manifest.put(post_record(1, "e"));
  fs::remove(layout().stored(Form::original, 2, "png"));
  put(2, "s", "other");
  manifest.put(test::hidden(post_record(3)));
  changes = lay_out();
  EXPECT_EQ(tree(), (Tree{"nsfw/original/0001/1.png", "sfw/original/0002/2.png", "sfw/original/0004/4.png"}));
  EXPECT_EQ(inode(shared("nsfw/original/0001/1.png")), first) << "the file itself has moved";
  EXPECT_EQ(test::read_bytes(shared("sfw/original/0002/2.png")), "other");
  EXPECT_FALSE(fs::exists(shared("sfw/original/0003"))) << "nor does its folder stay";
  EXPECT_EQ(changes.moved, 1);
  EXPECT_EQ(changes.linked, 1);
  EXPECT_EQ(changes.removed, 1);
  EXPECT_EQ(changes.kept, 1);

  changes = lay_out();
  EXPECT_EQ(changes.kept, 3);
  EXPECT_EQ(changes.linked + changes.moved + changes.removed, 0);
}

TEST_P(SharedTreeTest, OldBytesDoNotMoveIntoAnotherSet) {
  put(1, "e", "explicit");
  lay_out();
  fs::remove(layout().stored(Form::original, 1, "png"));
  put(1, "g", "harmless");
  const TreeChanges changes = lay_out();
  EXPECT_EQ(changes.moved, 0);
  EXPECT_EQ(changes.removed, 1);
  EXPECT_EQ(tree(), Tree{"sfw/original/0001/1.png"});
  EXPECT_EQ(test::read_bytes(shared("sfw/original/0001/1.png")), "harmless");
}

TEST_P(SharedTreeTest, LeftoversOfKilledRunsGo) {
  put(1, "s", "bytes");
  lay_out();
  manifest.put(post_record(1, "q"));
  for (const char* path : {"nsfw/original/0001/1.png", "sfw/original/0001/.1.png.part", "sfw/original/0001/1.png.bak",
                           "sfw/512px/0007/7.jpg", "nsfw/original/0002/1.png"}) {
    fs::create_directories(shared(path).parent_path());
    test::write_bytes(shared(path), "left");
  }
  lay_out();
  EXPECT_EQ(tree(), Tree{"nsfw/original/0001/1.png"});
  EXPECT_EQ(test::read_bytes(shared("nsfw/original/0001/1.png")), "bytes");
}

// Every name that dbr gives a file, or takes from it, gives it another witness.
TEST_P(SharedTreeTest, FilesAreKnownAgainUnlessSomebodyElseTouchedThem) {
  for (PostId id = 1; id <= 3; ++id) put(id, "s", "bytes");
  const auto sfw = [&](PostId id) { return shared(fmt::format("sfw/original/{0:04}/{0}.png", id)); };
  const auto nsfw = [&](PostId id) { return shared(fmt::format("nsfw/original/{0:04}/{0}.png", id)); };
  test::write_bytes(layout().stored(Form::original, 2, "png"), "other bytes");
  lay_out();
  EXPECT_EQ(known_by(1), witness_at(sfw(1)));
  EXPECT_EQ(known_by(2), -1);
  EXPECT_EQ(known_by(3), witness_at(sfw(3)));

  test::write_bytes(sfw(3), "other bytes");
  for (PostId id = 1; id <= 3; ++id) manifest.put(post_record(id, "q"));
  lay_out();
  EXPECT_EQ(known_by(1), witness_at(nsfw(1)));
  EXPECT_EQ(known_by(2), -1);
  // A link is the stored file, and moves; a copy of another size is made anew.
  EXPECT_EQ(known_by(3), mode() == LinkMode::hard ? -1 : witness_at(nsfw(3)));

  manifest.put(post_record(1, "s"));
  lay_out();
  EXPECT_EQ(known_by(1), witness_at(sfw(1))) << "back where it was";

  manifest.put(test::hidden(post_record(1)));
  lay_out();
  EXPECT_FALSE(fs::exists(sfw(1)));
  manifest.put(post_record(1, "s"));
  lay_out();
  EXPECT_EQ(known_by(1), witness_at(sfw(1))) << "placed again";
}

// As a killed run leaves it: a name that was not recorded.
TEST_P(SharedTreeTest, WhatWasPlacedWithoutARecordIsNotKnown) {
  put(1, "s", "bytes");
  lay_out();
  must(manifest.database.execute("UPDATE placement SET witness = NULL"));
  EXPECT_EQ(lay_out().kept, 1);
  EXPECT_EQ(known_by(1), -1);
}

TEST_P(SharedTreeTest, ModesMayChangeBetweenRuns) {
  put(1, "s", "bytes");
  const auto stored = inode(layout().stored(Form::original, 1, "png"));
  for (const LinkMode how : {LinkMode::copy, LinkMode::hard, LinkMode::copy}) {
    EXPECT_EQ(lay_out(how).linked, 1);
    EXPECT_EQ(inode(shared("sfw/original/0001/1.png")) == stored, how == LinkMode::hard);
    EXPECT_EQ(test::read_bytes(shared("sfw/original/0001/1.png")), "bytes");
    EXPECT_EQ(lay_out(how).kept, 1);
  }
}

TEST_P(SharedTreeTest, AMissingStoredFileIsAnError) {
  put(1, "s", "bytes");
  put(2, "s", "bytes");
  fs::remove(layout().stored(Form::original, 2, "png"));
  must(dataset::place(manifest.database, layout(), k_spec_2017, 1000));
  pipeline::Meter meter("test");
  const StopSource stop;
  const auto result = lay_out_tree(layout(), layout().shared(), plan_of_placed(manifest.database, layout()), mode(),
                                   stop.token(), meter);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::corrupt);
  for (const std::string& name : tree()) EXPECT_FALSE(name.ends_with(".part")) << name;
}

TEST_P(SharedTreeTest, TheAuditNamesWhatDoesNotBelongIntoSfw) {
  put(1, "s", "bytes");
  put(2, "q", "bytes");
  lay_out();
  EXPECT_EQ(must(audit_sfw_tree(manifest.database, layout().shared(), k_spec_2017)), 1);
  test::write_bytes(shared("sfw/readme"), "of no post");
  EXPECT_EQ(must(audit_sfw_tree(manifest.database, layout().shared(), k_spec_2017)), 1);
  for (const char* name : {"2.png", "99.png"}) {
    const auto path = shared("sfw/original/0002") / name;
    fs::create_directories(path.parent_path());
    test::write_bytes(path, "bytes");
    const auto audit = audit_sfw_tree(manifest.database, layout().shared(), k_spec_2017);
    ASSERT_FALSE(audit) << name;
    EXPECT_EQ(audit.error().kind, ErrorKind::corrupt);
    EXPECT_NE(audit.error().message.find(path.string()), std::string::npos) << audit.error().message;
    fs::remove(path);
  }
}

INSTANTIATE_TEST_SUITE_P(Modes, SharedTreeTest, testing::Values("hard", "copy"));

}  // namespace
}  // namespace dbr::stages
