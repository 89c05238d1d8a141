// SPDX-License-Identifier: MIT
// Files go, and nothing outside of the folder does.
#include "tree_pruner.hpp"

#include <gtest/gtest.h>

#include "../../support/must.hpp"
#include "../../support/scratch.hpp"

namespace dbr::stages {
namespace {

namespace fs = std::filesystem;
using test::must;
using Fate = TreePruner::Fate;

class TreePrunerTest : public testing::Test {
 protected:
  void put(const std::string& path, std::string_view bytes = "bytes") {
    fs::create_directories((root / path).parent_path());
    test::write_bytes(root / path, bytes);
  }
  TreePruner open(bool is_dry_run = false) { return must(TreePruner::open(root, is_dry_run)); }

  test::Scratch scratch;
  const fs::path root = scratch / "tree";
};

TEST_F(TreePrunerTest, FilesGoAndFoldersThatAreEmptyThen) {
  for (const char* path : {"top", "a/b/1", "a/b/2", "a/c/1", "a/c/keep", "d/e/f/1"}) put(path);
  put("a/b/3", "123");
  TreePruner pruner = open();
  for (const char* path : {"a/b/1", "a/b/2", "a/b/3"}) EXPECT_EQ(pruner.remove(path), Fate::removed) << path;
  EXPECT_EQ(pruner.size(), 3);
  EXPECT_TRUE(fs::exists(root / "a/b")) << "more may come";
  for (const char* path : {"a/c/1", "d/e/f/1", "top"}) EXPECT_EQ(pruner.remove(path), Fate::removed) << path;
  pruner.finish();
  EXPECT_EQ(pruner.folders(), 4);
  EXPECT_FALSE(fs::exists(root / "a/b"));
  EXPECT_FALSE(fs::exists(root / "d"));
  EXPECT_EQ(test::count_entries(root), 1U);
  EXPECT_TRUE(fs::exists(root / "a/c/keep"));
}

TEST_F(TreePrunerTest, WhatIsNotThereIsAbsent) {
  put("a/b/keep");
  fs::create_directories(root / "a/empty");
  TreePruner pruner = open();
  for (const char* path : {"a/1", "a/b/1", "a/empty/1", "a/none/1", "a/none/2", "none/b/c/1", "none"}) {
    EXPECT_EQ(pruner.remove(path), Fate::absent) << path;
  }
  pruner.finish();
  EXPECT_EQ(pruner.folders(), 1) << "a killed run has left it empty";
  EXPECT_TRUE(fs::exists(root / "a/b/keep"));
}

TEST_F(TreePrunerTest, ADryRunRemovesNothing) {
  put("a/1");
  TreePruner pruner = open(true);
  EXPECT_EQ(pruner.remove("a/1"), Fate::removed);
  EXPECT_EQ(pruner.remove("a/2"), Fate::absent);
  pruner.finish();
  EXPECT_EQ(pruner.folders(), 0);
  EXPECT_TRUE(fs::exists(root / "a/1"));
}

TEST_F(TreePrunerTest, LinksAreNotFollowedAndStay) {
  put("real/1");
  test::write_bytes(scratch / "target", "bytes");
  fs::create_directories(scratch / "outside/b");
  test::write_bytes(scratch / "outside/b/1", "bytes");
  fs::create_directory_symlink(scratch / "outside", root / "a");
  fs::create_directory_symlink(root / "real", root / "inside");
  fs::create_symlink(scratch / "target", root / "link");
  fs::create_directories(root / "folder");
  TreePruner pruner = open();
  for (const char* path : {"a/b/1", "a/b/2", "inside/1", "link", "folder", "link/1"}) {
    EXPECT_EQ(pruner.remove(path), Fate::not_removed) << path;
    EXPECT_FALSE(pruner.why().empty());
  }
  pruner.finish();
  EXPECT_EQ(pruner.folders(), 0);
  EXPECT_TRUE(fs::exists(scratch / "outside/b/1"));
  EXPECT_TRUE(fs::exists(scratch / "target"));
  EXPECT_TRUE(fs::exists(root / "real/1"));
  EXPECT_TRUE(fs::is_symlink(root / "link"));
  EXPECT_TRUE(fs::is_symlink(root / "a"));
}

TEST_F(TreePrunerTest, TheFolderItselfMustBeOne) {
  EXPECT_FALSE(TreePruner::open(root, false));
  test::write_bytes(scratch / "file", "");
  EXPECT_FALSE(TreePruner::open(scratch / "file", false));
}

}  // namespace
}  // namespace dbr::stages
