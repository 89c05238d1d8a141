// SPDX-License-Identifier: MIT
// Against OpenSSL's SHA-1, with each kind of vectors that this machine has.
#include "sha1_lanes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <hwy/targets.h>

#include "dbr/base/digest.hpp"
#include "unit/torrent/support.hpp"

namespace dbr::torrent {
namespace {

std::string sha1(std::string_view bytes) {
  return digest_hex(DigestKind::sha1, bytes);
}

/// Messages side by side in one buffer, at odd addresses.
class Messages {
 public:
  Messages(std::size_t count, std::size_t size, unsigned seed)
      : m_count(count), m_size(size), m_bytes(test::make_bytes(count * (size + 1) + 1, seed)) {}

  std::vector<const char*> at(std::size_t offset) const {
    std::vector<const char*> pointers;
    for (std::size_t i = 0; i < m_count; ++i) pointers.push_back(message(i).data() + offset);
    return pointers;
  }

  std::vector<std::string> expected() const {
    std::vector<std::string> digests;
    for (std::size_t i = 0; i < m_count; ++i) digests.push_back(sha1(message(i)));
    return digests;
  }

 private:
  std::string_view message(std::size_t i) const {
    return std::string_view(m_bytes).substr(1 + i * (m_size + 1), m_size);
  }

  std::size_t m_count, m_size;
  std::string m_bytes;
};

std::vector<std::string> finish_hex(Sha1Lanes& lanes) {
  std::vector<std::string> digests = lanes.finish();
  for (std::string& digest : digests) digest = to_hex(digest);
  return digests;
}

class Sha1LanesTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { hwy::GetChosenTarget().Update(hwy::SupportedTargets()); }
  static void TearDownTestSuite() { hwy::GetChosenTarget().DeInit(); }

  void SetUp() override {
    if (Sha1Lanes::count() == 0) GTEST_SKIP() << "NOT TESTED: this machine has no vectors of 256 bits or more";
  }

  /// Runs the body with each kind of vectors that has a kernel, the widest first.
  template <class Body>
  static void with_each_target(const Body& body) {
    for (std::int64_t left = hwy::SupportedTargets(); left != 0; left &= left - 1) {
      const std::int64_t target = left & -left;
      hwy::SetSupportedTargetsForTest(target);
      hwy::GetChosenTarget().Update(hwy::SupportedTargets());
      const testing::ScopedTrace trace(__FILE__, __LINE__, hwy::TargetName(target));
      if (Sha1Lanes::count() > 0) {
        body();
      } else {
        EXPECT_THROW(Sha1Lanes(), std::logic_error);
      }
      hwy::SetSupportedTargetsForTest(0);
      hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    }
  }
};

TEST_F(Sha1LanesTest, HashesAsManyAsThereAre) {
  with_each_target([] {
    Sha1Lanes lanes;
    for (std::size_t count = 1; count <= Sha1Lanes::count(); ++count) {
      for (const std::size_t size : {64, 128, 4096, 64 * 37}) {
        const Messages messages(count, size, static_cast<unsigned>(count + size));
        lanes.update(messages.at(0), size);
        EXPECT_EQ(finish_hex(lanes), messages.expected()) << count << " messages of " << size;
      }
    }
  });
}

TEST_F(Sha1LanesTest, HashesWhatComesInParts) {
  constexpr std::size_t k_size = std::size_t{1} << 20;
  with_each_target([] {
    Sha1Lanes lanes;
    for (const std::size_t count : {std::size_t{3}, Sha1Lanes::count()}) {
      const Messages messages(count, k_size, 5);
      for (std::size_t at = 0, part = 64; at < k_size; at += part, part += 64 * 37) {
        part = std::min(part, k_size - at);
        lanes.update(messages.at(at), part);
        lanes.update(messages.at(at), 0);
      }
      EXPECT_EQ(finish_hex(lanes), messages.expected()) << count << " messages";
    }
  });
}

TEST_F(Sha1LanesTest, NothingIsNoMessage) {
  Sha1Lanes lanes;
  EXPECT_TRUE(lanes.finish().empty());
  const Messages messages(2, 64, 1);
  lanes.update(messages.at(0), 0);
  EXPECT_EQ(finish_hex(lanes), std::vector(2, sha1("")));
  lanes.update(messages.at(0), 64);
  EXPECT_EQ(finish_hex(lanes), messages.expected());
}

TEST_F(Sha1LanesTest, MisuseThrows) {
  const Messages messages(Sha1Lanes::count() + 1, 64, 1);
  const std::vector<const char*> pointers = messages.at(0);
  const std::span<const char* const> all(pointers);
  Sha1Lanes lanes;
  EXPECT_THROW(lanes.update(all, 64), std::logic_error);
  EXPECT_THROW(lanes.update({}, 64), std::logic_error);
  EXPECT_THROW(lanes.update(all.first(2), 63), std::logic_error);
  lanes.update(all.first(2), 64);
  EXPECT_THROW(lanes.update(all.first(3), 64), std::logic_error);
}

}  // namespace
}  // namespace dbr::torrent
