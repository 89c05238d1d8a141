// SPDX-License-Identifier: MIT
#include "exports/link_tree.hpp"

#include <gtest/gtest.h>

#include "support/must.hpp"
#include "support/scratch.hpp"

namespace dbr::exports {
namespace {

namespace fs = std::filesystem;
using dbr::test::must;
using dbr::test::read_bytes;
using dbr::test::write_bytes;

class LinkTreeTest : public ::testing::Test {
 protected:
  LinkTreeTest() { write_bytes(stored, "a picture"); }

  dbr::test::Scratch scratch;
  fs::path stored = scratch / "stored";
  fs::path folder = scratch / "exports" / "danbooru2017" / "tree";
};

TEST_F(LinkTreeTest, AppearsWholeInThePlaceOfTheFormerOne) {
  fs::create_directories(folder / "old");
  write_bytes(folder / "old" / "file", "old");
  auto tree = must(LinkTree::create(folder));
  EXPECT_TRUE(must(tree.link(stored, "sfw/0001/1.jpg")));
  must(tree.write("sfw/0001/1.txt", "text"));
  EXPECT_TRUE(fs::exists(folder / "old" / "file"));
  EXPECT_FALSE(fs::exists(folder / "sfw"));
  must(tree.commit());
  EXPECT_FALSE(fs::exists(folder / "old"));
  EXPECT_TRUE(fs::equivalent(folder / "sfw/0001/1.jpg", stored));
  EXPECT_EQ(read_bytes(folder / "sfw/0001/1.txt"), "text");
  EXPECT_EQ(dbr::test::count_entries(folder.parent_path()), 1U) << "nothing is left lying about";
}

TEST_F(LinkTreeTest, WhatAKilledRunLeftGoes) {
  write_bytes(must(LinkTree::create(folder)).path() / "half", "half");
  auto tree = must(LinkTree::create(folder));
  must(tree.write("whole", "whole"));
  must(tree.commit());
  EXPECT_EQ(dbr::test::count_entries(folder), 1U);
}

TEST_F(LinkTreeTest, ATakenNameIsToldApartFromAMissingPicture) {
  auto tree = must(LinkTree::create(folder));
  EXPECT_TRUE(must(tree.link(stored, "x/1.jpg")));
  EXPECT_FALSE(must(tree.link(stored, "x/1.jpg")));
  const auto missing = tree.link(scratch / "nowhere", "x/2.jpg");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::corrupt);
  EXPECT_EQ(missing.error().hint, "dbr verify finds what else is missing");
}

TEST_F(LinkTreeTest, AFileSystemWithoutLinksIsNamedWithAWayOut) {
  auto tree = must(LinkTree::create(folder));
  const auto other = tree.link("/proc/self/status", "x.jpg");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, ErrorKind::io);
  EXPECT_NE(other.error().hint.find("--format"), std::string::npos) << other.error().hint;
}

}  // namespace
}  // namespace dbr::exports
