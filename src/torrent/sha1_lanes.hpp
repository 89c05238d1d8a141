// SPDX-License-Identifier: MIT
// SHA-1 (FIPS 180-4) of several messages at once, one in each 32-bit lane of the processor's vectors. Highway chooses
// the vectors.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace dbr::torrent {

/// What Highway compiles once for each instruction set.
struct Sha1Kernel {
  static constexpr std::size_t k_max_lanes = 16;
  std::size_t lanes = 0;
  /// `blocks` blocks of 64 bytes of each of `lanes` messages go into `state`, which is [word of the five][lane].
  void (*absorb)(std::uint32_t* state, const char* const* messages, std::size_t blocks) = nullptr;
};

/// Several running digests of messages that are equally long, a multiple of 64 bytes. Used by one thread at a time.
/// Misuse is a bug: it throws.
class Sha1Lanes {
 public:
  /// How many messages go at once on this processor: 16 with AVX-512, 8 with AVX2; 0 with narrower vectors, which gain
  /// nothing over OpenSSL with the CPU's SHA instructions. Any thread may ask.
  static std::size_t count();

  /// count() is not 0.
  Sha1Lanes();

  /// The next `size` bytes of each message, a multiple of 64, at any alignment. From 1 to count() messages, as many in
  /// each update until finish(). Idle lanes cost as much as the others: 4 messages of 16, or 5 of 8, take about as long
  /// as one after the other with Digest (measured where OpenSSL uses SHA instructions).
  void update(std::span<const char* const> messages, std::size_t size);

  /// The raw digests, 20 bytes each, in the messages' order; the object starts again from nothing afterwards.
  std::vector<std::string> finish();

 private:
  void start();
  void absorb(std::span<const char* const> messages, std::size_t blocks);

  Sha1Kernel m_kernel;
  std::array<std::uint32_t, 5 * Sha1Kernel::k_max_lanes> m_state = {};
  std::size_t m_messages = 0;
  std::uint64_t m_size = 0;  // of each, in bytes
};

}  // namespace dbr::torrent
