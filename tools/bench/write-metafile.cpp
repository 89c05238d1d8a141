// SPDX-License-Identifier: MIT
// write-metafile FILE [ENTRIES]: a .torrent of as many generated files as a whole booru has, of no file's bytes: what
// tools/bench/torrent --metafile measures.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "dbr/torrent/metainfo.hpp"

namespace {

using namespace dbr;

constexpr ByteCount k_mean_size = 130'000;
constexpr ByteCount k_piece_length = ByteCount{4} << 20;

Result<std::string> write(const std::string& path, std::int64_t entries) {
  const ByteCount total = entries * k_mean_size;
  const std::string pieces(torrent::count_pieces(total, k_piece_length) * torrent::k_sha1_size, '\x5a');
  const torrent::FileWalk walk = [entries](const auto& on_file) -> Result<void> {
    char name[64];
    for (std::int64_t id = 1; id <= entries; ++id) {
      std::snprintf(name, sizeof name, "sfw/512px/%04d/%d.jpg", static_cast<int>(id % 1000), static_cast<int>(id));
      // Sizes differ, and come to the mean in pairs.
      const ByteCount odd = (id + 1) / 2 * 7919 % 100'000;
      DBR_CHECK(
          on_file({name, id % 2 == 1 && id < entries ? k_mean_size + odd : k_mean_size - (id % 2 == 0 ? odd : 0)}));
    }
    return {};
  };
  return torrent::write_metainfo(path, {.name = "danbooru", .piece_length = k_piece_length}, walk, pieces);
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app("A .torrent of millions of generated entries");
  std::string path;
  std::int64_t entries = 3'900'000;
  app.add_option("file", path, "To write")->required();
  app.add_option("entries", entries, "How many files it lists");
  CLI11_PARSE(app, argc, argv);
  const auto written = write(path, entries);
  if (!written) std::fprintf(stderr, "write-metafile: %s\n", written.error().message.c_str());
  return written ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "write-metafile: %s\n", error.what());
  return 1;
}
