// SPDX-License-Identifier: MIT
#include "loop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace dbr::http {
namespace {

using std::chrono::milliseconds;

/// How often running transfers are looked at for aborts and stalls: an abort feels instant to a person.
constexpr milliseconds k_poll{50};
/// With nothing to do only a wake-up matters.
constexpr milliseconds k_idle{60'000};
/// Handles kept for later; each holds a receive buffer.
constexpr std::size_t k_max_idle = 32;

void init_curl() {
  static const CURLcode s_code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (s_code != CURLE_OK) throw std::runtime_error(curl_easy_strerror(s_code));
}

MultiHandle make_multi(const ClientSettings& settings) {
  MultiHandle multi(curl_multi_init());
  if (!multi) throw std::bad_alloc();
  curl_multi_setopt(multi.get(), CURLMOPT_MAX_HOST_CONNECTIONS, settings.connections_per_host);
  // curl's default follows the number of running transfers, and drops connections as soon as the queue runs low.
  curl_multi_setopt(multi.get(), CURLMOPT_MAXCONNECTS, std::max(32L, 4 * settings.connections_per_host));
  return multi;
}

Transfer& transfer_of(CURL* easy) {
  void* transfer = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
  return *static_cast<Transfer*>(transfer);
}

}  // namespace

Client::Loop::Visit::Visit(Loop& loop) : m_loop(loop) {
  const std::lock_guard lock(m_loop.m_mutex);
  ++m_loop.m_visitors;
}

Client::Loop::Visit::~Visit() {
  const std::lock_guard lock(m_loop.m_mutex);
  --m_loop.m_visitors;
  m_loop.m_left.notify_all();
}

Client::Loop::Loop(const ClientSettings& settings)
    : m_line((init_curl(), settings)), m_multi(make_multi(settings)), m_thread([this] { drive(); }) {}

Client::Loop::~Loop() {
  {
    const std::lock_guard lock(m_mutex);
    m_is_closing = true;
  }
  curl_multi_wakeup(m_multi.get());
  m_thread.join();
  std::unique_lock lock(m_mutex);
  m_left.wait(lock, [this] { return m_visitors == 0; });
}

void Client::Loop::run(Transfer& transfer) {
  {
    const std::lock_guard lock(m_mutex);
    if (m_is_closing) {
      transfer.cancel(transfer.interrupted());
      return;
    }
    m_new.push_back(&transfer);
  }
  const auto wake = [this] { curl_multi_wakeup(m_multi.get()); };
  wake();
  transfer.serve(wake);
}

void Client::Loop::drive() {
  while (take_new()) {
    int running = 0;
    CURLMcode code = curl_multi_perform(m_multi.get(), &running);
    reap();
    tell();
    end_overdue();
    const auto timeout = resume_paused();
    if (code == CURLM_OK) {
      code = curl_multi_poll(m_multi.get(), nullptr, 0, static_cast<int>(timeout.count()), nullptr);
    }
    if (code != CURLM_OK) {
      end_all(Error{ErrorKind::internal, fmt::format("cannot drive transfers: {}", curl_multi_strerror(code))});
      // Whatever is wrong, do not spin on it.
      std::this_thread::sleep_for(k_poll);
    }
  }
}

/// False when the loop is to end; nothing is left then.
bool Client::Loop::take_new() {
  std::vector<Transfer*> fresh;
  bool is_closing = false;
  {
    const std::lock_guard lock(m_mutex);
    fresh.swap(m_new);
    is_closing = m_is_closing;
  }
  for (Transfer* transfer : fresh) start(*transfer);
  // From here nothing can be added: run() refuses once m_is_closing is set.
  if (is_closing) end_all(Error{ErrorKind::cancelled, "cannot fetch: the client is closing"});
  return !is_closing;
}

void Client::Loop::start(Transfer& transfer) {
  EasyHandle easy;
  if (m_idle.empty()) {
    easy.reset(curl_easy_init());
  } else {
    easy = std::move(m_idle.back());
    m_idle.pop_back();
  }
  CURLMcode code = CURLM_OUT_OF_MEMORY;
  if (easy) {
    transfer.set_up(easy.get());
    code = curl_multi_add_handle(m_multi.get(), easy.get());
  }
  if (code != CURLM_OK) {
    transfer.cancel(Error{ErrorKind::internal, fmt::format("cannot start a transfer: {}", curl_multi_strerror(code))});
    transfer.complete();
    return;
  }
  CURL* key = easy.get();
  m_active.emplace(key, std::move(easy));
}

void Client::Loop::reap() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(m_multi.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    end(message->easy_handle, message->data.result);
  }
}

void Client::Loop::tell() {
  for (const auto& [easy, handle] : m_active) transfer_of(easy).tell();
}

void Client::Loop::end_overdue() {
  const auto now = Transfer::Clock::now();
  std::vector<std::pair<CURL*, Error>> overdue;
  for (const auto& [easy, handle] : m_active) {
    if (auto reason = transfer_of(easy).reason_to_end(now)) overdue.emplace_back(easy, std::move(*reason));
  }
  for (auto& [easy, reason] : overdue) {
    transfer_of(easy).cancel(std::move(reason));
    release(easy);
  }
}

/// Returns how long the loop may sleep.
milliseconds Client::Loop::resume_paused() {
  std::vector<CURL*> ready;
  for (const auto& [easy, handle] : m_active) {
    if (transfer_of(easy).may_go_on()) ready.push_back(easy);
  }
  for (CURL* easy : ready) {
    if (const CURLcode code = transfer_of(easy).go_on(); code != CURLE_OK) end(easy, code);
  }
  const milliseconds sleep = m_active.empty() ? k_idle : k_poll;
  if (!m_line.limit) return sleep;
  const auto now = Transfer::Clock::now();
  while (const void* next = m_line.limit->next(now)) {
    const auto found =
        std::ranges::find_if(m_active, [next](const auto& active) { return &transfer_of(active.first) == next; });
    if (found == m_active.end()) continue;
    CURL* easy = found->first;
    if (const CURLcode code = transfer_of(easy).resume(); code != CURLE_OK) end(easy, code);
  }
  const auto wait = m_line.limit->wait(now);
  return wait >= sleep ? sleep : std::max(milliseconds{1}, std::chrono::ceil<milliseconds>(wait));
}

void Client::Loop::end_all(const Error& error) {
  while (!m_active.empty()) {
    CURL* easy = m_active.begin()->first;
    transfer_of(easy).cancel(error);
    release(easy);
  }
}

void Client::Loop::end(CURL* easy, CURLcode code) {
  transfer_of(easy).finish(code);
  release(easy);
}

/// Ends the transfer of a running handle. From here its waiter may destroy it, so curl must be done with it before.
void Client::Loop::release(CURL* easy) {
  Transfer& transfer = transfer_of(easy);
  transfer.settle_accounts();
  curl_multi_remove_handle(m_multi.get(), easy);
  auto node = m_active.extract(easy);
  curl_easy_reset(easy);
  if (m_idle.size() < k_max_idle) m_idle.push_back(std::move(node.mapped()));
  transfer.complete();
}

}  // namespace dbr::http
