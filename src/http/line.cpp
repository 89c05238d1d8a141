// SPDX-License-Identifier: MIT
#include "line.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <new>

#include "dbr/http/address.hpp"
#include "environment.hpp"

namespace dbr::http {
namespace {

/// Without a limit: fewer wake-ups on a fast line than with curl's default of 16 KiB.
constexpr ByteCount k_piece = ByteCount{128} * 1024;

std::unique_ptr<CURLSH, FreeShare> make_share() {
  std::unique_ptr<CURLSH, FreeShare> share(curl_share_init());
  if (!share) throw std::bad_alloc();
  curl_share_setopt(share.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  return share;
}

}  // namespace

Line::Line(const ClientSettings& settings)
    : user_agent(settings.user_agent), ca_file(ca_file_from_environment()), piece(k_piece), share(make_share()) {
  if (!settings.bytes_per_second) return;
  limit.emplace(*settings.bytes_per_second);
  piece = piece_size(*settings.bytes_per_second, settings.connections_per_host);
  receive_buffer = receive_buffer_size(*settings.bytes_per_second, settings.connections_per_host);
}

void Line::find_proxies() {
  std::call_once(m_have_proxies, [this] { m_proxies = proxy_endpoints_from_environment(); });
}

void Gate::set_up(CURL* easy) {
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &Gate::open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
}

bool Gate::lets_through(const sockaddr& address, bool any_port) const {
  if (m_reach == Reach::any || is_public_address(address)) return true;
  return m_reach == Reach::public_only && std::ranges::any_of(m_line.proxies(), [&](const sockaddr_storage& proxy) {
           const auto& endpoint = reinterpret_cast<const sockaddr&>(proxy);
           return any_port ? describe_address(endpoint) == describe_address(address)
                           : is_same_endpoint(endpoint, address);
         });
}

bool Gate::lets_through(const char* ip) {
  sockaddr_storage storage{};
  auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
  if (inet_pton(AF_INET, ip, &v4.sin_addr) == 1) storage.ss_family = AF_INET;
  if (storage.ss_family == 0 && inet_pton(AF_INET6, ip, &v6.sin6_addr) == 1) storage.ss_family = AF_INET6;
  // curl tells the port of the site here, also when the connection is one to a proxy.
  return lets_through(reinterpret_cast<const sockaddr&>(storage), true);
}

curl_socket_t Gate::open_socket(void* self, curlsocktype, curl_sockaddr* address) noexcept {
  auto& gate = *static_cast<Gate*>(self);
  try {
    if (!gate.lets_through(address->addr)) {
      gate.m_refused = describe_address(address->addr);
      return CURL_SOCKET_BAD;
    }
  } catch (...) {
    return CURL_SOCKET_BAD;
  }
  const int socket = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (socket < 0) return CURL_SOCKET_BAD;
  gate.m_has_opened = true;
  // Before it connects: the other side is told then how much it may send.
  const int size = gate.m_line.receive_buffer;
  if (size > 0) (void)::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  return socket;
}

}  // namespace dbr::http
