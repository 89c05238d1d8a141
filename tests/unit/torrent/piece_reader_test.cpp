// SPDX-License-Identifier: MIT
// The engine below hash_pieces() and dbr torrent verify: what it asks and tells, and when it stops.
#include "dbr/torrent/piece_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <random>
#include <set>

#include "dbr/base/digest.hpp"
#include "dbr/base/file_witness.hpp"
#include "support/must.hpp"
#include "unit/torrent/support.hpp"

namespace dbr::torrent {
namespace {

using dbr::test::must;

constexpr ByteCount k_piece = 16384;
constexpr ByteCount k_much = ByteCount{1} << 40;

class PieceReaderTest : public ::testing::Test {
 protected:
  void add(ByteCount size) {
    const std::string path = std::to_string(m_files.size() % 3) + "/" + std::to_string(m_files.size());
    const std::string bytes = test::make_bytes(static_cast<std::size_t>(size), static_cast<unsigned>(m_files.size()));
    m_scratch.write(path, bytes);
    m_files.push_back({path, size});
    m_content += bytes;
  }

  void add_random(unsigned seed) {
    std::mt19937 random(seed);
    for (std::size_t left = 5 + random() % 30; left > 0; --left) {
      const auto kind = random() % 5;
      add(kind == 0   ? 0
          : kind == 1 ? k_piece * static_cast<ByteCount>(random() % 8)
                      : static_cast<ByteCount>(random() % 50'000));
    }
  }

  /// By piece, as a naive hasher has them.
  std::vector<std::string> expected() const {
    std::vector<std::string> digests;
    for (std::size_t at = 0; at < m_content.size(); at += static_cast<std::size_t>(k_piece)) {
      Digest sha1(DigestKind::sha1);
      sha1.update(std::string_view(m_content).substr(at, static_cast<std::size_t>(k_piece)));
      digests.push_back(sha1.finish());
    }
    return digests;
  }

  /// The pieces that the file has a byte of.
  std::set<std::size_t> pieces_of(std::size_t file) const {
    ByteCount begin = 0;
    for (std::size_t i = 0; i < file; ++i) begin += m_files[i].size;
    std::set<std::size_t> pieces;
    for (ByteCount at = begin; at < begin + m_files[file].size; ++at)
      pieces.insert(static_cast<std::size_t>(at / k_piece));
    return pieces;
  }

  /// A job over spans of one piece each, more or less, or one span of all; what it says is kept in the members below.
  PieceJob job(std::size_t readers, bool is_one_span = false) {
    m_cutter.emplace(k_piece, is_one_span ? k_much : static_cast<ByteCount>(m_content.size()), is_one_span ? 1 : 1000);
    m_added = 0;
    m_digests.assign(expected().size(), "none");
    m_checked.clear();
    m_spans.clear();
    m_bad.clear();
    return {.folder = m_scratch.path(),
            .piece_length = k_piece,
            .readers = readers,
            .stop = m_stop.token(),
            .next = [this]() -> Result<std::optional<Span>> {
              auto span = cut();
              for (std::size_t i = 0; span && i < span->files.size(); ++i) ++m_spans[span->first_file + i];
              return span;
            },
            .check = [this](const Span& span, std::size_t file, std::int64_t witness,
                            const WholeFile& read) -> Result<void> {
              std::string bytes;
              DBR_CHECK(read([&](std::string_view block) { bytes += block; }));
              EXPECT_TRUE(bytes == bytes_of(span.first_file + file));
              const std::scoped_lock lock(m_mutex);
              EXPECT_NE(witness, 0);
              EXPECT_EQ(span.files[file].path, m_files[span.first_file + file].path);
              ++m_checked[span.first_file + file];
              return {};
            },
            .on_bad_file = [this](const Span& span, std::size_t file, Error error) -> Result<void> {
              const std::scoped_lock lock(m_mutex);
              m_bad.emplace(span.first_file + file, std::move(error));
              return {};
            },
            .take = [this](const Span& span, const std::vector<std::string>& digests) -> Result<void> {
              std::ranges::copy(digests, m_digests.begin() + static_cast<std::ptrdiff_t>(span.first_piece));
              return {};
            }};
  }

  std::optional<Span> cut() {
    for (;;) {
      if (auto span = m_cutter->next()) return span;
      if (m_added == m_files.size()) return m_cutter->finish();
      m_cutter->add(m_files[m_added++]);
    }
  }

  std::string_view bytes_of(std::size_t file) const {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < file; ++i) begin += static_cast<std::size_t>(m_files[i].size);
    return std::string_view(m_content).substr(begin, static_cast<std::size_t>(m_files[file].size));
  }

  /// Whichever reader has which span, nobody hashes what nobody has looked at.
  /// In a span of many pieces, perhaps once for each.
  void expect_checked_in_every_span(bool is_one_span = false) const {
    for (std::size_t i = 0; i < m_files.size(); ++i) {
      if (m_bad.contains(i)) continue;
      EXPECT_GE(m_checked.at(i), m_spans.at(i)) << i;
      if (!is_one_span) {
        EXPECT_EQ(m_checked.at(i), m_spans.at(i)) << i;
      }
    }
  }

  test::Scratch m_scratch;
  StopSource m_stop;
  std::vector<File> m_files;
  std::string m_content;
  std::optional<SpanCutter> m_cutter;
  std::size_t m_added = 0;
  std::mutex m_mutex;
  std::vector<std::string> m_digests;
  std::map<std::size_t, int> m_checked;
  std::map<std::size_t, int> m_spans;
  std::map<std::size_t, Error> m_bad;
};

TEST_F(PieceReaderTest, RandomListsAreHashedAsTheyAreConcatenated) {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    m_files.clear();
    m_content.clear();
    add_random(seed);
    for (const std::size_t readers : {0, 1, 3, 16}) {
      for (const bool is_one_span : {false, true}) {
        must(read_pieces(job(readers, is_one_span)));
        EXPECT_TRUE(m_digests == expected()) << seed;
        EXPECT_TRUE(m_bad.empty());
        expect_checked_in_every_span(is_one_span);
      }
    }
  }
}

TEST_F(PieceReaderTest, WhatIsNotWantedIsNotReadButItsFilesAreChecked) {
  add_random(20);
  auto wanted = expected();
  for (std::size_t i = 0; i < wanted.size(); i += 3) wanted[i].clear();
  for (const bool is_one_span : {false, true}) {
    PieceJob some = job(4, is_one_span);
    some.prepare = [](Span& span) -> Result<void> {
      for (std::size_t i = 0; i < span.is_wanted.size(); ++i) span.is_wanted[i] = (span.first_piece + i) % 3 != 0;
      return {};
    };
    must(read_pieces(some));
    EXPECT_TRUE(m_digests == wanted);
    expect_checked_in_every_span(is_one_span);
  }

  PieceJob none = job(2);
  none.prepare = [](Span& span) -> Result<void> {
    span.is_wanted.assign(span.is_wanted.size(), false);
    return {};
  };
  none.check = [this](const Span& span, std::size_t file, std::int64_t, const WholeFile&) -> Result<void> {
    const std::scoped_lock lock(m_mutex);
    ++m_checked[span.first_file + file];
    return {};
  };
  std::filesystem::permissions(m_scratch.path() / m_files[1].path, std::filesystem::perms::none);
  must(read_pieces(none));
  EXPECT_TRUE(m_digests == std::vector<std::string>(wanted.size()));
  EXPECT_TRUE(m_bad.empty()) << "it was opened";
  expect_checked_in_every_span();
}

TEST_F(PieceReaderTest, ABadFileCostsThePiecesItHasBytesOf) {
  add_random(30);
  for (std::size_t file = 0; file < m_files.size(); ++file) {
    const auto place = m_scratch.path() / m_files[file].path;
    const auto aside = m_scratch.path() / "aside";
    std::filesystem::rename(place, aside);
    if (file % 3 == 1)
      m_scratch.write(m_files[file].path, std::string(static_cast<std::size_t>(m_files[file].size + 1), 'x'));
    if (file % 3 == 2) std::filesystem::create_symlink(aside, place);
    auto wanted = expected();
    for (const std::size_t piece : pieces_of(file)) wanted[piece].clear();
    for (const bool is_one_span : {false, true}) {
      must(read_pieces(job(3, is_one_span)));
      EXPECT_TRUE(m_digests == wanted) << file;
      ASSERT_EQ(m_bad.size(), 1U) << file;
      EXPECT_EQ(m_bad.begin()->first, file);
      EXPECT_EQ(m_bad.begin()->second.kind, ErrorKind::corrupt);
      expect_checked_in_every_span(is_one_span);
    }
    std::filesystem::remove(place);
    std::filesystem::rename(aside, place);
  }
}

TEST_F(PieceReaderTest, ClientsReadFilesOfAnySizeAndFollowLinks) {
  for (const ByteCount size : {10'000, 600'000, 40'000}) add(size);
  const auto place = [&](std::size_t file) { return m_scratch.path() / m_files[file].path; };
  std::filesystem::remove(place(0));
  m_scratch.write(m_files[1].path, std::string(bytes_of(1)) + "xx");
  std::filesystem::rename(place(2), m_scratch.path() / "aside");
  std::filesystem::create_symlink(m_scratch.path() / "aside", place(2));
  for (const std::size_t readers : {1, 4}) {  // of one, the spans have many pieces
    PieceJob lenient = job(readers, true);
    lenient.as_clients_do = true;
    lenient.check = {};
    must(read_pieces(lenient));
    auto wanted = expected();
    wanted[0].clear();
    EXPECT_TRUE(m_digests == wanted) << readers;
    EXPECT_EQ(m_bad.size(), 1U);
  }
}

TEST_F(PieceReaderTest, AFailedCheckIsABadFile) {
  for (int i = 0; i < 4; ++i) add(10'000);
  PieceJob strict = job(2);
  strict.check = [](const Span& span, std::size_t file, std::int64_t, const WholeFile&) -> Result<void> {
    if (span.first_file + file != 3) return {};
    return fail(ErrorKind::corrupt, "not as it was");
  };
  must(read_pieces(strict));
  EXPECT_EQ(m_bad.at(3).message, "not as it was");
  EXPECT_EQ(m_bad.size(), 1U);
  // Bytes 30000 to 40000: it begins in piece 1 and goes on in the span of piece 2.
  EXPECT_TRUE(m_digests == (std::vector<std::string>{expected()[0], "", ""}));
}

TEST_F(PieceReaderTest, AFileThatChangesMeanwhileIsABadFile) {
  for (int i = 0; i < 4; ++i) add(10'000);
  PieceJob touched = job(1);  // a second reader might find the file while it is being written
  touched.check = [this](const Span& span, std::size_t file, std::int64_t witness, const WholeFile&) -> Result<void> {
    if (span.first_file + file != 3) return {};
    const auto place = m_scratch.path() / span.files[file].path;
    const auto time = std::filesystem::last_write_time(place);
    do {  // until the clock has ticked
      m_scratch.write(span.files[file].path, std::string(10'000, 'x'));
      std::filesystem::last_write_time(place, time);
    } while (witness_at(place) == witness);
    return {};
  };
  must(read_pieces(touched));
  EXPECT_THAT(m_bad.at(3).message, ::testing::HasSubstr("changed meanwhile"));
  EXPECT_TRUE(m_digests == (std::vector<std::string>{expected()[0], "", ""}));
}

TEST_F(PieceReaderTest, ABadFileMayEndTheJob) {
  for (int i = 0; i < 40; ++i) add(10'000);
  for (const std::size_t gone : {31, 12, 25}) std::filesystem::remove(m_scratch.path() / m_files[gone].path);
  for (std::size_t readers = 1; readers <= 4; ++readers) {
    PieceJob strict = job(readers);
    strict.on_bad_file = [](const Span& span, std::size_t file, Error) -> Result<void> {
      return fail(ErrorKind::internal, std::to_string(span.first_file + file));
    };
    const auto done = read_pieces(strict);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, "12") << "the first in the list";
    PieceJob plain = job(readers);
    plain.on_bad_file = {};
    EXPECT_EQ(read_pieces(plain).error().kind, ErrorKind::corrupt);
  }
}

TEST_F(PieceReaderTest, CallersMayFail) {
  for (int i = 0; i < 40; ++i) add(10'000);
  for (std::size_t readers = 1; readers <= 4; ++readers) {
    for (const int calls : {0, 1, 9}) {
      PieceJob next = job(readers);
      next.next = [left = calls, inner = next.next]() mutable -> Result<std::optional<Span>> {
        return left-- == 0 ? fail(ErrorKind::disk_full, "no") : inner();
      };
      EXPECT_EQ(read_pieces(next).error().message, "no");
      PieceJob take = job(readers);
      take.take = [left = calls, inner = take.take](const Span& span, const auto& digests) mutable -> Result<void> {
        return left-- == 0 ? fail(ErrorKind::disk_full, "no") : inner(span, digests);
      };
      EXPECT_EQ(read_pieces(take).error().message, "no");
    }
    PieceJob prepare = job(readers);
    prepare.prepare = [](Span& span) -> Result<void> {
      return span.first_piece < 7 ? Result<void>() : fail(ErrorKind::disk_full, std::to_string(span.first_piece));
    };
    EXPECT_EQ(read_pieces(prepare).error().message, "7") << "of several, the first in the list";
    for (std::size_t piece = 0; piece < 7; ++piece) EXPECT_EQ(m_digests[piece], expected()[piece]);
  }
}

TEST_F(PieceReaderTest, StopsWhereItIs) {
  for (int i = 0; i < 40; ++i) add(10'000);
  for (std::size_t readers = 1; readers <= 4; ++readers) {
    PieceJob stopped = job(readers);
    StopSource stop;
    stopped.stop = stop.token();
    std::size_t taken = 0;
    stopped.take = [&, inner = stopped.take](const Span& span, const std::vector<std::string>& digests) {
      if (++taken == 5) stop.request_stop(StopLevel::drain);
      return inner(span, digests);
    };
    const auto done = read_pieces(stopped);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().kind, ErrorKind::cancelled);
    EXPECT_GE(taken, 5U);
    EXPECT_LT(taken, 5U + readers);
    // What was taken is right.
    for (std::size_t i = 0; i < m_digests.size(); ++i) {
      EXPECT_TRUE(m_digests[i] == "none" || m_digests[i] == expected()[i]);
    }
  }
}

}  // namespace
}  // namespace dbr::torrent
