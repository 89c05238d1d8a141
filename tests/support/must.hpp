// SPDX-License-Identifier: MIT
// For the steps of a test that are not what it tests: a value, or the test ends with the Error's message.
#pragma once

#include <stdexcept>
#include <utility>

#include "dbr/base/result.hpp"

namespace dbr::test {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace dbr::test
