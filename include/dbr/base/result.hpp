// SPDX-License-Identifier: MIT
// Result<T>: a value or an Error. DBR_TRY passes an Error on to the caller.
#pragma once

#include <tl/expected.hpp>
#include <utility>

#include "dbr/base/error.hpp"

namespace dbr {

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

inline tl::unexpected<Error> fail(ErrorKind kind, std::string message, std::string hint = {}) {
  return tl::unexpected<Error>(Error{kind, std::move(message), std::move(hint)});
}

}  // namespace dbr

#define DBR_CONCAT_INNER(a, b) a##b
#define DBR_CONCAT(a, b) DBR_CONCAT_INNER(a, b)

/// DBR_TRY(auto value, expression); declares `value` from a Result, or returns its Error.
#define DBR_TRY(declaration, expression)                                      \
  auto DBR_CONCAT(dbr_result_, __LINE__) = (expression);                      \
  if (!DBR_CONCAT(dbr_result_, __LINE__)) {                                   \
    return ::dbr::fail(std::move(DBR_CONCAT(dbr_result_, __LINE__)).error()); \
  }                                                                           \
  declaration = std::move(*DBR_CONCAT(dbr_result_, __LINE__))  // NOLINT(bugprone-macro-parentheses): it declares

/// DBR_CHECK(expression); returns the Error of a Result<void>, if it holds one.
#define DBR_CHECK(expression)                                                       \
  do {                                                                              \
    auto dbr_check_result = (expression);                                           \
    if (!dbr_check_result) return ::dbr::fail(std::move(dbr_check_result).error()); \
  } while (false)
