// SPDX-License-Identifier: MIT
// Bytes a second, shared by all transfers of a client: a bucket that fills with time, and a queue of those who wait for
// it. Pure: told the time, owns no thread or clock.
//
// The promise: in any window of W seconds at most rate * W + allowance bytes arrive, all transfers together. What the
// kernel takes in while nobody reads has arrived, so the allowance is shared out: `burst` for the bucket, a piece for
// each connection (what curl may hold), and the rest for the receive buffers of all connections.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <limits>

#include "dbr/base/ids.hpp"

namespace dbr::http {

/// Not thread-safe: the loop's thread has it.
class RateLimit {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  explicit RateLimit(ByteCount bytes_per_second);

  /// True: what was offered may be taken now, and is paid for. False: `who` waits, behind those who did before.
  /// `who` is any address that tells the transfers apart.
  bool take(const void* who, std::size_t size, TimePoint now);
  /// Whose turn it is: no longer waiting, may take what it is offered next, and charges it. Null: nobody's yet.
  const void* next(TimePoint now);
  /// How long until next() has somebody; the longest there is when nobody waits.
  Duration wait(TimePoint now);
  /// For what has arrived unasked: the others wait for it.
  void charge(std::size_t size) { m_level -= static_cast<double>(size); }
  /// Forgets one who waits.
  void leave(const void* who);

 private:
  void fill(TimePoint now);

  double m_rate;
  double m_burst;
  double m_level;
  TimePoint m_filled{};
  std::deque<const void*> m_queue;
};

/// How much is read at once: pieces that are small against the rate, and no smaller than curl can.
ByteCount piece_size(ByteCount bytes_per_second, long connections);

/// What to ask for with SO_RCVBUF. Linux doubles it, and as much as that may lie unread: what is given here is half of
/// this connection's share. Eight connections still reach 5 MB/s from a server 100 ms away.
int receive_buffer_size(ByteCount bytes_per_second, long connections);

/// The constant part of the promise: 1 MB, above 5 MB/s a fifth of a second's bytes, since distant servers need more on
/// their way.
ByteCount rate_allowance(ByteCount bytes_per_second);

}  // namespace dbr::http
