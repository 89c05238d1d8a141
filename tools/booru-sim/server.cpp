// SPDX-License-Identifier: MIT
#include "server.hpp"

#include <stdexcept>

#include "connection.hpp"

namespace dbr::sim {

namespace {

Call call_of(const httplib::Request& request) {
  Call call;
  call.method = request.method;
  call.path = request.path;
  call.target = request.target;
  const auto question = request.target.find('?');
  if (question != std::string::npos)
    call.parameters = parse_query(std::string_view(request.target).substr(question + 1));
  for (const auto& [name, value] : request.headers) call.headers.emplace_back(name, value);
  call.body = request.body;
  // httplib leaves a GET's body unread; that there is one is all the site looks at.
  if (call.body.empty() && request.method == "GET") {
    const auto length = call.header("Content-Length");
    if (!length.empty() && length != "0") call.body = "?";
  }
  call.connection = Connection::current().number;
  return call;
}

/// Sends the body the way its damage wants it; false ends the connection.
bool send_damaged(ConnectionServer& server, const Reply& reply, httplib::DataSink& sink) {
  const Damage& damage = reply.damage;
  const std::string& body = reply.body;
  const std::size_t chunk =
      damage.kind == Damage::Kind::slow ? static_cast<std::size_t>(damage.chunk_bytes) : body.size();
  if (damage.kind == Damage::Kind::slow) {
    for (std::size_t i = 0; i < body.size(); i += chunk) {
      if (!server.wait(std::chrono::milliseconds(damage.wait_ms))) return false;
      if (!sink.write(body.data() + i, std::min(chunk, body.size() - i))) return false;
    }
    return true;
  }
  sink.write(body.data(), std::min(body.size(), static_cast<std::size_t>(damage.after_bytes)));
  if (damage.kind == Damage::Kind::stall) server.wait(std::chrono::milliseconds(damage.wait_ms));
  if (damage.kind == Damage::Kind::reset) Connection::current().reset();
  return false;
}

void send(ConnectionServer& server, Reply reply, bool is_head, httplib::Response& response) {
  if (reply.damage.kind == Damage::Kind::reset && reply.damage.after_bytes < 0) Connection::current().reset();
  if (reply.damage.kind == Damage::Kind::reset_in_head) {
    Connection::current().send("HTTP/1.1 200 OK\r\nContent-Type: image/");
    Connection::current().reset();
  }
  response.status = reply.status;
  for (const auto& [name, value] : reply.headers) response.set_header(name, value);
  const std::string type = reply.type;
  // An empty body cannot be damaged, and httplib ends a provided body of no length by never ending it.
  const bool is_empty = reply.body.empty() && reply.damage.claimed_length < 0;
  if (reply.damage.kind == Damage::Kind::none || is_head || is_empty) {
    if (!type.empty()) response.set_content(reply.body, type);
    return;
  }
  const auto claimed = reply.damage.claimed_length;
  const std::size_t length = claimed < 0 ? reply.body.size() : static_cast<std::size_t>(claimed);
  response.set_content_provider(length, type,
                                [&server, reply = std::move(reply)](size_t, size_t, httplib::DataSink& sink) {
                                  return send_damaged(server, reply, sink);
                                });
}

}  // namespace

Server::Server(Site& site, int port, bool gzip) : m_site(site), m_server(std::make_unique<ConnectionServer>()) {
  const auto handle = [this, gzip](const httplib::Request& request, httplib::Response& response) {
    send(*m_server, m_site.answer(call_of(request)), request.method == "HEAD", response);
    // httplib would compress with brotli at its slowest; only gzip, and only if asked for.
    if (!gzip) const_cast<httplib::Request&>(request).headers.erase("Accept-Encoding");
  };
  m_server->Get(".*", handle).Post(".*", handle).Delete(".*", handle).Options(".*", handle);
  m_server->set_keep_alive_max_count(1'000'000).set_keep_alive_timeout(30);  // what the header says; see connection.cpp
  m_server->set_payload_max_length(64U << 20U);
  if (port == 0) {
    m_port = m_server->bind_to_any_port("127.0.0.1");
  } else if (m_server->bind_to_port("127.0.0.1", port)) {
    m_port = port;
  }
  if (m_port <= 0) throw std::runtime_error("cannot listen on 127.0.0.1:" + std::to_string(port));
}

Server::~Server() = default;

void Server::run() {
  m_server->listen_after_bind();
}

void Server::stop() {
  m_server->stop_all();
}

}  // namespace dbr::sim
