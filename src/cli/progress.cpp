// SPDX-License-Identifier: MIT
#include "dbr/cli/progress.hpp"

#include <algorithm>
#include <utility>

namespace dbr::cli {

// Locks are taken in one order, the log's and then ours: the thread never logs while it holds m_mutex.
ProgressView::ProgressView(const pipeline::Progress& progress, std::ostream& err, Settings settings,
                           log::Settings log_settings)
    : m_progress(progress), m_err(err), m_settings(std::move(settings)), m_log_settings(std::move(log_settings)) {
  if (m_settings.style == Style::none) return;
  if (m_settings.style == Style::bars) {
    log::Settings with_bars = m_log_settings;
    with_bars.before = [this] {
      m_mutex.lock();
      erase();
    };
    with_bars.after = [this] { m_mutex.unlock(); };
    log::configure(std::move(with_bars));
  }
  m_thread = std::thread([this] { run(); });
}

ProgressView::~ProgressView() {
  if (m_settings.style == Style::none) return;
  {
    std::scoped_lock lock(m_mutex);
    m_is_ending = true;
  }
  m_wake.notify_all();
  m_thread.join();
  log::configure(m_log_settings);
  erase();
}

void ProgressView::run() {
  const auto interval = m_settings.style == Style::bars ? m_settings.bar_interval : m_settings.line_interval;
  std::unique_lock lock(m_mutex);
  while (!m_wake.wait_for(lock, interval, [this] { return m_is_ending; })) {
    if (m_settings.style == Style::bars) {
      draw();
    } else {
      lock.unlock();
      log_lines();
      lock.lock();
    }
  }
}

void ProgressView::draw() {
  erase();
  // One column stays free: a full line would wrap on some terminals, and erase() would miss a row.
  const std::size_t width = std::max<std::size_t>(m_settings.width(), 20) - 1;
  std::string text;
  for (const auto& facts : m_progress.facts()) {
    const Rates rates = rates_of(facts);
    if (facts.is_finished) continue;
    text += (m_drawn_lines == 0 ? "" : "\n") + format_bar(facts, rates, width);
    ++m_drawn_lines;
  }
  m_err << text << std::flush;
}

void ProgressView::erase() {
  if (m_drawn_lines == 0) return;
  std::string text = "\r";
  if (m_drawn_lines > 1) text += "\x1b[" + std::to_string(m_drawn_lines - 1) + "A";
  m_err << text << "\x1b[J" << std::flush;
  m_drawn_lines = 0;
}

void ProgressView::log_lines() {
  for (const auto& facts : m_progress.facts()) {
    const Rates rates = rates_of(facts);
    if (!facts.is_finished) log::info("{}", format_progress_line(facts, rates));
  }
}

}  // namespace dbr::cli
