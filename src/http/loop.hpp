// SPDX-License-Identifier: MIT
// The thread that drives curl's multi interface. Transfers are handed in and waited for; the easy handles, the
// connections and everything else of curl's are touched by this thread alone.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "dbr/http/client.hpp"
#include "line.hpp"
#include "transfer.hpp"

namespace dbr::http {

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
using EasyHandle = std::unique_ptr<CURL, FreeEasy>;
using MultiHandle = std::unique_ptr<CURLM, FreeMulti>;

class Client::Loop {
 public:
  explicit Loop(const ClientSettings& settings);
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  /// Cancels what is under way, and waits until all visitors have left.
  ~Loop();

  /// Keeps the loop alive while a caller goes from one hop to the next.
  class Visit {
   public:
    explicit Visit(Loop& loop);
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;
    ~Visit();

   private:
    Loop& m_loop;
  };

  Line& line() { return m_line; }
  /// Blocks for as long as their names take to resolve, the first time.
  void find_proxies() { m_line.find_proxies(); }
  /// Blocks until the transfer is done.
  void run(Transfer& transfer);

 private:
  void drive();
  bool take_new();
  void start(Transfer& transfer);
  void reap();
  void tell();
  void end_overdue();
  std::chrono::milliseconds resume_paused();
  void end_all(const Error& error);
  void end(CURL* easy, CURLcode code);
  void release(CURL* easy);

  /// Outlives what uses it: TLS sessions are shared by the handles.
  Line m_line;
  MultiHandle m_multi;

  std::mutex m_mutex;
  std::condition_variable m_left;
  std::vector<Transfer*> m_new;
  int m_visitors = 0;
  bool m_is_closing = false;

  /// The loop's thread only.
  std::unordered_map<CURL*, EasyHandle> m_active;
  std::vector<EasyHandle> m_idle;

  std::thread m_thread;
};

}  // namespace dbr::http
