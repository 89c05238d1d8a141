// SPDX-License-Identifier: MIT
// Any bytes are lines, or an error behind the lines before it; small batches give the same lines as large ones.
#include <memory>
#include <string>

#include "dbr/base/log.hpp"
#include "site/dump_text.hpp"

namespace {

using namespace dbr;

struct Sum {
  std::size_t lines = 0;
  std::size_t bytes = 0;
  bool has_error = false;
};

Sum read(std::string_view bytes, const site::DumpSettings& settings) {
  const StopSource stop;
  Sum sum;
  const auto dump = site::open_text_dump(std::make_unique<site::MemorySource>(bytes), "dump", settings, stop.token());
  sum.has_error = !dump;
  site::DumpBatch batch;
  while (!sum.has_error) {
    const auto has_more = (*dump)->next(batch, stop.token());
    sum.has_error = !has_more;
    if (!has_more || !*has_more) break;
    if (batch.lines.empty() && batch.skipped.empty()) __builtin_trap();
    std::int64_t last = 0;
    for (const auto& line : batch.lines) {
      if (line.text.empty() || line.number <= last) __builtin_trap();
      last = line.number;
      for (const char c : line.text) sum.bytes += static_cast<unsigned char>(c);
      // The spare bytes may be read.
      (void)*static_cast<const volatile char*>(line.text.data() + line.text.size() + site::DumpText::k_spare - 1);
    }
    sum.lines += batch.lines.size();
  }
  return sum;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  log::configure({.threshold = log::Level::error});
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Sum large = read(bytes, {});
  const Sum small = read(bytes, {.batch_size = 1});
  if (large.lines != small.lines || large.bytes != small.bytes || large.has_error != small.has_error) __builtin_trap();
  (void)read(bytes, {.longest_line = 10, .batch_size = 1});
  return 0;
}
