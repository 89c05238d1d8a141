// SPDX-License-Identifier: MIT
// Whether and when to try again, as pure functions of what happened.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "dbr/base/result.hpp"
#include "dbr/base/time.hpp"
#include "dbr/http/client.hpp"

namespace dbr::http {

struct RetryPolicy {
  int max_tries = 6;
  std::chrono::milliseconds first_delay{500};
  std::chrono::milliseconds max_delay{60'000};

  /// Delay before try number `next_try` (2, 3, ...): doubled each time, with full jitter; `random` is in [0, 1).
  std::chrono::milliseconds delay_before(int next_try, double random) const;
};

/// What a response that is not 2xx means: throttled (429, 503), not_found (404, 410), network (408, other 5xx, 416 to
/// who asked for a part only), remote_rejected (401, 403, any challenge page, and the rest). The message names the host
/// and path, not the query.
Error error_for_response(const Response& response, bool is_part = false);

/// `cf-mitigated: challenge`, or 403/503 whose HTML asks to wait for a browser check.
bool is_challenge(const Response& response);

/// Retry-After as seconds or as an HTTP date; nullopt when absent or senseless. Capped at one hour.
std::optional<std::chrono::seconds> retry_after(const Head& head, Timestamp now);

}  // namespace dbr::http
