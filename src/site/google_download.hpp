// SPDX-License-Identifier: MIT
// A transfer as a source of bytes: it runs on a thread of its own, some megabytes ahead of its reader.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "dbr/async/bounded_queue.hpp"
#include "dbr/async/worker_pool.hpp"
#include "dbr/base/time.hpp"
#include "dbr/http/client.hpp"
#include "dbr/http/retry.hpp"
#include "dump_source.hpp"

namespace dbr::site {

/// Goes on where it broke off, as long as the server still has the same version. Destruction ends the transfer.
class Download final : public ByteSource {
 public:
  /// `name` is for messages.
  Download(http::ClientSettings settings, http::RetryPolicy retry, http::Request request, std::string name);
  Download(const Download&) = delete;
  Download& operator=(const Download&) = delete;
  ~Download() override;

  Result<std::size_t> read(std::span<char> into, const StopToken& stop) override;

  /// Last-Modified, once the first byte or the end has been read.
  std::optional<Timestamp> modified() const { return m_modified; }

 private:
  class Pipe;
  void run();
  Result<void> transfer();

  const http::RetryPolicy m_retry;
  const http::Request m_request;
  const std::string m_name;
  http::Client m_client;
  StopSource m_stop;
  /// Pieces of the body in order; an empty one is the end, an Error is too.
  BoundedQueue<Result<std::string>> m_pieces;
  /// Written before the first piece is queued.
  std::optional<Timestamp> m_modified;

  std::string m_piece;
  std::size_t m_given = 0;  ///< of m_piece
  WorkerPool m_thread;
};

}  // namespace dbr::site
