// SPDX-License-Identifier: MIT
// Starting libvips for many small pictures on threads of our own, and its error text.
#include "vips_glue.hpp"

#include <fmt/format.h>
#include <malloc.h>

#include <mutex>
#include <stdexcept>

#include "dbr/image/ml_form.hpp"

namespace dbr::image {
namespace {

/// What the library warns of (odd metadata, unfit profiles) is no business of the person at the terminal.
void ignore_log(const gchar*, GLogLevelFlags, const gchar*, gpointer) {}

void allow_only_our_loaders() {
  vips_block_untrusted_set(TRUE);
  vips_operation_block_set("VipsForeignLoad", TRUE);
  for (const char* trusted : {"VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadNsgif",
                              "VipsForeignLoadWebp", "VipsForeignLoadHeif"}) {
    vips_operation_block_set(trusted, FALSE);
  }
}

/// Every picture takes the same few megabytes again: by default they go back to the kernel in between, and new pages
/// cost a twentieth of a form. What a thread keeps stays small beside what its pictures need.
void keep_freed_memory() {
#ifdef M_TRIM_THRESHOLD
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
  mallopt(M_TRIM_THRESHOLD, 16 << 20);
#endif
}

void start() {
  keep_freed_memory();
  // Before vips_init: loading its modules can warn, too.
  constexpr int k_quiet = G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG;
  g_log_set_handler("VIPS", static_cast<GLogLevelFlags>(k_quiet), ignore_log, nullptr);
  if (VIPS_INIT("dbr") != 0) {
    throw std::runtime_error("cannot start libvips: " + take_error_text());
  }
  // Parallel over files, not within one (performance.md 2.1); nothing is ever asked for twice.
  vips_concurrency_set(1);
  vips_cache_set_max(0);
  allow_only_our_loaders();
}

}  // namespace

std::string take_error_text() {
  constexpr std::size_t k_longest = 200;
  const std::unique_ptr<char, decltype(&g_free)> raw(vips_error_buffer_copy(), g_free);
  std::string line(raw ? raw.get() : "");
  while (!line.empty() && line.back() == '\n') {
    line.pop_back();
  }
  // The newest is last.
  line.erase(0, line.rfind('\n') + 1);
  line.resize(std::min(line.size(), k_longest));
  for (char& c : line) {
    // The text may quote the file: only plain ASCII goes into logs and the manifest.
    if (c < ' ' || c > '~') {
      c = '?';
    }
  }
  return line;
}

void start_library() {
  static std::once_flag once;
  std::call_once(once, start);
}

void release_thread() {
  vips_thread_shutdown();
}

std::string library_version() {
  return fmt::format("{}.{}.{}", vips_version(0), vips_version(1), vips_version(2));
}

}  // namespace dbr::image
