// SPDX-License-Identifier: MIT
#include "google_download.hpp"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <limits>

#include "dbr/base/log.hpp"
#include "dbr/http/polite_client.hpp"
#include "google.hpp"

namespace dbr::site {
namespace {

/// Of half a MiB each at most or little more, as they come.
constexpr std::size_t k_most_pieces = 8;
/// How soon a reader that waits notices a stop.
constexpr std::chrono::milliseconds k_poll{50};

}  // namespace

/// It may wait for the reader.
class Download::Pipe final : public http::Sink {
 public:
  explicit Pipe(Download& download) : m_download(download) {}

  Result<void> begin(const http::Head& head) override {
    const std::string version = fmt::format("{} {}", head.header("x-goog-generation"), head.header("etag"));
    if (received == 0) {
      m_version = version;
      m_download.m_modified = head.date("last-modified");
    } else if (version != m_version || version == " ") {
      // Its version is unknown, or another: half of each would be neither.
      is_over = true;
      return fail(ErrorKind::network, "the connection broke, and the rest of the same version cannot be had",
                  "run again: what has been imported stays");
    }
    const bool is_rest = head.header("content-range").starts_with(fmt::format("bytes {}-", received));
    if (head.status == 206 && !is_rest) return fail(ErrorKind::network, "the server sent another range than asked for");
    m_to_skip = head.status == 206 ? 0 : received;
    return {};
  }

  Result<void> data(std::string_view bytes) override {
    const auto skipped = std::min(m_to_skip, static_cast<ByteCount>(bytes.size()));
    m_to_skip -= skipped;
    bytes.remove_prefix(static_cast<std::size_t>(skipped));
    if (bytes.empty()) return {};
    received += static_cast<ByteCount>(bytes.size());
    if (!m_download.m_pieces.push(std::string(bytes))) return fail(interrupted_reading());
    return {};
  }

  ByteCount received = 0;
  bool is_over = false;  ///< trying again is of no use

 private:
  Download& m_download;
  std::string m_version;
  ByteCount m_to_skip = 0;
};

Download::Download(http::ClientSettings settings, http::RetryPolicy retry, http::Request request, std::string name)
    : m_retry(retry),
      m_request(std::move(request)),
      m_name(std::move(name)),
      m_client(std::move(settings)),
      m_pieces(k_most_pieces),
      m_thread(1, [this](std::size_t) { run(); }) {}

Download::~Download() {
  m_stop.request_stop(StopLevel::abort);
  m_pieces.close();
}

void Download::run() {
  Result<std::string> last;
  try {
    last = transfer().map([] { return std::string(); });
  } catch (const std::exception& exception) {
    // The reader waits for an end, whatever it is.
    last = fail(ErrorKind::internal, exception.what());
  }
  m_pieces.push(std::move(last));
}

/// The whole body, in as many transfers as it takes; tries are counted from the last one that brought something.
Result<void> Download::transfer() {
  http::PoliteClient polite(
      m_client, {.requests_per_second = std::numeric_limits<double>::infinity(), .retry = {.max_tries = 1}});
  Pipe pipe(*this);
  for (int tries = 1;; ++tries) {
    const ByteCount first_byte = pipe.received;
    const auto prepare = [&](http::Request& request) -> http::Sink& {
      request.first_byte = first_byte;
      return pipe;
    };
    const auto response = polite.fetch(m_request, prepare, m_stop.token());
    if (response) return {};
    if (pipe.received > first_byte) tries = 1;
    if (pipe.is_over || !is_transient(response.error().kind) || tries >= m_retry.max_tries)
      return fail(response.error());
    log::debug("{}; going on from byte {}", response.error().message, pipe.received);
    if (!m_stop.token().sleep_for(m_retry.delay_before(tries + 1, 1.0))) return fail(interrupted_reading());
  }
}

Result<std::size_t> Download::read(std::span<char> into, const StopToken& stop) {
  if (m_given == m_piece.size()) {
    std::optional<Result<std::string>> piece;
    while (!piece) {
      if (stop.is_stopping()) return fail(interrupted_reading());
      piece = m_pieces.pop_until(std::chrono::steady_clock::now() + k_poll);
    }
    if (!*piece) return fail(google_error(std::move(piece->error()), m_name));
    m_piece = std::move(**piece);
    m_given = 0;
  }
  const std::size_t count = std::string_view(m_piece).substr(m_given).copy(into.data(), into.size());
  m_given += count;
  return count;
}

}  // namespace dbr::site
