// SPDX-License-Identifier: MIT
// Four sources, one precedence, one validation.
#include "dbr/cli/resolve.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <map>

#include "support/must.hpp"
#include "support/scratch.hpp"

namespace dbr::cli {
namespace {

using test::must;
using test::write_bytes;

class ResolveTest : public ::testing::Test {
 protected:
  ResolveTest() : m_variables{{"HOME", m_scratch.path().string()}} {
    std::filesystem::create_directories(users_file().parent_path());
    std::filesystem::create_directories(root());
    flag("root", root().string());
  }

  void flag(std::string_view name, std::string text) {
    m_flags.push_back({find_option(name), "--" + std::string(name), {std::move(text)}});
  }
  void variable(const std::string& name, std::string text) { m_variables[name] = std::move(text); }
  std::filesystem::path root() const { return m_scratch / "data"; }
  std::filesystem::path users_file() const { return m_scratch / ".config/dbr/config.toml"; }
  std::filesystem::path of_root() const { return root() / "dbr.toml"; }

  Result<Values> resolved() const {
    return resolve(m_flags, [this](const std::string& name) -> std::optional<std::string> {
      const auto found = m_variables.find(name);
      if (found == m_variables.end()) return std::nullopt;
      return found->second;
    });
  }
  Error error() const {
    const auto result = resolved();
    return result ? Error{ErrorKind::internal, "no error"} : result.error();
  }

  test::Scratch m_scratch;

 private:
  std::map<std::string, std::string> m_variables;
  std::vector<Setting> m_flags;
};

TEST_F(ResolveTest, DefaultsWithoutAnySource) {
  const Values values = must(resolved());
  EXPECT_EQ(values.settings.tps, 1.0);
  EXPECT_EQ(values.settings.ml.quality, 90);
  EXPECT_EQ(values.settings.root, root());
}

TEST_F(ResolveTest, SfwRatingsAreOneTextForOneRule) {
  EXPECT_EQ(must(resolved()).settings.sfw_ratings, "gs");
  write_bytes(of_root(), "sfw_ratings = \"s,g\"\n");
  EXPECT_EQ(must(resolved()).settings.sfw_ratings, "gs");
  flag("sfw-ratings", "eg");
  EXPECT_EQ(must(resolved()).settings.sfw_ratings, "ge");
}

TEST_F(ResolveTest, FilesNamedInAFileLieBesideIt) {
  write_bytes(of_root(), "exclude = [\"unwanted.txt\", \"/lists/law.txt\"]\n");
  const std::vector<std::filesystem::path> expected = {root() / "unwanted.txt", "/lists/law.txt"};
  EXPECT_EQ(must(resolved()).settings.exclude, expected);
  flag("exclude", "here.txt");
  EXPECT_EQ(must(resolved()).settings.exclude, std::vector<std::filesystem::path>{"here.txt"});
}

TEST_F(ResolveTest, EachSourceBeatsTheOneBefore) {
  write_bytes(users_file(), "tps = 2\nquality = 50\njobs = 3\nbuckets = 10\n");
  EXPECT_EQ(must(resolved()).settings.tps, 2.0);
  write_bytes(of_root(), "tps = 3.5\nquality = 60\njobs = 4\n");
  EXPECT_EQ(must(resolved()).settings.tps, 3.5);
  variable("DBR_TPS", "4");
  variable("DBR_QUALITY", "70");
  EXPECT_EQ(must(resolved()).settings.tps, 4.0);
  flag("tps", "5");
  const auto settings = must(resolved()).settings;
  EXPECT_EQ(settings.tps, 5.0);
  EXPECT_EQ(settings.ml.quality, 70);
  EXPECT_EQ(settings.jobs, 4);
  EXPECT_EQ(settings.buckets, 10);
}

TEST_F(ResolveTest, ErrorsSayWhereTheValueCameFrom) {
  write_bytes(of_root(), "tps = \"fast\"\n");
  EXPECT_EQ(error().kind, ErrorKind::config);
  EXPECT_EQ(error().message, "invalid value \"fast\" for " + of_root().string() + ": tps: a number above 0");
  std::filesystem::remove(of_root());
  variable("DBR_TPS", "0");
  EXPECT_EQ(error().kind, ErrorKind::config);
  EXPECT_EQ(error().message, "invalid value \"0\" for DBR_TPS: a number above 0");
  variable("DBR_TPS", "");
  EXPECT_TRUE(resolved());
}

TEST_F(ResolveTest, ListsReplaceWeakerLists) {
  write_bytes(of_root(), "allow_host = [\"a.example\", \"b.example\"]\nformat = \"slim-tsv\"\n");
  EXPECT_EQ(must(resolved()).settings.allow_hosts, (std::vector<std::string>{"a.example", "b.example"}));
  variable("DBR_ALLOW_HOST", "c.example d.example");
  EXPECT_EQ(must(resolved()).settings.allow_hosts, (std::vector<std::string>{"c.example", "d.example"}));
}

TEST_F(ResolveTest, HostsAreAsUrlsHaveThem) {
  variable("DBR_ALLOW_HOST", "CDN.Example.ORG,b.example ABCD::0:1");
  EXPECT_EQ(must(resolved()).settings.allow_hosts,
            (std::vector<std::string>{"cdn.example.org", "b.example", "abcd::1"}));
  variable("DBR_ALLOW_HOST", "cdn.example.org:8443");
  EXPECT_EQ(error().message,
            "invalid value \"cdn.example.org:8443\" for DBR_ALLOW_HOST: a host name without scheme or port");
}

TEST_F(ResolveTest, OneTorrentASeriesAndSmallVolumesExcludeEachOther) {
  write_bytes(of_root(), "volume_files = 3\n");
  variable("DBR_SINGLE", "no");
  EXPECT_EQ(must(resolved()).settings.volume_files, 3);
  variable("DBR_SINGLE", "yes");
  EXPECT_TRUE(must(resolved()).settings.single);
  EXPECT_FALSE(must(resolved()).settings.volume_files);
  flag("volume-files", "4");
  EXPECT_FALSE(must(resolved()).settings.single);
  flag("single", "false");
  EXPECT_EQ(must(resolved()).settings.volume_files, 4);
}

TEST_F(ResolveTest, OneTorrentASeriesAndSmallVolumesClashInOneSource) {
  flag("volume-files", "3");
  flag("single", "true");
  EXPECT_EQ(error().kind, ErrorKind::usage);
  EXPECT_EQ(error().message, "--volume-files and --single exclude each other");
}

TEST_F(ResolveTest, StrongerYearReplacesWeakerDate) {
  write_bytes(of_root(), "as_of = 2016-07-01\n");
  EXPECT_EQ(must(resolved()).settings.as_of, parse_timestamp("2016-07-01"));
  flag("year", "2017");
  const auto settings = must(resolved()).settings;
  EXPECT_EQ(settings.year, 2017);
  EXPECT_FALSE(settings.as_of);
}

TEST_F(ResolveTest, YearAndDateTogetherClash) {
  flag("year", "2017");
  flag("as-of", "2018-01-01");
  EXPECT_EQ(error().kind, ErrorKind::usage);
  EXPECT_EQ(error().message, "--year and --as-of exclude each other");
}

TEST_F(ResolveTest, UnknownKeysSuggest) {
  write_bytes(of_root(), "limit-rate = \"2M\"\n");
  EXPECT_EQ(error().kind, ErrorKind::config);
  EXPECT_EQ(error().hint, "did you mean limit_rate?");
  write_bytes(of_root(), "[site]\nurl = \"https://x/\"\n");
  EXPECT_NE(error().message.find("must be one value"), std::string::npos);
  write_bytes(of_root(), "root = \"/x\"\n");
  EXPECT_NE(error().message.find("cannot be set in a file"), std::string::npos);
  write_bytes(of_root(), "tps = [1, 2]\n");
  EXPECT_NE(error().message.find("must be one value"), std::string::npos);
}

TEST_F(ResolveTest, BrokenFileIsNotQuoted) {
  write_bytes(of_root(), "tps = 1\napi_key = hushhush\n");
  EXPECT_EQ(error().kind, ErrorKind::config);
  EXPECT_NE(error().message.find("line 2"), std::string::npos) << error().message;
  EXPECT_EQ(error().message.find("hush"), std::string::npos) << error().message;
}

TEST_F(ResolveTest, KeyOthersCanReadIsRefused) {
  write_bytes(users_file(), "login = \"me\"\napi_key = \"hushhush\"\n");
  ::chmod(users_file().c_str(), 0640);
  EXPECT_EQ(error().kind, ErrorKind::config);
  EXPECT_EQ(error().hint, "chmod 600 " + users_file().string());
  EXPECT_EQ(error().message.find("hush"), std::string::npos);
  ::chmod(users_file().c_str(), 0600);
  EXPECT_EQ(must(resolved()).settings.api_key, "hushhush");
}

TEST_F(ResolveTest, KeyFile) {
  write_bytes(m_scratch / "key", "hushhush\n");
  write_bytes(of_root(), "api_key_file = \"../key\"\n");
  ::chmod((m_scratch / "key").c_str(), 0644);
  EXPECT_EQ(error().kind, ErrorKind::config);
  ::chmod((m_scratch / "key").c_str(), 0600);
  EXPECT_EQ(must(resolved()).settings.api_key, "hushhush");
  variable("DBR_API_KEY", "other");
  EXPECT_EQ(must(resolved()).settings.api_key, "other");
}

TEST_F(ResolveTest, NamedFileReplacesTheUsersAndMustExist) {
  write_bytes(users_file(), "tps = 2\n");
  variable("DBR_CONFIG", (m_scratch / "mine.toml").string());
  EXPECT_EQ(error().kind, ErrorKind::config);
  write_bytes(m_scratch / "mine.toml", "quality = 40\n");
  const auto settings = must(resolved()).settings;
  EXPECT_EQ(settings.tps, 1.0);
  EXPECT_EQ(settings.ml.quality, 40);
}

TEST_F(ResolveTest, XdgFolderGoesFirst) {
  std::filesystem::create_directories(m_scratch / "xdg/dbr");
  write_bytes(m_scratch / "xdg/dbr/config.toml", "tps = 7\n");
  write_bytes(users_file(), "tps = 2\n");
  variable("XDG_CONFIG_HOME", (m_scratch / "xdg").string());
  EXPECT_EQ(must(resolved()).settings.tps, 7.0);
}

TEST_F(ResolveTest, WhatOutlivesARunIsKeptWhereTheUserSays) {
  EXPECT_EQ(must(resolved()).settings.state_folder, m_scratch / ".local/state/dbr");
  variable("XDG_STATE_HOME", "relative");
  EXPECT_EQ(must(resolved()).settings.state_folder, m_scratch / ".local/state/dbr");
  variable("XDG_STATE_HOME", (m_scratch / "state").string());
  EXPECT_EQ(must(resolved()).settings.state_folder, m_scratch / "state/dbr");
  variable("XDG_STATE_HOME", "");
  variable("HOME", (m_scratch / "none").string());
  EXPECT_FALSE(must(resolved()).settings.state_folder) << "nobody's home is not made";
}

}  // namespace
}  // namespace dbr::cli
