// SPDX-License-Identifier: MIT
#include "support/loopback_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace dbr::test {
namespace {

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

[[noreturn]] void fail_on(const char* what) {
  throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

}  // namespace

Peer::~Peer() {
  ::close(m_socket);
}

bool Peer::send(std::string_view bytes) {
  while (m_is_open && !bytes.empty()) {
    const auto sent = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) m_is_open = false;
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return m_is_open;
}

void Peer::reply(int status, std::string_view body, std::string_view headers) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + " Scripted\r\n";
  text += headers;
  text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  text += body;
  send(text);
}

// The descriptor itself lives until the destructor, so that the server may shut it down from another thread.
void Peer::close() {
  m_is_open = false;
  ::shutdown(m_socket, SHUT_RDWR);
}

void Peer::reset() {
  m_is_open = false;
  // Connecting a TCP socket to AF_UNSPEC aborts it: a reset now, without giving up the descriptor.
  sockaddr nowhere{};
  nowhere.sa_family = AF_UNSPEC;
  ::connect(m_socket, &nowhere, sizeof nowhere);
}

bool Peer::stall(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  char byte = 0;
  while (m_is_open) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return true;
    pollfd descriptor{m_socket, POLLIN, 0};
    if (::poll(&descriptor, 1, static_cast<int>(left.count())) <= 0) continue;
    if (::recv(m_socket, &byte, 1, MSG_PEEK) <= 0) m_is_open = false;
  }
  return false;
}

bool Peer::read_request(ReceivedRequest& request) {
  std::size_t end = 0;
  while ((end = m_buffer.find("\r\n\r\n")) == std::string::npos) {
    char bytes[4096];
    const auto count = ::recv(m_socket, bytes, sizeof bytes, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    m_buffer.append(bytes, static_cast<std::size_t>(count));
  }
  const std::string head = m_buffer.substr(0, end + 2);
  m_buffer.erase(0, end + 4);
  std::size_t position = head.find("\r\n");
  const std::string line = head.substr(0, position);
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string::npos || first == last) return false;
  request.method = line.substr(0, first);
  request.target = line.substr(first + 1, last - first - 1);
  for (position += 2; position < head.size();) {
    const auto next = head.find("\r\n", position);
    const auto colon = head.find(": ", position);
    if (colon < next) {
      request.headers[lower_case(head.substr(position, colon - position))] = head.substr(colon + 2, next - colon - 2);
    }
    position = next + 2;
  }
  return true;
}

LoopbackServer::LoopbackServer(Handler handler) : m_handler(std::move(handler)) {
  m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (m_listener < 0) fail_on("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(m_listener, generic, size) != 0) fail_on("bind");
  if (::listen(m_listener, 64) != 0) fail_on("listen");
  if (::getsockname(m_listener, generic, &size) != 0) fail_on("getsockname");
  m_port = ntohs(address.sin_port);
  m_acceptor = std::thread([this] { accept_all(); });
}

LoopbackServer::~LoopbackServer() {
  {
    const std::lock_guard lock(m_mutex);
    m_is_stopping = true;
    for (Peer& peer : m_peers) ::shutdown(peer.m_socket, SHUT_RDWR);
  }
  ::shutdown(m_listener, SHUT_RDWR);
  m_acceptor.join();
  for (std::thread& thread : m_threads) thread.join();
  ::close(m_listener);
}

std::string LoopbackServer::url(std::string_view target) const {
  return "http://127.0.0.1:" + std::to_string(m_port) + std::string(target);
}

std::string LoopbackServer::other_host_url(std::string_view target) const {
  return "http://localhost:" + std::to_string(m_port) + std::string(target);
}

std::vector<ReceivedRequest> LoopbackServer::requests() const {
  const std::lock_guard lock(m_mutex);
  return m_requests;
}

int LoopbackServer::connections() const {
  const std::lock_guard lock(m_mutex);
  return static_cast<int>(m_peers.size());
}

void LoopbackServer::accept_all() {
  for (;;) {
    const int socket = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(m_mutex);
    if (m_is_stopping || (socket < 0 && errno != EINTR && errno != ECONNABORTED)) {
      if (socket >= 0) ::close(socket);
      return;
    }
    if (socket < 0) continue;
    // Small pieces leave as they are sent, so that slow bodies are slow in the way the test says.
    const int yes = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    Peer& peer = m_peers.emplace_back(socket);
    m_threads.emplace_back([this, &peer, number = static_cast<int>(m_peers.size())] { serve(peer, number); });
  }
}

void LoopbackServer::serve(Peer& peer, int number) {
  for (;;) {
    ReceivedRequest request;
    if (!peer.read_request(request)) break;
    request.connection = number;
    {
      const std::lock_guard lock(m_mutex);
      m_requests.push_back(request);
    }
    m_handler(request, peer);
    if (!peer.is_open()) break;
  }
  ::shutdown(peer.m_socket, SHUT_RDWR);
}

}  // namespace dbr::test
