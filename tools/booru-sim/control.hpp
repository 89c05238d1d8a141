// SPDX-License-Identifier: MIT
// /sim/*: what tests ask of the stand-in itself. Never logged, never faulty.
#pragma once

#include "faults.hpp"
#include "request_log.hpp"
#include "world.hpp"

namespace dbr::sim {

struct Controlled {
  World& world;
  Faults& faults;
  RequestLog& log;
};

Reply answer_control(const Controlled& site, const Call& call);

}  // namespace dbr::sim
