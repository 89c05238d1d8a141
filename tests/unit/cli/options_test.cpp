// SPDX-License-Identifier: MIT
// Every option: what it takes, what it refuses, and that the refusal names option, value and what is allowed.
#include "dbr/cli/options.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "dbr/cli/resolve.hpp"
#include "dbr/exports/format.hpp"

namespace dbr::cli {
namespace {

struct Case {
  std::string_view name;
  std::vector<std::string> good;
  std::vector<std::string> bad;
};

const std::vector<Case>& cases() {
  static const std::vector<std::string> k_bad_switch = {"", "maybe", "2"};
  static const std::vector<std::string> k_good_switch = {"true", "false", "1", "0", "yes", "no", "on", "off"};
  static const std::vector<Case> k_cases = {
      {"root", {".", "/data/x y"}, {""}},
      {"config", {"a.toml"}, {""}},
      {"jobs", {"1", "256"}, {"0", "257", "-1", "4x", "", " 4", "1e2"}},
      {"quiet", k_good_switch, k_bad_switch},
      {"verbose", k_good_switch, k_bad_switch},
      {"json", k_good_switch, k_bad_switch},
      {"log-format", {"text", "json"}, {"xml", ""}},
      {"dry-run", k_good_switch, k_bad_switch},
      {"color", {"auto", "always", "never"}, {"yes", ""}},
      {"version", k_good_switch, k_bad_switch},
      {"help", k_good_switch, k_bad_switch},
      {"site",
       {"https://danbooru.donmai.us", "http://127.0.0.1:8080/"},
       {"danbooru.donmai.us", "ftp://x/", "", "https://u:p@x/", "https://x/?a=b", "file:///etc/passwd",
        "https://x/\xff"}},
      {"tps", {"0.1", "1", "100"}, {"0", "-1", "2e9", "fast", "nan", "inf", "1s", ""}},
      {"limit-rate", {"500k", "20M", "1000"}, {"0", "5", "-1M", "fast", ""}},
      {"cdn-tps", {"0.1", "50"}, {"0", "-1", "fast", ""}},
      {"order", {"old", "new", "small"}, {"", "size", "New"}},
      {"only", {"sfw", "nsfw"}, {"", "safe", "SFW"}},
      {"exclude-tags", {"guro", "guro gore", "a,b :)"}, {"", " ", "a\nb", "guro \xff"}},
      {"max-file-size", {"1", "20M", "1.5G"}, {"0", "-1", "big", ""}},
      {"skip-non-images", k_good_switch, k_bad_switch},
      {"max-transfer", {"1", "500G"}, {"0", "-1", "much", ""}},
      {"reserve", {"0", "10G"}, {"-1", "some", ""}},
      {"reason", {"absent", "absent,md5", "not_found"}, {"", "a,", "No Such", "404 "}},
      {"contact", {"me@example.org", "Zoë"}, {"", "two\nlines", "a\rb", "Zo\xeb", std::string(201, 'x')}},
      {"allow-host",
       {"cdn.example.org", "CDN.Example.org", "127.0.0.1", "::1", "a,b"},
       {"", "https://x", "a b", "a,,b", "x/y", "x/", "x:80", "127.0.0.1:8080", "[::1]", "[::1]:80", "a,b:1", "me@x",
        "a:b"}},
      {"max-duration", {"90s", "15m", "8h", "2d", "30"}, {"0", "-5m", "soon", "5w", ""}},
      {"max-errors", {"1", "1000000"}, {"0", "-1", "many", "", "1.5"}},
      {"ids", {"want.txt", "-"}, {""}},
      {"year", {"2005", "2017", "9999"}, {"2004", "10000", "17", "2017x", "", "-2017"}},
      {"as-of", {"2018-01-01", "2018-01-01T12:00:00Z"}, {"2018", "yesterday", "2018-13-01", ""}},
      {"name", {"danbooru2017", "a.b_c-d"}, {"", ".hidden", "..", "a/b", "a b", std::string(101, 'x')}},
      {"sweep", k_good_switch, k_bad_switch},
      {"from", {"posts.json", "gs://b/o.json", "bigquery:p.d.t"}, {""}},
      {"google-project", {"my-project"}, {"", "a\nb", "\xff"}},
      {"google-token", {"ya29.x"}, {"", "a\nb"}},
      {"google-storage-url", {"http://127.0.0.1:1/"}, {"", "storage", "https://u:p@x/", "https://x/?a"}},
      {"bigquery-url", {"http://127.0.0.1:1"}, {"", "bigquery", "ftp://x/"}},
      {"tags", {"1girl -solo"}, {"", "a\nb", "\xff"}},
      {"rating", {"g", "g,s,q,e"}, {"", "x", "g,", "safe"}},
      {"state", {"live", "live,deleted,withheld,expunged"}, {"", "unread", "Live"}},
      {"created",
       {"2017-01-01..2017-12-31", "2017-01-01..", "..2017-01-01", "2017-01-01", "2017-01-01T00:00:00Z.."},
       {"", "..", "2017", "2017-13-01..", "2017-01-01..soon"}},
      {"pool", {"1", "7659"}, {"0", "-1", "", "x"}},
      {"count", k_good_switch, k_bad_switch},
      {"ids-only", k_good_switch, k_bad_switch},
      {"finish", k_good_switch, k_bad_switch},
      {"reissue", k_good_switch, k_bad_switch},
      {"buckets", {"1", "1000", "10000"}, {"0", "10001", "-1", "", "x"}},
      {"optimize-originals", k_good_switch, k_bad_switch},
      {"sfw-ratings", {"g", "g,s", "gs", "e,q,s,g"}, {"", ",", "g,", ",g", "G", "g s", "x", "general", "g;s"}},
      {"exclude", {"unwanted.txt"}, {""}},
      {"link", {"hard", "reflink", "copy"}, {"", "symbolic", "Hard"}},
      {"release", {"danbooru2017"}, {"", "../up", "a/b", ".hidden"}},
      {"into", {"old"}, {""}},
      {"size", {"16", "512", "16384"}, {"0", "15", "16385", "big", ""}},
      {"fit", {"pad", "inside", "cover"}, {"", "Pad", "fill"}},
      {"enlarge", k_good_switch, k_bad_switch},
      {"background",
       {"black", "white", "auto", "#ff8000", "#FF8000"},
       {"", "red", "#ff80", "#ff80000", "#gg0000", "#-10000"}},
      {"quality", {"1", "100"}, {"0", "101", "best", ""}},
      {"subsampling", {"444", "420"}, {"", "422", "4:4:4"}},
      {"progressive", k_good_switch, k_bad_switch},
      {"on-truncated", {"reject", "accept"}, {"", "keep"}},
      {"memory", {"200M", "1G", "4Gi"}, {"", "199M", "0", "-1G", "much"}},
      {"lane", {"auto", "vips", "scalar"}, {"", "fast"}},
      {"format", {"sqlite", "slim-tsv,jsonl"}, {"", "SQLite", "a b", "a,", "../x"}},
      {"tracker",
       {"academictorrents", "https://t.example/announce", "udp://t.example:1337/announce",
        "nyaa,udp://t.example:1337/announce"},
       {"", "Not A Name", "ftp://x/", "udp://", "https://u:p@t/", "nyaa,", ",nyaa", "nyaa,ftp://x/", "udp://t\xff/",
        "udp://t/\x7f"}},
      {"web-seed", {"https://files.example/x/"}, {"", "files.example", "udp://x/", "https://x/\xff"}},
      {"piece-size", {"16K", "4M", "64M", "16384"}, {"8K", "128M", "5M", "0", "", "big"}},
      {"comment", {"hello", "東方"}, {"", "a\nb", "\xff", std::string(1001, 'x')}},
      {"source", {"me"}, {"", "a\nb", "\xff", std::string(1001, 'x')}},
      {"creation-date",
       {"2018-01-01", "2018-01-01T12:00:00Z"},
       {"", "today", "2018-13-01", "0001-01-01", "1969-12-31T23:59:59Z"}},
      {"single", k_good_switch, k_bad_switch},
      {"volume-files", {"1", "200000"}, {"", "0", "200001", "-1"}},
      {"readers", {"1", "256"}, {"", "0", "257"}},
      {"draft", k_good_switch, k_bad_switch},
      {"data", {"old"}, {""}},
      {"against", {"old/a.torrent"}, {""}},
      {"files", k_good_switch, k_bad_switch},
      {"depth", {"size", "hash", "decode", "pieces"}, {"", "Hash", "all"}},
      {"subset",
       {"1/1", "1/30", "30/30", "10000/10000"},
       {"", "1", "0/30", "31/30", "1/0", "-1/30", "1/-30", "1/10001", "/", "1/", "/30", "1/3/5", "a/b", "1 / 30"}},
      {"repair", k_good_switch, k_bad_switch},
      {"lists", {"changes"}, {""}},
      {"login", {"me"}, {"", "a\nb", "\xff"}},
      {"api-key", {"abc"}, {"", "a\nb"}},
      {"api-key-file", {"key.txt"}, {""}},
  };
  return k_cases;
}

TEST(OptionsTest, EveryOptionHasACase) {
  std::set<std::string_view> tested;
  for (const Case& test : cases()) tested.insert(test.name);
  for (const Option& option : options()) EXPECT_TRUE(tested.contains(option.name)) << option.name;
  EXPECT_EQ(tested.size(), options().size());
}

TEST(OptionsTest, TakesWhatIsAllowed) {
  for (const Case& test : cases()) {
    for (const std::string& text : test.good) {
      Values values;
      const auto applied = apply(values, {{find_option(test.name), "here", {text}}}, ErrorKind::usage);
      EXPECT_TRUE(applied) << test.name << " = " << text;
    }
  }
}

TEST(OptionsTest, RefusalsNameOptionValueAndWhatIsAllowed) {
  for (const Case& test : cases()) {
    const Option& option = *find_option(test.name);
    for (const std::string& text : test.bad) {
      Values values;
      const auto applied = apply(values, {{&option, "DBR_HERE", {text}}}, ErrorKind::config);
      ASSERT_FALSE(applied) << test.name << " = " << text;
      EXPECT_EQ(applied.error().kind, ErrorKind::config);
      EXPECT_NE(applied.error().message.find("DBR_HERE"), std::string::npos);
      EXPECT_TRUE(applied.error().message.ends_with(option.allowed)) << applied.error().message;
    }
  }
}

TEST(OptionsTest, MessageReadsAsPromised) {
  Values values;
  const auto applied = apply(values, {{find_option("tps"), "--tps", {"fast"}}}, ErrorKind::usage);
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().message, "invalid value \"fast\" for --tps: a number above 0");
}

TEST(OptionsTest, WhatIsNoTextIsRefusedAsSuch) {
  Values values;
  const auto applied = apply(values, {{find_option("source"), "--source", {"\xff"}}}, ErrorKind::usage);
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().message, "invalid value \"\xff\" for --source: one line of UTF-8, 1 to 1000 bytes");
}

TEST(OptionsTest, SecretsAndAddressesDoNotReachMessages) {
  Values values;
  const auto key = apply(values, {{find_option("api-key"), "DBR_API_KEY", {"hush\nhush"}}}, ErrorKind::config);
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().message.find("hush"), std::string::npos);
  const auto site = apply(values, {{find_option("site"), "--site", {"https://me:hush@x/?k=hush"}}}, ErrorKind::usage);
  ASSERT_FALSE(site);
  EXPECT_EQ(site.error().message.find("hush"), std::string::npos) << site.error().message;
}

TEST(OptionsTest, TableIsConsistent) {
  std::set<std::string_view> names;
  std::set<char> letters;
  for (const Option& option : options()) {
    EXPECT_TRUE(names.insert(option.name).second) << option.name;
    EXPECT_TRUE(option.letter == 0 || letters.insert(option.letter).second) << option.name;
    EXPECT_FALSE(option.help.empty() || option.allowed.empty()) << option.name;
    EXPECT_NE(option.set, nullptr) << option.name;
    EXPECT_EQ(option.is_repeatable || !option.excludes.empty(), option.clear != nullptr) << option.name;
    EXPECT_FALSE(option.is_secret && option.in_flags) << option.name;
    if (option.excludes.empty()) continue;
    const Option* other = find_option(option.excludes);
    ASSERT_NE(other, nullptr) << option.name;
    EXPECT_EQ(other->excludes, option.name);
  }
}

TEST(OptionsTest, NamesInOtherSources) {
  EXPECT_EQ(environment_name(*find_option("limit-rate")), "DBR_LIMIT_RATE");
  EXPECT_EQ(file_key(*find_option("limit-rate")), "limit_rate");
  EXPECT_EQ(find_option('j'), find_option("jobs"));
  EXPECT_EQ(find_option('z'), nullptr);
}

TEST(OptionsTest, FormatSaysEveryFormatThereIs) {
  const Option* format = find_option("format");
  ASSERT_NE(format, nullptr);
  for (const exports::Format& known : exports::formats()) {
    EXPECT_NE(format->allowed.find(known.name), std::string_view::npos) << known.name;
  }
}

}  // namespace
}  // namespace dbr::cli
