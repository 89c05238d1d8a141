// SPDX-License-Identifier: MIT
// What the plan counts against what a re-check of the very bytes would find.
#include "dbr/torrent/update_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <random>
#include <set>

#include "dbr/base/digest.hpp"
#include "unit/torrent/support.hpp"

namespace dbr::torrent {
namespace {

using Bytes = std::map<std::string, std::string>;  // path -> content

constexpr ByteCount k_piece = 1000;

Metainfo make_torrent(const Bytes& bytes, const std::vector<std::string>& order, ByteCount piece_length = k_piece,
                      const std::string& name = "danbooru") {
  Metainfo torrent{.name = name, .piece_length = piece_length};
  std::string content;
  for (const std::string& path : order) {
    torrent.files.push_back({path, static_cast<ByteCount>(bytes.at(path).size())});
    content += bytes.at(path);
  }
  Digest sha1(DigestKind::sha1);
  for (std::size_t at = 0; at < content.size(); at += static_cast<std::size_t>(piece_length)) {
    sha1.update(std::string_view(content).substr(at, static_cast<std::size_t>(piece_length)));
    torrent.pieces += sha1.finish();
  }
  return torrent;
}

std::vector<std::string> paths_of(const Bytes& bytes) {
  std::vector<std::string> paths;
  for (const auto& [path, content] : bytes) paths.push_back(path);
  return paths;
}

/// `editions`: of files where they are known.
UpdateCost plan(Holdings& holdings, const Metainfo& torrent, const std::map<std::string, std::int64_t>& editions = {}) {
  UpdateCounter counter(torrent.piece_length, [&](std::size_t piece, Composition composition) {
    return holdings.find_piece(composition, std::string_view(torrent.pieces).substr(piece * 20, 20));
  });
  for (const File& file : torrent.files) {
    const std::string path = path_on_disk(torrent, file);
    const auto edition = editions.find(file.path);
    counter.add(path, file.size, holdings.look_up(path, file.size, edition == editions.end() ? 0 : edition->second));
  }
  return counter.finish();
}

UpdateCost plan(const Metainfo& old, const Metainfo& torrent) {
  Holdings holdings;
  holdings.add(old);
  return plan(holdings, torrent);
}

/// By comparing bytes. Files of the wrong size have no byte in common here, unlike those of the right one.
UpdateCost look(const Bytes& on_disk, const Bytes& wanted, const Metainfo& torrent) {
  UpdateCost cost;
  std::set<std::string> incomplete;
  ByteCount at = 0;
  std::vector<std::pair<std::string, bool>> bytes;  // of the piece: file, is there
  const auto end_piece = [&] {
    if (!std::ranges::all_of(bytes, [](const auto& byte) { return byte.second; })) {
      ++cost.pieces;
      cost.bytes += static_cast<ByteCount>(bytes.size());
      for (const auto& [path, is_there] : bytes) incomplete.insert(path);
    }
    bytes.clear();
  };
  for (const File& file : torrent.files) {
    const std::string& content = wanted.at(file.path);
    const auto old = on_disk.find(file.path);
    const bool is_same_size = old != on_disk.end() && old->second.size() == content.size();
    for (std::size_t i = 0; i < content.size(); ++i) {
      bytes.emplace_back(file.path, is_same_size && old->second[i] == content[i]);
      if (++at % torrent.piece_length == 0) end_piece();
    }
  }
  end_piece();
  cost.files = static_cast<std::int64_t>(incomplete.size());
  return cost;
}

class UpdatePlanTest : public ::testing::Test {
 protected:
  UpdatePlanTest() {
    for (int i = 0; i < 60; ++i) {
      add(m_old, i, i % 11 == 5 ? 0 : static_cast<std::size_t>(i * 137 % 700 + (i % 13 == 0 ? 3000 : 1)));
    }
    m_new = m_old;
    add(m_new, 3, 5);     // shrunken
    add(m_new, 20, 999);  // grown
    m_new.erase(path(31));
    for (int i = 60; i < 75; ++i) add(m_new, i, static_cast<std::size_t>(i));
  }

  static std::string path(int i) { return std::to_string(i % 7) + "/" + std::to_string(i); }

  void add(Bytes& bytes, int i, std::size_t size) {
    // Letters of its own: no byte of one version is equal to another's.
    std::string content = test::make_bytes(size, m_version);
    for (char& byte : content) byte = static_cast<char>((byte & 0xf) | static_cast<int>(m_version % 8) << 4);
    bytes[path(i)] = content;
    if (i >= 59) m_version = static_cast<unsigned>(i - 57) % 8;
  }

  void expect_equal(const UpdateCost& found, const UpdateCost& expected) {
    EXPECT_EQ(found.bytes, expected.bytes);
    EXPECT_EQ(found.pieces, expected.pieces);
    EXPECT_EQ(found.files, expected.files);
  }

  unsigned m_version = 1;
  Bytes m_old, m_new;
};

TEST_F(UpdatePlanTest, WhateverTheOrderAndThePieceLength) {
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same every time
  const Metainfo old = make_torrent(m_old, paths_of(m_old));
  std::vector<std::string> order = paths_of(m_new);
  for (int round = 0; round < 8; ++round) {
    for (const ByteCount piece_length : {7, 1000, 1024, 4096, 1'000'000}) {
      const Metainfo torrent = make_torrent(m_new, order, piece_length);
      expect_equal(plan(old, torrent), look(m_old, m_new, torrent));
    }
    std::ranges::shuffle(order, random);
  }
}

TEST_F(UpdatePlanTest, WhatIsNewLastCostsAtMostAPieceMore) {
  const auto is_new = [&](const std::string& path) { return m_old.count(path) == 0 || m_old[path] != m_new[path]; };
  std::vector<std::string> order = paths_of(m_new);
  std::ranges::stable_partition(order, [&](const std::string& path) { return !is_new(path); });
  ByteCount unavoidable = 0;
  for (const std::string& path : order) unavoidable += is_new(path) ? static_cast<ByteCount>(m_new[path].size()) : 0;
  const UpdateCost cost = plan(make_torrent(m_old, paths_of(m_old)), make_torrent(m_new, order));
  EXPECT_EQ(cost.unavoidable, unavoidable);
  EXPECT_GE(cost.bytes, unavoidable);
  EXPECT_LT(cost.bytes, unavoidable + k_piece);
}

TEST_F(UpdatePlanTest, AnotherNameKeepsNothing) {
  const auto order = paths_of(m_old);
  const Metainfo old = make_torrent(m_old, order);
  Holdings holdings;
  holdings.add(old);
  const UpdateCost cost = plan(holdings, make_torrent(m_old, order, k_piece, "danbooru2018"));
  EXPECT_EQ(cost.bytes, cost.total_bytes);
  EXPECT_EQ(cost.unavoidable, cost.total_bytes);
  EXPECT_EQ(holdings.removed().files, static_cast<std::int64_t>(m_old.size()));
}

TEST_F(UpdatePlanTest, WhatIsTheSameCostsNothing) {
  std::vector<std::string> order = paths_of(m_old);
  const Metainfo old = make_torrent(m_old, order);
  UpdateCost cost = plan(old, old);
  EXPECT_EQ(cost.bytes, 0);
  EXPECT_EQ(cost.files, 0);
  EXPECT_EQ(cost.assumed, 0) << "the old torrent's hashes prove it";
  std::ranges::reverse(order);
  cost = plan(old, make_torrent(m_old, order));
  EXPECT_EQ(cost.bytes, 0);
  const auto is_empty = [](const auto& file) { return file.second.empty(); };
  EXPECT_GE(cost.assumed, static_cast<std::int64_t>(m_old.size()) - std::ranges::count_if(m_old, is_empty) - 5)
      << "but for a piece that reads the same from either end";
}

TEST_F(UpdatePlanTest, HashesTellWhatPathAndSizeDoNot) {
  const auto order = paths_of(m_old);
  const Metainfo old = make_torrent(m_old, order);
  for (const int changed : {0, 12, 13, 26, 59}) {
    m_new = m_old;
    m_new[path(changed)].back() ^= 1;
    expect_equal(plan(old, make_torrent(m_new, order)), look(m_old, m_new, old));
  }
  // A piece within one file tells that the file has changed.
  m_new = m_old;
  m_new[path(13)][1700] ^= 1;
  const UpdateCost cost = plan(old, make_torrent(m_new, order));
  EXPECT_EQ(cost.bytes, k_piece);
  EXPECT_EQ(cost.unavoidable, k_piece);
}

TEST_F(UpdatePlanTest, AFileIsAssumedOnce) {
  const Bytes bytes = {{"a", std::string(5000, 'a')}, {"b", std::string(100, 'b')}};
  const UpdateCost cost = plan(make_torrent(bytes, {"a", "b"}), make_torrent(bytes, {"a", "b"}, 900));
  EXPECT_EQ(cost.bytes, 0);
  EXPECT_EQ(cost.assumed, 2);
}

TEST_F(UpdatePlanTest, APieceWithinAFileThatGrewIsStillThere) {
  const Bytes before = {{"a", std::string(2500, 'a')}};
  const Bytes after = {{"a", std::string(2500, 'a') + std::string(1000, 'b')}};
  const UpdateCost cost = plan(make_torrent(before, {"a"}), make_torrent(after, {"a"}));
  EXPECT_EQ(cost.bytes, 1500);
  EXPECT_EQ(cost.unavoidable, 1500);
  EXPECT_EQ(cost.files, 1);
}

TEST_F(UpdatePlanTest, SeveralOldTorrentsAreOneTree) {
  std::vector<std::string> order = paths_of(m_old);
  const auto half = order.begin() + static_cast<std::ptrdiff_t>(order.size() / 2);
  Holdings holdings;
  holdings.add(make_torrent(m_old, {half, order.end()}, 512));
  holdings.add(make_torrent(m_old, {order.begin(), half}));
  const Metainfo torrent = make_torrent(m_new, paths_of(m_new));
  expect_equal(plan(holdings, torrent), look(m_old, m_new, torrent));
  EXPECT_EQ(holdings.removed().files, 1);
  EXPECT_EQ(holdings.removed().bytes, static_cast<ByteCount>(m_old[path(31)].size()));
}

TEST_F(UpdatePlanTest, TheTorrentLoadedLastDecides) {
  const Bytes first = {{"a", std::string(600, 'a')}, {"b", std::string(600, 'b')}};
  const Bytes second = {{"b", std::string(700, 'B')}};
  for (const Bytes& wanted : {Bytes{{"a", first.at("a")}, {"b", first.at("b")}}, Bytes{{"b", second.at("b")}}}) {
    Holdings holdings;
    holdings.add(make_torrent(second, {"b"}));
    holdings.add(make_torrent(first, {"a", "b"}));
    const Metainfo torrent = make_torrent(wanted, paths_of(wanted));
    expect_equal(plan(holdings, torrent), look({{"a", first.at("a")}, {"b", second.at("b")}}, wanted, torrent));
    EXPECT_EQ(holdings.removed().files, 2 - static_cast<std::int64_t>(wanted.size()));
  }
}

TEST_F(UpdatePlanTest, EditionsAreBetterThanSizes) {
  const Metainfo old = make_torrent(m_old, paths_of(m_old));
  std::map<std::string, std::int64_t> editions;
  for (const auto& [path, content] : m_old) editions[path] = 2;
  // Another piece length: no hash can be compared.
  const Metainfo torrent = make_torrent(m_old, paths_of(m_old), 900);
  Holdings holdings;
  holdings.add(old, 2);
  UpdateCost cost = plan(holdings, torrent, editions);
  EXPECT_EQ(cost.bytes, 0);
  EXPECT_EQ(cost.assumed, 0);
  editions[path(2)] = 3;
  cost = plan(holdings, torrent, editions);
  EXPECT_EQ(cost.unavoidable, static_cast<ByteCount>(m_old[path(2)].size()));
  EXPECT_GE(cost.bytes, cost.unavoidable);
}

TEST_F(UpdatePlanTest, SizesNobodyHasDoNotOverflow) {
  constexpr ByteCount k_most = std::numeric_limits<ByteCount>::max();
  Metainfo old{.name = "danbooru", .piece_length = k_most, .files = {{"a", k_most}}, .pieces = std::string(20, 'a')};
  Holdings holdings;
  holdings.add(old);
  old.files.front().path = "b";
  holdings.add(old);
  EXPECT_EQ(holdings.removed().bytes, k_most);
  UpdateCost sum;
  for (const char* path : {"c", "d"}) {
    old.files.front().path = path;
    sum += plan(holdings, old);
  }
  EXPECT_EQ(sum.bytes, k_most);
  EXPECT_EQ(sum.unavoidable, k_most);
  EXPECT_EQ(sum.pieces, 2);
}

TEST_F(UpdatePlanTest, EmptyFilesCostNothing) {
  const Bytes before = {{"a", "a"}};
  const Bytes after = {{"a", "a"}, {"empty", ""}};
  const UpdateCost cost = plan(make_torrent(before, {"a"}), make_torrent(after, {"empty", "a"}));
  EXPECT_EQ(cost.bytes, 0);
  EXPECT_EQ(cost.files, 0);
  EXPECT_EQ(cost.total_files, 2);
}

}  // namespace
}  // namespace dbr::torrent
