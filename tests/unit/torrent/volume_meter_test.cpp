// SPDX-License-Identifier: MIT
#include "dbr/torrent/volume_meter.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "dbr/base/file.hpp"
#include "unit/torrent/support.hpp"

namespace dbr::torrent {
namespace {

constexpr ByteCount k_piece = ByteCount{16} << 10;

TEST(VolumeMeterTest, CountsTheMetafileToTheByte) {
  const test::Scratch scratch;
  std::vector<File> files = {{"a", 0}, {"a-name-of-more-than-nine-bytes/東方.jpg", 123'456'789}};
  for (int i = 0; i < 300; ++i) files.push_back({fmt::format("sfw/512px/{:04}/{}.jpg", i % 10, i * 997), i * 311});
  VolumeMeter meter(k_piece, 0, 0);
  std::size_t frame = 0;
  for (std::size_t count = 2; count <= files.size(); count += 100) {
    const auto list = std::span(files).first(count);
    while (meter.files() < static_cast<std::int64_t>(count)) meter.add(files[static_cast<std::size_t>(meter.files())]);
    const std::string pieces(static_cast<std::size_t>((meter.bytes() + k_piece - 1) / k_piece) * 20, 'x');
    const auto path = scratch.path() / "a.torrent";
    ASSERT_TRUE(write_metainfo(path, {.name = "danbooru", .piece_length = k_piece}, walk_of(list), pieces));
    // What is left is keys, the name, and how long "pieces" is: nearly the same for all of them.
    const std::size_t left = read_file(path)->size() - static_cast<std::size_t>(meter.metafile());
    if (frame == 0) frame = left;
    EXPECT_EQ(left, frame);
  }
}

TEST(VolumeMeterTest, IsFullByFilesOrByBytesOfTheMetafile) {
  VolumeMeter meter(k_piece, 0, 100);
  const File file{"sfw/512px/0123/1000123.jpg", 1};
  EXPECT_TRUE(meter.has_room_for(file, {.files = 0, .metafile = 0})) << "the first one always fits";
  meter.add(file);
  meter.add(file);
  const ByteCount size = meter.metafile();
  EXPECT_TRUE(meter.has_room_for(file, {.files = 3, .metafile = size * 2}));
  EXPECT_FALSE(meter.has_room_for(file, {.files = 2, .metafile = size * 2}));
  EXPECT_FALSE(meter.has_room_for(file, {.files = 3, .metafile = size + 10}));
  // 16 GiB are 2^20 pieces of 20 bytes each.
  EXPECT_FALSE(meter.has_room_for({"b", ByteCount{1} << 34}, {.files = 3, .metafile = 20'000'000}));
  EXPECT_TRUE(VolumeMeter(k_piece, 0, 0).has_room_for(file, k_no_limits));
}

TEST(VolumeMeterTest, APieceLengthIsKeptWhileItMakesSense) {
  EXPECT_EQ(keep_piece_length(0, 1), choose_piece_length(1));
  const ByteCount former = choose_piece_length(ByteCount{3} << 30);
  EXPECT_EQ(keep_piece_length(former, ByteCount{3} << 30), former);
  EXPECT_EQ(keep_piece_length(former, ByteCount{5} << 30), former) << "though a longer one would be chosen";
  EXPECT_NE(choose_piece_length(ByteCount{5} << 30), former);
  EXPECT_EQ(keep_piece_length(former, ByteCount{50} << 30), choose_piece_length(ByteCount{50} << 30));
  // What is given holds, whatever the size.
  VolumeMeter meter(k_piece, former, 0);
  meter.add({"a", ByteCount{50} << 30});
  EXPECT_EQ(meter.piece_length(), k_piece);
}

}  // namespace
}  // namespace dbr::torrent
