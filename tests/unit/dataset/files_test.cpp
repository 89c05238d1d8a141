// SPDX-License-Identifier: MIT
// The queues of the two stages, and what an outcome means for the next one.
#include "dbr/dataset/files.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <utility>

#include "support/small_manifest.hpp"

namespace dbr::dataset {
namespace {

using test::must;
using test::post_record;

constexpr PostId k_last = std::numeric_limits<PostId>::max();

class FilesTest : public ::testing::Test {
 protected:
  std::vector<PostId> wanted_originals(PostRange range = {k_last}, FetchOrder order = FetchOrder::oldest) {
    auto queue = must(WantedOriginals::open(manifest.database, std::move(range), order));
    return test::ids_of(queue);
  }
  std::vector<PostId> wanted_ml() {
    std::vector<PostId> ids;
    for (const auto& item : must(next_wanted_ml(manifest.database, 0, k_last, 100))) ids.push_back(item.id);
    return ids;
  }

  test::SmallManifest manifest;
};

using Ids = std::vector<PostId>;

TEST_F(FilesTest, TheQueueIsACursorInIdOrder) {
  for (const PostId id : {30, 10, 40, 20}) manifest.put(post_record(id));
  EXPECT_EQ(wanted_originals(), (Ids{10, 20, 30, 40}));
  EXPECT_EQ(wanted_originals({30}), (Ids{10, 20, 30}));
}

TEST_F(FilesTest, TheQueueGoesInTheOrderAskedFor) {
  const std::map<PostId, int> sizes = {{10, 500}, {20, 300}, {5000, 100}, {9000, 300}, {9001, 700}};
  for (const auto& [id, size] : sizes) {
    auto record = post_record(id);
    record["file_size"] = size;
    manifest.put(record);
  }
  manifest.store_original(9001);
  EXPECT_EQ(wanted_originals({k_last}, FetchOrder::newest), (Ids{9000, 5000, 20, 10}));
  EXPECT_EQ(wanted_originals({5000}, FetchOrder::newest), (Ids{5000, 20, 10}));
  EXPECT_EQ(wanted_originals({k_last}, FetchOrder::smallest), (Ids{5000, 20, 9000, 10}));
  EXPECT_EQ(wanted_originals({5000}, FetchOrder::smallest), (Ids{5000, 20, 10}));
  const PostRange listed{k_last, {{10, 20, 9000, 9001, 9002}}};
  EXPECT_EQ(wanted_originals(listed), (Ids{10, 20, 9000}));
  EXPECT_EQ(wanted_originals(listed, FetchOrder::newest), (Ids{9000, 20, 10}));
  EXPECT_EQ(wanted_originals(listed, FetchOrder::smallest), (Ids{20, 9000, 10}));
}

TEST_F(FilesTest, TheQueuesTotalsAreThoseOfItsRange) {
  for (const PostId id : {10, 20, 5000}) manifest.put(post_record(id));
  manifest.store_original(20);
  const auto totals = [&](PostRange range) {
    auto queue = must(WantedOriginals::open(manifest.database, std::move(range), FetchOrder::oldest));
    const Totals all = must(queue.totals());
    return std::pair(all.items, all.bytes);
  };
  EXPECT_EQ(totals({k_last}), std::pair(std::int64_t{2}, ByteCount{5210}));
  EXPECT_EQ(totals({4999}), std::pair(std::int64_t{1}, ByteCount{110}));
  EXPECT_EQ(totals({k_last, {{20, 5000}}}), std::pair(std::int64_t{1}, ByteCount{5100}));
}

TEST_F(FilesTest, AWantedItemSaysWhatTheSiteSaid) {
  manifest.put(post_record(10));
  const auto item = test::wanted_original(manifest.database, 10);
  ASSERT_TRUE(item);
  EXPECT_EQ(item->md5, test::md5_of("10"));
  EXPECT_EQ(item->file_ext, "png");
  EXPECT_EQ(item->file_url, "https://cdn.example/original/" + item->md5 + ".png");
  EXPECT_EQ(item->file_size, 110);
  EXPECT_EQ(item->held_ext, "");
  EXPECT_FALSE(test::wanted_original(manifest.database, 11));
  manifest.store_original(10);
  EXPECT_FALSE(test::wanted_original(manifest.database, 10));
}

TEST_F(FilesTest, StoredBytesWantAnMlForm) {
  manifest.put(post_record(10));
  EXPECT_EQ(wanted_ml(), Ids{});
  manifest.store_original(10, "bytes", "webp");
  EXPECT_EQ(wanted_originals(), Ids{});
  const auto items = must(next_wanted_ml(manifest.database, 0, k_last, 10));
  ASSERT_EQ(items.size(), 1);
  EXPECT_EQ(items[0].file_ext, "webp");
  manifest.make_ml(10);
  EXPECT_EQ(wanted_ml(), Ids{});
}

TEST_F(FilesTest, AMismatchKeepsItsBytesAndIsDownscaled) {
  manifest.put(post_record(10));
  must(record_original(manifest.database, {10, OriginalState::mismatch, "md5", "", "png", 5, test::md5_of("other"),
                                           digest_hex(DigestKind::sha256, "other")}));
  EXPECT_EQ(wanted_originals(), Ids{});
  EXPECT_EQ(wanted_ml(), Ids{10});
}

TEST_F(FilesTest, NoOriginalMeansNoMlForm) {
  PostId id = 1;
  for (const auto state : {OriginalState::absent, OriginalState::refused, OriginalState::quarantined,
                           OriginalState::excluded, OriginalState::withheld, OriginalState::expunged}) {
    manifest.put(post_record(id));
    manifest.set_original(id, state, "because");
    EXPECT_EQ(test::ml_state(manifest.database, id), MlState::no_original) << to_string(state);
    ++id;
  }
  EXPECT_EQ(wanted_originals(), Ids{});
  EXPECT_EQ(wanted_ml(), Ids{});
}

TEST_F(FilesTest, AFailedTryStaysWantedWithItsReason) {
  manifest.put(post_record(10));
  manifest.set_original(10, OriginalState::wanted, "network");
  EXPECT_EQ(wanted_originals(), Ids{10});
  EXPECT_EQ(test::ml_state(manifest.database, 10), MlState::waiting);
  EXPECT_EQ(manifest.integer("SELECT count(*) FROM original WHERE reason = 'network'"), 1);
  manifest.store_original(10);
  EXPECT_EQ(manifest.integer("SELECT count(*) FROM original WHERE reason IS NULL"), 1);
}

TEST_F(FilesTest, OtherSettingsRedoExactlyWhatDependsOnThem) {
  for (const PostId id : {1, 2, 3, 4, 5}) {
    manifest.put(post_record(id));
    manifest.store_original(id);
  }
  manifest.set_ml(1, MlState::done, "a", "old");
  manifest.set_ml(2, MlState::done, "b", "new");
  manifest.set_ml(3, MlState::failed, "", "old");
  manifest.set_ml(4, MlState::not_a_still_image, "", "old");
  manifest.set_ml(5, MlState::done, "e", "also new");
  must(requeue_other_settings(manifest.database, {"new", "also new"}, 0, 1000));
  EXPECT_EQ(wanted_ml(), (Ids{1, 3}));
}

TEST_F(FilesTest, ReplacedBytesAreRemembered) {
  const auto replaced = [&] {
    std::string text;
    must(for_each_replaced(manifest.database, [&](const ReplacedFile& file) -> Result<void> {
      EXPECT_EQ(file.source_md5, file.md5);
      text += fmt::format("{}/{} {} {} {}\n", file.id, file.number, file.file_ext, file.size,
                          file.sha256 == digest_hex(DigestKind::sha256, "A") ? "A" : "B");
      return {};
    }));
    return text;
  };
  manifest.put(post_record(10));
  manifest.set_original(10, OriginalState::wanted, "network");
  manifest.store_original(10, "A");
  EXPECT_EQ(replaced(), "");
  // Damaged, and fetched again as it was.
  manifest.set_original(10, OriginalState::wanted, "damaged");
  manifest.store_original(10, "A");
  EXPECT_EQ(replaced(), "");
  manifest.set_original(10, OriginalState::wanted);
  manifest.set_original(10, OriginalState::absent);
  EXPECT_EQ(replaced(), "");
  manifest.store_original(10, "B", "jpg");
  manifest.put(post_record(9));
  manifest.store_original(9, "B", "gif");
  manifest.store_original(9, "A", "gif");
  manifest.store_original(10, "A");
  manifest.store_original(10, "C");
  EXPECT_EQ(replaced(), "9/1 gif 1 B\n10/1 png 1 A\n10/2 jpg 1 B\n10/3 png 1 A\n");
}

TEST_F(FilesTest, TheSameFileMadeSmallerInAnotherWayIsNotReplaced) {
  manifest.put(post_record(10));
  const auto store = [&](std::string_view held, std::string_view sent) {
    OriginalOutcome outcome{.id = 10, .state = OriginalState::stored, .reason = "", .detail = "", .file_ext = "jpg"};
    outcome.size = static_cast<ByteCount>(held.size());
    outcome.md5 = test::md5_of(held);
    outcome.sha256 = digest_hex(DigestKind::sha256, held);
    if (held != sent) {
      outcome.source =
          SourceFile{static_cast<ByteCount>(sent.size()), test::md5_of(sent), digest_hex(DigestKind::sha256, sent)};
    }
    must(record_original(manifest.database, outcome));
  };
  store("small", "as sent");
  store("smaller", "as sent");
  store("as sent", "as sent");
  EXPECT_EQ(manifest.integer("SELECT count(*) FROM replaced"), 0);
  store("small", "another");
  store("little", "a third");
  EXPECT_EQ(manifest.integer("SELECT count(*) FROM replaced"), 2);
  must(for_each_replaced(manifest.database, [&](const ReplacedFile& file) -> Result<void> {
    EXPECT_EQ(file.source_md5, test::md5_of(file.number == 1 ? "as sent" : "another"));
    return {};
  }));
}

TEST_F(FilesTest, HeldFilesAreThoseWithBytes) {
  manifest.put_complete(post_record(1));
  manifest.put(post_record(2));
  manifest.store_original(2, "two", "gif");
  manifest.put(post_record(3));
  EXPECT_TRUE(must(find_held(manifest.database, 1)).value().has_ml);
  const auto held = must(find_held(manifest.database, 2)).value();
  EXPECT_FALSE(held.has_ml);
  EXPECT_EQ(held.file_ext, "gif");
  EXPECT_FALSE(must(find_held(manifest.database, 3)));
}

}  // namespace
}  // namespace dbr::dataset
