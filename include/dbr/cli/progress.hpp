// SPDX-License-Identifier: MIT
// Draws pipeline::Progress on stderr: bars on a terminal, otherwise a log line now and then. The drawing functions are
// pure; ProgressView owns a thread that calls them and keeps bars and log lines apart.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <ostream>
#include <string>
#include <thread>

#include "dbr/base/log.hpp"
#include "dbr/pipeline/progress.hpp"

namespace dbr::cli {

/// Items and bytes a second.
struct Rates {
  double items = 0;
  double bytes = 0;
};

/// The rates of the last minute: a long run's average says little about now.
class RateWindow {
 public:
  Rates add(const pipeline::Meter::Facts& facts);

 private:
  std::deque<pipeline::Meter::Facts> m_samples;
};

/// One bar, at most `width` columns; parts that do not fit are left out, the least important first.
std::string format_bar(const pipeline::Meter::Facts& facts, const Rates& rates, std::size_t width);

/// The same in words: "fetch-images: 1,234 of 2,940 (42%), 12.3/s, 4.5 MB/s, 2 min 18 s left, 2 failed".
std::string format_progress_line(const pipeline::Meter::Facts& facts, const Rates& rates);

/// Shows `progress` until destroyed. Takes over the log's settings to keep its bars out of the way of log lines.
class ProgressView {
 public:
  enum class Style { none, lines, bars };
  struct Settings {
    Style style = Style::none;
    std::function<std::size_t()> width = [] { return std::size_t{80}; };
    std::chrono::milliseconds bar_interval{200};
    std::chrono::milliseconds line_interval{30'000};
  };

  ProgressView(const pipeline::Progress& progress, std::ostream& err, Settings settings, log::Settings log_settings);
  ProgressView(const ProgressView&) = delete;
  ProgressView& operator=(const ProgressView&) = delete;
  ~ProgressView();

 private:
  void run();
  void draw();
  void erase();
  void log_lines();
  Rates rates_of(const pipeline::Meter::Facts& facts) { return m_windows[facts.name].add(facts); }

  const pipeline::Progress& m_progress;
  std::ostream& m_err;
  const Settings m_settings;
  log::Settings m_log_settings;
  std::map<std::string, RateWindow> m_windows;  // used by the thread alone

  std::mutex m_mutex;  // held while a log line is written, too: nobody else writes then
  std::condition_variable m_wake;
  bool m_is_ending = false;
  std::size_t m_drawn_lines = 0;
  std::thread m_thread;
};

}  // namespace dbr::cli
