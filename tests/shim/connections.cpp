// SPDX-License-Identifier: MIT
// Where a program connects to: LD_PRELOAD=libconnections.so CONNECTIONS_LOG=FILE, a line for each call.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "intercept.hpp"

namespace {

std::string name_of(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address->sa_family == AF_INET) {
    const auto* const in = reinterpret_cast<const sockaddr_in*>(address);
    inet_ntop(AF_INET, &in->sin_addr, text.data(), text.size());
    return std::string(text.data()) + ":" + std::to_string(ntohs(in->sin_port));
  }
  if (address->sa_family == AF_INET6) {
    const auto* const in = reinterpret_cast<const sockaddr_in6*>(address);
    inet_ntop(AF_INET6, &in->sin6_addr, text.data(), text.size());
    return "[" + std::string(text.data()) + "]:" + std::to_string(ntohs(in->sin6_port));
  }
  return {};
}

}  // namespace

extern "C" int connect(int socket, const sockaddr* address, socklen_t size) {
  if (const std::string line = name_of(address) + "\n"; line.size() > 1) {
    const std::string log = dbr::shim::setting("CONNECTIONS_LOG");
    const auto fd = syscall(SYS_openat, AT_FDCWD, log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd >= 0) {
      (void)syscall(SYS_write, fd, line.data(), line.size());
      (void)syscall(SYS_close, fd);
    }
  }
  return static_cast<int>(syscall(SYS_connect, socket, address, size));
}
