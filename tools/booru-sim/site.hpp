// SPDX-License-Identifier: MIT
// The whole stand-in behind one function: who is let in, what goes wrong, who answers, what is written down.
#pragma once

#include <memory>

#include "faults.hpp"
#include "request_log.hpp"
#include "world.hpp"

namespace dbr::sim {

/// Refills at `rate` a second, holds five times that.
class RequestBudget {
 public:
  explicit RequestBudget(double rate) : m_rate(rate), m_left(rate * 5) {}
  bool take();

 private:
  std::mutex m_mutex;
  double m_rate;
  double m_left;
  std::chrono::steady_clock::time_point m_last = std::chrono::steady_clock::now();
};

class Site {
 public:
  explicit Site(const Options& options);

  /// Safe from any thread.
  Reply answer(const Call& call);

 private:
  Reply answer_visitor(const Call& call, std::string_view& fault_name);
  Reply answer_page(const Call& call, bool is_cdn, const std::optional<Fault>& fault);

  Options m_options;
  Faults m_faults;  // before the world, which takes time: a wrong switch is told at once
  RequestLog m_log;
  std::unique_ptr<World> m_world;
  RequestBudget m_budget;
};

}  // namespace dbr::sim
