// SPDX-License-Identifier: MIT
#include "traffic_budget.hpp"

namespace dbr::stages {

bool TrafficBudget::claim(ByteCount size) {
  if ((m_left -= size) >= 0) return true;
  m_left += size;
  m_is_spent = true;
  return false;
}

}  // namespace dbr::stages
