// SPDX-License-Identifier: MIT
// One tiny file of every kind, cut everywhere and with bytes changed everywhere, in every lane: each ends as a picture
// or a reason, soon, and SIMD or not makes no difference. The files are the fuzzers' seeds.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "dbr/image/ml_form.hpp"
#include "pictures_scene.hpp"

namespace dbr::image {
namespace {

constexpr std::size_t k_rounds = 100;
/// For the variants of those kinds, and for CMYK, where each picture makes lcms work out a press profile.
constexpr std::size_t k_few_rounds = 15;
/// None of them takes a hundredth of that: what does is caught in a loop.
constexpr std::chrono::seconds k_endless{2};

MlSettings settings_for(Lane lane, OnTruncated on_truncated) {
  // The seeds are 43x30: shrunk, so that resampling is broken into as well.
  return {.size = 24,
          .on_truncated = on_truncated,
          .lane = lane,
          .max_pixels = 1'000'000,
          .max_memory = std::int64_t{64} << 20};
}

struct Seed {
  std::string name;
  std::string bytes;
};

std::vector<Seed> seeds() {
  std::vector<Seed> found;
  for (const auto& entry : std::filesystem::directory_iterator(DBR_IMAGE_SEEDS)) {
    std::ifstream in(entry.path(), std::ios::binary);
    found.push_back({entry.path().filename().string(), {std::istreambuf_iterator<char>(in), {}}});
  }
  std::sort(found.begin(), found.end(), [](const Seed& a, const Seed& b) { return a.name < b.name; });
  return found;
}

class BrokenTest : public testing::TestWithParam<Seed> {
 protected:
  static void SetUpTestSuite() { start_library(); }

  /// In every lane; gives what the automatic one made of it.
  static MlForm made(const std::string& bytes, OnTruncated on_truncated) {
    const Outline seen = outline(bytes);
    MlForm form = settled(bytes, seen, settings_for(Lane::automatic, on_truncated));
    if (seen.is_plain) {  // otherwise all lanes are one
      const MlForm scalar = settled(bytes, seen, settings_for(Lane::scalar, on_truncated));
      EXPECT_TRUE(form.jpeg == scalar.jpeg) << "the scalar path gives other bytes";
      EXPECT_EQ(form.reason, scalar.reason);
      EXPECT_EQ(form.reason, settled(bytes, seen, settings_for(Lane::vips, on_truncated)).reason) << "vips' verdict";
    }
    return form;
  }

 private:
  static MlForm settled(const std::string& bytes, const Outline& seen, const MlSettings& settings) {
    const auto start = std::chrono::steady_clock::now();
    MlForm form = make_ml_form(bytes, seen, settings);
    EXPECT_LT(std::chrono::steady_clock::now() - start, k_endless);
    const bool is_done = form.state == MlState::done;
    EXPECT_EQ(form.jpeg.empty(), !is_done);
    EXPECT_EQ(form.reason.empty(), is_done);
    return form;
  }
};

std::size_t rounds(const Seed& seed) {
  constexpr std::array k_kinds = {"jpeg-baseline",  "jpeg-progressive", "jpeg-grey", "png-rgb",
                                  "png-interlaced", "png-palette",      "png-deep",  "gif",
                                  "webp-lossless",  "webp-lossy",       "avif"};
  return std::find(k_kinds.begin(), k_kinds.end(), seed.name) == k_kinds.end() ? k_few_rounds : k_rounds;
}

TEST_P(BrokenTest, IsAPictureOrAnAnimationWhenWhole) {
  const MlForm form = made(GetParam().bytes, OnTruncated::reject);
  const bool moves = GetParam().name.ends_with("animated");
  EXPECT_EQ(form.state, moves ? MlState::not_a_still_image : MlState::done) << form.reason << " " << form.detail;
}

TEST_P(BrokenTest, CutAnywhereItIsRefused) {
  const std::string& bytes = GetParam().bytes;
  for (std::size_t i = 0; i < k_rounds; ++i) {
    const std::size_t length = bytes.size() * i / k_rounds;
    SCOPED_TRACE("cut at " + std::to_string(length));
    EXPECT_NE(made(bytes.substr(0, length), OnTruncated::reject).state, MlState::done);
  }
}

TEST_P(BrokenTest, CutAnywhereAndAcceptedItIsAPictureOrAReason) {
  const std::string& bytes = GetParam().bytes;
  for (std::size_t i = 0; i < rounds(GetParam()); ++i) {
    const std::size_t length = bytes.size() * i / rounds(GetParam());
    SCOPED_TRACE("cut at " + std::to_string(length));
    made(bytes.substr(0, length), OnTruncated::accept);
  }
}

TEST_P(BrokenTest, WithBytesChangedItIsAPictureOrAReason) {
  const std::string& bytes = GetParam().bytes;
  sim::Seeded dice(2017);
  for (std::size_t i = 0; i < rounds(GetParam()); ++i) {
    std::string changed = bytes;
    // Where the structure is, every other time; now and then several at once.
    const std::size_t reach = i % 2 == 0 ? std::min<std::size_t>(bytes.size(), 200) : bytes.size();
    for (std::size_t hits = 1 + i % 3; hits > 0; --hits) {
      changed[dice.next() % reach] = static_cast<char>(dice.next() & 0xFF);
    }
    SCOPED_TRACE("round " + std::to_string(i));
    made(changed, i % 4 == 3 ? OnTruncated::accept : OnTruncated::reject);
  }
}

TEST_P(BrokenTest, WithoutExtentItIsRefusedHoweverItIsFitted) {
  // Behind IHDR of a PNG, SOF0 of a JPEG.
  const std::string& bytes = GetParam().bytes;
  const std::size_t frame = bytes.find("\xFF\xC0");
  const bool is_png = GetParam().name.starts_with("png");
  if (!is_png && (frame == std::string::npos || !GetParam().name.starts_with("jpeg"))) return;
  for (const std::size_t at : is_png ? std::array<std::size_t, 2>{16, 20} : std::array{frame + 5, frame + 7}) {
    std::string without = bytes;
    without.replace(at, is_png ? 4 : 2, is_png ? 4 : 2, '\0');
    for (const Fit fit : {Fit::pad, Fit::inside, Fit::cover}) {
      for (const Lane lane : {Lane::automatic, Lane::vips}) {
        MlSettings settings = settings_for(lane, OnTruncated::accept);
        settings.fit = fit;
        settings.enlarge = true;
        EXPECT_EQ(make_ml_form(without, settings).state, MlState::failed);
      }
    }
  }
}

std::string name_of(const testing::TestParamInfo<Seed>& info) {
  std::string name = info.param.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Every, BrokenTest, testing::ValuesIn(seeds()), name_of);

}  // namespace
}  // namespace dbr::image
