// SPDX-License-Identifier: MIT
#include "out.hpp"

#include <unistd.h>

#include <cerrno>

namespace dbr::bench {

Out::Out() : m_buffer(k_buffer + k_row_room), m_at(m_buffer.data()), m_full(m_at + k_buffer) {}

bool Out::flush() {
  const char* from = m_buffer.data();
  while (from < m_at) {
    const ssize_t written = ::write(STDOUT_FILENO, from, static_cast<std::size_t>(m_at - from));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    from += written;
  }
  m_at = m_buffer.data();
  return true;
}

}  // namespace dbr::bench
