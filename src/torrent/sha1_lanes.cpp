// SPDX-License-Identifier: MIT
// Compiled once for each instruction set that Highway knows.
#include "sha1_lanes.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

// Narrower vectors than AVX2's have no kernel, and AVX3_DL has no instruction more for this.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sha1_lanes.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace dbr::torrent::HWY_NAMESPACE {
#if HWY_HAVE_SCALABLE || HWY_MAX_BYTES < 32

Sha1Kernel make_sha1_kernel() {
  return {};
}

#else
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using Words = hn::CappedTag<std::uint32_t, Sha1Kernel::k_max_lanes>;
using V = hn::Vec<Words>;

struct State {
  V a, b, c, d, e;
};

template <int bits>
HWY_INLINE V rotate_left(V v) {
  return hn::RotateRight<32 - bits>(v);
}

/// 16 bytes of every fourth message: what transposes four messages within 128 bits then puts all lanes in order.
template <class D>
HWY_INLINE hn::Vec<D> load_quarter_blocks(D d, const char* const* messages, std::size_t at) {
  if constexpr (hn::MaxLanes(d) == 16) {
    return hn::LoadU(d, reinterpret_cast<const std::uint8_t*>(messages[0] + at));
  } else {
    const hn::Half<D> d_half;
    const auto upper = load_quarter_blocks(d_half, messages + hn::MaxLanes(d) / 8, at);
    return hn::Combine(d, upper, load_quarter_blocks(d_half, messages, at));
  }
}

/// Four words of the 16 in each message's block at `at`.
template <std::size_t quarter>
HWY_INLINE void load_words(const char* const* messages, std::size_t at, V* w) {
  const Words d;
  const hn::Repartition<std::uint8_t, Words> d_bytes;
  const hn::Repartition<std::uint64_t, Words> d_pairs;
  alignas(16) static constexpr std::uint8_t k_big_endian[16] = {3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12};
  const auto order = hn::LoadDup128(d_bytes, k_big_endian);
  const auto row = [&](std::size_t i) HWY_ATTR {
    return hn::BitCast(d, hn::TableLookupBytes(load_quarter_blocks(d_bytes, messages + i, at + 16 * quarter), order));
  };
  const V r0 = row(0), r1 = row(1), r2 = row(2), r3 = row(3);
  const auto lower01 = hn::BitCast(d_pairs, hn::InterleaveLower(d, r0, r1));
  const auto lower23 = hn::BitCast(d_pairs, hn::InterleaveLower(d, r2, r3));
  const auto upper01 = hn::BitCast(d_pairs, hn::InterleaveUpper(d, r0, r1));
  const auto upper23 = hn::BitCast(d_pairs, hn::InterleaveUpper(d, r2, r3));
  w[4 * quarter] = hn::BitCast(d, hn::InterleaveLower(d_pairs, lower01, lower23));
  w[4 * quarter + 1] = hn::BitCast(d, hn::InterleaveUpper(d_pairs, lower01, lower23));
  w[4 * quarter + 2] = hn::BitCast(d, hn::InterleaveLower(d_pairs, upper01, upper23));
  w[4 * quarter + 3] = hn::BitCast(d, hn::InterleaveUpper(d_pairs, upper01, upper23));
}

/// Round t of FIPS 180-4, 6.1.2; `w` holds the last 16 words of the schedule.
template <std::size_t t>
HWY_INLINE void round(State& s, V* w) {
  const Words d;
  V& word = w[t % 16];
  if constexpr (t >= 16) {
    word = rotate_left<1>(hn::Xor(hn::Xor3(w[(t - 3) % 16], w[(t - 8) % 16], w[(t - 14) % 16]), word));
  }
  V mixed;
  std::uint32_t constant = 0;
  if constexpr (t < 20) {
    mixed = hn::Xor(s.d, hn::And(s.b, hn::Xor(s.c, s.d)));  // c where b is set, otherwise d
    constant = 0x5A827999;
  } else if constexpr (t >= 40 && t < 60) {
    mixed = hn::Or(hn::And(s.b, s.c), hn::And(s.d, hn::Or(s.b, s.c)));  // the majority
    constant = 0x8F1BBCDC;
  } else {
    mixed = hn::Xor3(s.b, s.c, s.d);
    constant = t < 40 ? 0x6ED9EBA1 : 0xCA62C1D6;
  }
  // From what is known longest to what the previous round made.
  const V sum = hn::Add(hn::Add(hn::Add(s.e, hn::Set(d, constant)), word), mixed);
  s = {hn::Add(sum, rotate_left<5>(s.a)), s.a, rotate_left<30>(s.b), s.c, s.d};
}

template <std::size_t... t>
HWY_INLINE void rounds(State& s, V* w, std::index_sequence<t...> /*all*/) {
  (round<t>(s, w), ...);
}

void absorb(std::uint32_t* state, const char* const* messages, std::size_t blocks) {
  const Words d;
  const auto word = [&](std::size_t i) { return state + i * hn::MaxLanes(d); };
  State s = {hn::LoadU(d, word(0)), hn::LoadU(d, word(1)), hn::LoadU(d, word(2)), hn::LoadU(d, word(3)),
             hn::LoadU(d, word(4))};
  for (std::size_t block = 0; block < blocks; ++block) {
    V w[16];
    load_words<0>(messages, 64 * block, w);
    load_words<1>(messages, 64 * block, w);
    load_words<2>(messages, 64 * block, w);
    load_words<3>(messages, 64 * block, w);
    const State before = s;
    rounds(s, w, std::make_index_sequence<80>());
    s = {hn::Add(s.a, before.a), hn::Add(s.b, before.b), hn::Add(s.c, before.c), hn::Add(s.d, before.d),
         hn::Add(s.e, before.e)};
  }
  hn::StoreU(s.a, d, word(0));
  hn::StoreU(s.b, d, word(1));
  hn::StoreU(s.c, d, word(2));
  hn::StoreU(s.d, d, word(3));
  hn::StoreU(s.e, d, word(4));
}

}  // namespace

Sha1Kernel make_sha1_kernel() {
  return {hn::MaxLanes(Words()), absorb};
}

#endif
}  // namespace dbr::torrent::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dbr::torrent {

namespace {

HWY_EXPORT(make_sha1_kernel);

constexpr std::size_t k_block = 64;

}  // namespace

std::size_t Sha1Lanes::count() {
  return HWY_DYNAMIC_DISPATCH(make_sha1_kernel)().lanes;
}

Sha1Lanes::Sha1Lanes() : m_kernel(HWY_DYNAMIC_DISPATCH(make_sha1_kernel)()) {
  if (m_kernel.lanes == 0) throw std::logic_error("Sha1Lanes: no vectors for it");
  start();
}

void Sha1Lanes::start() {
  constexpr std::array<std::uint32_t, 5> k_words = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  for (std::size_t i = 0; i < m_state.size(); ++i) m_state[i] = k_words[std::min<std::size_t>(i / m_kernel.lanes, 4)];
  m_messages = 0;
  m_size = 0;
}

void Sha1Lanes::update(std::span<const char* const> messages, std::size_t size) {
  const bool is_same_count = m_messages == 0 || messages.size() == m_messages;
  if (messages.empty() || messages.size() > m_kernel.lanes || !is_same_count || size % k_block != 0)
    throw std::logic_error("Sha1Lanes: the messages are not what was agreed on");
  m_messages = messages.size();
  m_size += size;
  absorb(messages, size / k_block);
}

void Sha1Lanes::absorb(std::span<const char* const> messages, std::size_t blocks) {
  std::array<const char*, Sha1Kernel::k_max_lanes> lanes;
  lanes.fill(messages.front());  // for the lanes without a message
  std::ranges::copy(messages, lanes.begin());
  m_kernel.absorb(m_state.data(), lanes.data(), blocks);
}

std::vector<std::string> Sha1Lanes::finish() {
  // FIPS 180-4, 5.1.1: a bit, zeros, and the length in bits as 64 bits, big end first.
  std::array<char, k_block> padding = {'\x80'};
  for (std::size_t i = 0; i < 8; ++i) padding[k_block - 1 - i] = static_cast<char>(m_size * 8 >> 8 * i);
  const char* const block = padding.data();
  absorb({&block, 1}, 1);
  std::vector<std::string> digests(m_messages);
  for (std::size_t lane = 0; lane < m_messages; ++lane) {
    for (std::size_t i = 0; i < 5; ++i) {
      const std::uint32_t word = m_state[i * m_kernel.lanes + lane];
      for (int shift = 24; shift >= 0; shift -= 8) digests[lane].push_back(static_cast<char>(word >> shift));
    }
  }
  start();
  return digests;
}

}  // namespace dbr::torrent
#endif
