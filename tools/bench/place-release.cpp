// SPDX-License-Identifier: MIT
// place-release: a release of every post of a manifest, as if its files had been fetched, downscaled and placed: what
// tools/bench/exports exports. It writes rows by dbr's own functions and the list of what was left out, but no picture:
// these exports open none.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

#include "dbr/base/file.hpp"
#include "dbr/base/zstd_file.hpp"
#include "dbr/dataset/dataset.hpp"
#include "dbr/dataset/files.hpp"
#include "dbr/dataset/posts.hpp"
#include "dbr/dataset/release.hpp"
#include "dbr/dataset/wanted_originals.hpp"
#include "random.hpp"

namespace {

using namespace dbr;

constexpr PostId k_last = 1'000'000'000;
constexpr int k_batch = 10'000;

// Digits that no compression makes shorter, as real digests are.
std::string digest_of(std::uint64_t seed, std::size_t digits) {
  bench::Random random(seed);
  std::string hex;
  while (hex.size() < digits) hex += "0123456789abcdef"[random.below(16)];
  return hex;
}

bool is_still(std::string_view extension) {
  return std::ranges::count(std::array<std::string_view, 5>{"jpg", "jpeg", "png", "webp", "bmp"}, extension) > 0;
}

Result<void> store(sql::Database& database, const dataset::WantedOriginal& post) {
  const auto seed = static_cast<std::uint64_t>(post.id) * 4;
  DBR_CHECK(dataset::record_original(
      database, {post.id, dataset::OriginalState::stored, "", "", post.file_ext.empty() ? "jpg" : post.file_ext,
                 std::max<ByteCount>(post.file_size, 1), post.md5, digest_of(seed, 64)}));
  dataset::MlOutcome ml;
  ml.id = post.id;
  ml.state = is_still(post.file_ext) ? dataset::MlState::done : dataset::MlState::not_a_still_image;
  ml.size = 30'000 + post.id % 60'000;
  ml.md5 = digest_of(seed + 1, 32);
  ml.sha256 = digest_of(seed + 2, 64);
  ml.settings_hash = "bench";
  ml.box_width = 512;
  ml.box_height = 1 + static_cast<int>(post.id % 512);
  return dataset::record_ml(database, ml);
}

Result<void> store_all(sql::Database& database) {
  DBR_TRY(auto queue, dataset::WantedOriginals::open(database, {k_last}, dataset::FetchOrder::oldest));
  for (bool from_start = true;; from_start = false) {
    DBR_TRY(auto transaction, sql::Transaction::begin(database));
    DBR_TRY(const auto posts, queue.next(from_start, k_batch));
    if (posts.empty()) return transaction.commit();
    for (const auto& post : posts) DBR_CHECK(store(database, post));
    DBR_CHECK(transaction.commit());
  }
}

// As bucket does: the statistics count it.
Result<std::string> write_left_out(sql::Database& database, const std::filesystem::path& folder) {
  DBR_CHECK(make_directories(folder));
  DBR_TRY(auto file, ZstdFile::create(folder / "left-out.tsv.zst"));
  DBR_TRY(const std::string sha256,
          dataset::for_each_left_out_line(database, k_last, [&](std::string_view line) { return file.write(line); }));
  DBR_CHECK(file.commit());
  return sha256;
}

Result<void> place(const std::string& root, int year) {
  DBR_TRY(const auto dataset, dataset::Dataset::open(root, dataset::Access::write, "place-release", {}));
  DBR_TRY(auto database, dataset.connect());
  DBR_CHECK(database.execute("PRAGMA synchronous = OFF"));
  DBR_CHECK(store_all(database));
  DBR_TRY(auto transaction, sql::Transaction::begin(database));
  dataset::Release release;
  release.spec = {"danbooru" + std::to_string(year), start_of_year(year + 1)};
  release.files_sha256 = digest_of(0, 64);
  DBR_TRY(release.placed_version, dataset::metadata_version(database));
  DBR_CHECK(dataset::place(database, dataset.layout(), release.spec, k_last));
  DBR_CHECK(dataset::save_release(database, release));
  DBR_TRY(release.left_out_sha256, write_left_out(database, dataset.layout().release_metadata(release.spec.name)));
  DBR_CHECK(dataset::save_release(database, release));
  DBR_CHECK(transaction.commit());
  return database.execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app("A release of every post of a manifest, without any file");
  std::string root;
  int year = 2021;
  app.add_option("root", root, "The dataset's folder")->required();
  app.add_option("--year", year, "Posts created until its end");
  CLI11_PARSE(app, argc, argv);
  const auto placed = place(root, year);
  if (!placed) std::fprintf(stderr, "place-release: %s\n", placed.error().message.c_str());
  return placed ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "place-release: %s\n", error.what());
  return 1;
}
