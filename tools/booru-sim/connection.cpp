// SPDX-License-Identifier: MIT
#include "connection.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <list>
#include <thread>

namespace dbr::sim {

namespace {

constexpr int k_patience_ms = 30'000;

/// One thread for each connection; all are joined at the end.
class ThreadPerConnection : public httplib::TaskQueue {
 public:
  void enqueue(std::function<void()> task) override {
    const std::scoped_lock lock(m_mutex);
    m_threads.remove_if([](Entry& entry) { return entry.is_done.load(); });
    Entry& entry = m_threads.emplace_back();
    entry.thread = std::jthread([&entry, task = std::move(task)] {
      task();
      entry.is_done = true;
    });
  }
  void shutdown() override {
    const std::scoped_lock lock(m_mutex);
    m_threads.clear();
  }

 private:
  struct Entry {
    std::atomic<bool> is_done{false};
    std::jthread thread;
  };
  std::mutex m_mutex;
  std::list<Entry> m_threads;
};

/// Reads in blocks, writes what httplib gives; waits for the peer or for the server's end.
class SocketStream : public httplib::Stream {
 public:
  SocketStream(int socket, int stop_fd) : m_socket(socket), m_stop_fd(stop_fd) {}

  bool has_request() const { return m_begin < m_end || wait_for(POLLIN); }
  bool is_readable() const override { return m_begin < m_end || wait_for(POLLIN); }
  bool is_writable() const override { return wait_for(POLLOUT); }

  ssize_t read(char* out, size_t size) override {
    if (m_begin == m_end) {
      if (!wait_for(POLLIN)) return -1;
      const ssize_t got = ::recv(m_socket, m_buffer.data(), m_buffer.size(), 0);
      if (got <= 0) return got;
      m_begin = 0;
      m_end = static_cast<size_t>(got);
    }
    const size_t count = std::min(size, m_end - m_begin);
    std::copy_n(m_buffer.data() + m_begin, count, out);
    m_begin += count;
    return static_cast<ssize_t>(count);
  }

  ssize_t write(const char* data, size_t size) override {
    size_t done = 0;
    while (done < size) {
      if (!wait_for(POLLOUT)) return -1;
      const ssize_t sent = ::send(m_socket, data + done, size - done, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent < 0 && errno != EAGAIN && errno != EINTR) return -1;
      if (sent > 0) done += static_cast<size_t>(sent);
    }
    return static_cast<ssize_t>(size);
  }

  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip = "127.0.0.1";
    port = 0;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override { get_remote_ip_and_port(ip, port); }
  socket_t socket() const override { return m_socket; }

 private:
  bool wait_for(int16_t event) const {
    std::array<pollfd, 2> waits{{{m_socket, event, 0}, {m_stop_fd, POLLIN, 0}}};
    return ::poll(waits.data(), waits.size(), k_patience_ms) > 0 && waits[1].revents == 0;
  }

  int m_socket;
  int m_stop_fd;
  std::array<char, 16'384> m_buffer{};
  size_t m_begin = 0;
  size_t m_end = 0;
};

}  // namespace

Connection& Connection::current() {
  thread_local Connection connection;
  return connection;
}

void Connection::reset() const {
  // Linux turns a connection to nowhere into a disconnect, which for TCP is a reset.
  sockaddr nowhere{};
  nowhere.sa_family = AF_UNSPEC;
  ::connect(socket, &nowhere, sizeof nowhere);
}

void Connection::send(std::string_view text) const {
  (void)::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
}

ConnectionServer::ConnectionServer() {
  if (::pipe(m_stop_pipe) != 0) throw std::runtime_error("cannot make a pipe");
  new_task_queue = [] { return new ThreadPerConnection; };
}

void ConnectionServer::stop_all() {
  {
    const std::scoped_lock lock(m_mutex);
    m_stopping = true;
  }
  m_stopped.notify_all();
  ::close(m_stop_pipe[1]);  // every poll on the other end wakes, now and later
  stop();
}

bool ConnectionServer::wait(std::chrono::milliseconds duration) {
  std::unique_lock lock(m_mutex);
  return !m_stopped.wait_for(lock, duration, [this] { return m_stopping.load(); });
}

bool ConnectionServer::process_and_close_socket(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  Connection& connection = Connection::current();
  connection.number = ++m_connections;
  connection.socket = socket;
  SocketStream stream(socket, m_stop_pipe[0]);
  bool is_open = true;
  while (is_open && !m_stopping && stream.has_request()) {
    bool is_closed = false;
    is_open = process_request(stream, false, is_closed,
                              [](httplib::Request& request) {
                                request.ranges.clear();  // cdn.cpp knows If-Range, httplib does not
                              }) &&
              !is_closed;
  }
  ::shutdown(socket, SHUT_RDWR);
  ::close(socket);
  return is_open;
}

}  // namespace dbr::sim
