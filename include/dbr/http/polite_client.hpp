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

  /// Called before each try, gives the sink of that try. It may set `first_byte` and `if_range`, which the next try
  /// finds as it left them: so a body goes on where the last try broke off. Otherwise it empties the sink.
  using Prepare = std::function<Sink&(Request& request)>;

  /// Performs the request until it is answered with 2xx or there is no sense in going on. An Error of kind network or
  /// throttled from the transfer, the response or the sink is tried again, any other is returned. A part that the
  /// server does not have (416) is kind network: the next try may ask for all. `stop` at drain level ends the waiting
  /// (cancelled). `max_failures` is for who has another way than to ask again: give up after so many failures; being
  /// asked to wait does not count.
  Result<Response> fetch(Request request, const Prepare& prepare, const StopToken& stop,
                         std::optional<int> max_failures = {});

  /// Requests sent so far, retries included.
  std::int64_t requests_sent() const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace dbr::http
