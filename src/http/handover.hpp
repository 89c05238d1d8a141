// SPDX-License-Identifier: MIT
// What a transfer has received and its sink has not taken yet: the loop's thread puts it in, the thread that waits for
// the transfer hands it to the sink. So hashing and the disk cost the loop nothing, and only a sink's own transfer
// waits for it.
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "dbr/http/client.hpp"

namespace dbr::http {

class Handover {
 public:
  /// The loop's thread. `head` stays where and as it is until the end.
  void put_head(const Head& head);
  void put(std::string_view bytes);
  /// True: put no more before serve() has woken the loop. One more piece of curl's is no harm.
  bool is_full();
  /// The sink wants no more.
  bool is_refused();
  /// Once for all that was put: most bodies are in by then, and wake their waiter only with finish().
  void tell();
  /// Nothing more comes; the waiter may destroy this at once.
  void finish();

  /// The waiter's thread: returns after finish(), when the sink has got everything or wants no more. `wake_loop` when
  /// there is room again or the sink wants no more.
  void serve(Sink& sink, const std::function<void()>& wake_loop);
  /// What the sink returned, after serve(); throws what it threw.
  Result<void> verdict();

 private:
  bool hand_over(Sink& sink, const Head* head, std::string_view bytes);

  std::mutex m_mutex;
  std::condition_variable m_news;
  const Head* m_head = nullptr;
  std::string m_bytes;
  bool m_is_told = true;  ///< nothing was put since tell()
  bool m_is_held = false;
  bool m_is_refused = false;
  bool m_is_done = false;

  /// The waiter's.
  std::optional<Error> m_error;
  std::exception_ptr m_exception;
};

}  // namespace dbr::http
