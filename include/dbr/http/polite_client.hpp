// SPDX-License-Identifier: MIT
// A Client with manners: one throttle a host, retries with backoff, no try while the host asked us to wait.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "dbr/http/client.hpp"
#include "dbr/http/retry.hpp"

namespace dbr::http {

struct Manners {
  double requests_per_second = 1.0;  ///< per host; infinity for none
  RetryPolicy retry = {};
};

/// Thread-safe. Borrows the Client, which must outlive it.
class PoliteClient {
 public:
  PoliteClient(Client& client, Manners manners);
  ~PoliteClient();

  /// Performs the request until it is answered with 2xx or there is no sense in going on. `make_sink` is called before
  /// each try, so every body starts with an empty sink; an Error of kind network or throttled from the transfer, the
  /// response or the sink is tried again, any other is returned. `stop` at drain level ends the waiting (cancelled).
  /// `max_failures` is for who has another way than to ask again: give up after so many failures; being asked to wait
  /// does not count.
  Result<Response> fetch(const Request& request, const std::function<Sink&()>& make_sink, const StopToken& stop,
                         std::optional<int> max_failures = {});

  /// Requests sent so far, retries included.
  std::int64_t requests_sent() const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace dbr::http
