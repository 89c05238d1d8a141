// SPDX-License-Identifier: MIT
// libjpeg and libpng leave by a jump when something is wrong: this is where they land.
#pragma once

#include <csetjmp>
#include <type_traits>

namespace dbr::image {

class Escape {
 public:
  /// False when `call` was left by leave(). A jump runs no destructors, so it must own nothing.
  template <typename Call>
  bool guard(Call call) {
    static_assert(std::is_trivially_destructible_v<Call>);
    if (setjmp(m_back) != 0) {  // NOLINT(*-err52-cpp): the libraries have no other way out
      return false;
    }
    call();
    return true;
  }

  [[noreturn]] void leave() { std::longjmp(m_back, 1); }  // NOLINT(*-err52-cpp)

 private:
  std::jmp_buf m_back{};
};

}  // namespace dbr::image
