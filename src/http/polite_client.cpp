// SPDX-License-Identifier: MIT
#include "dbr/http/polite_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <mutex>
#include <random>
#include <string>

#include "dbr/base/log.hpp"
#include "dbr/base/time.hpp"
#include "dbr/http/throttle.hpp"
#include "dbr/http/url.hpp"

namespace dbr::http {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// A try that brought less of a file than this has failed; one that brought more has only not finished.
constexpr ByteCount k_progress = ByteCount{64} << 10;

bool is_2xx(const Response& response) {
  return response.head.status >= 200 && response.head.status <= 299;
}

bool is_worth_retrying(ErrorKind kind) {
  return kind == ErrorKind::network || kind == ErrorKind::throttled;
}

Error interrupted(const Request& request) {
  return Error{ErrorKind::cancelled, fmt::format("cannot fetch {}: interrupted", describe_url(request.url))};
}

}  // namespace

struct PoliteClient::State {
  State(Client& the_client, Manners the_manners) : client(the_client), manners(the_manners) {}

  Throttle& throttle_of(const std::string& host);
  bool wait_for_turn(Throttle& throttle, const StopToken& stop);
  Result<Response> try_once(Throttle& throttle, const Request& request, Sink& sink, const StopToken& stop);
  double random();

  Client& client;
  const Manners manners;
  std::atomic<std::int64_t> sent{0};

  std::mutex mutex;  ///< guards what follows, throttles included
  std::map<std::string, Throttle> throttles;
  std::mt19937 generator{std::random_device{}()};
};

Throttle& PoliteClient::State::throttle_of(const std::string& host) {
  const std::lock_guard lock(mutex);
  return throttles.try_emplace(host, manners.requests_per_second).first->second;
}

/// False when stopped.
bool PoliteClient::State::wait_for_turn(Throttle& throttle, const StopToken& stop) {
  Clock::duration wait;
  {
    const std::lock_guard lock(mutex);
    wait = throttle.reserve(Clock::now());
  }
  for (;;) {
    if (wait > Clock::duration{0} && !stop.sleep_for(std::chrono::ceil<milliseconds>(wait))) return false;
    if (stop.is_stopping()) return false;
    const std::lock_guard lock(mutex);
    const auto now = Clock::now();
    // Somebody may have been pushed back while we slept: our turn is void then, and we queue up behind the gate.
    wait = throttle.is_closed(now) ? throttle.reserve(now) : throttle.start(now);
    if (wait == Clock::duration{0}) return true;
  }
}

/// Success is 2xx. Tells the throttle what came.
Result<Response> PoliteClient::State::try_once(Throttle& throttle, const Request& request, Sink& sink,
                                               const StopToken& stop) {
  ++sent;
  auto response = client.perform(request, sink, stop);
  std::optional<Error> error;
  std::optional<std::chrono::seconds> pause;
  if (!response) {
    error = response.error();
  } else if (!is_2xx(*response)) {
    error = error_for_response(*response, request.first_byte > 0);
    pause = retry_after(response->head, dbr::now());
  }
  {
    const std::lock_guard lock(mutex);
    if (error && error->kind == ErrorKind::throttled) {
      throttle.on_pushback(Clock::now(), pause);
    } else if (response && (!error || error->kind != ErrorKind::network)) {
      throttle.on_success(Clock::now());
    }
  }
  if (error) return fail(std::move(*error));
  return response;
}

double PoliteClient::State::random() {
  const std::lock_guard lock(mutex);
  return std::uniform_real_distribution<double>{}(generator);
}

PoliteClient::PoliteClient(Client& client, Manners manners) : m_state(std::make_unique<State>(client, manners)) {}

PoliteClient::~PoliteClient() = default;

std::int64_t PoliteClient::requests_sent() const {
  return m_state->sent;
}

Result<Response> PoliteClient::fetch(Request request, const Prepare& prepare, const StopToken& stop,
                                     std::optional<int> max_failures) {
  State& state = *m_state;
  const int max_tries = state.manners.retry.max_tries;
  DBR_TRY(const Url url, parse_url(request.url));
  Throttle& throttle = state.throttle_of(fmt::format("{}:{}", url.host, url.port));
  request.is_sent_once = !std::isinf(state.manners.requests_per_second);
  // A redirect is a request like any other.
  request.before_hop = [&state, &stop](std::string_view target) -> Result<void> {
    DBR_TRY(const Url next, parse_url(target));
    if (!state.wait_for_turn(state.throttle_of(fmt::format("{}:{}", next.host, next.port)), stop)) {
      return fail(ErrorKind::cancelled, fmt::format("cannot fetch {}: interrupted", describe_url(target)));
    }
    ++state.sent;
    return {};
  };
  // Two counts, because one long maintenance must not use up the tries that broken connections need, nor these its.
  int failures = 0;
  int pushbacks_in_a_row = 0;
  ByteCount reached = 0;
  for (;;) {
    if (!state.wait_for_turn(throttle, stop)) return fail(interrupted(request));
    Sink& sink = prepare(request);
    // A line that breaks again and again still brings the file, part by part.
    if (request.first_byte >= reached + k_progress) failures = 0;
    reached = std::max(reached, request.first_byte);
    auto response = state.try_once(throttle, request, sink, stop);
    if (response || !is_worth_retrying(response.error().kind)) return response;

    if (response.error().kind == ErrorKind::throttled) {
      ++pushbacks_in_a_row;
    } else {
      pushbacks_in_a_row = 0;
      ++failures;
    }
    if (failures >= max_failures.value_or(max_tries) || pushbacks_in_a_row >= max_tries) return response;
    const int next_try = failures + pushbacks_in_a_row + 1;
    const auto delay = state.manners.retry.delay_before(next_try, state.random());
    log::debug("{}; try {} in {} ms or when it is our turn", response.error().message, next_try, delay.count());
    if (!stop.sleep_for(delay)) return fail(interrupted(request));
  }
}

}  // namespace dbr::http
