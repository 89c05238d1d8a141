// SPDX-License-Identifier: MIT
// Any bytes are posts and records, or an error; what was accepted can be read again.
#include "dbr/metadata/post.hpp"
#include "dbr/metadata/record.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)dbr::metadata::parse_records(text);
  const auto page = dbr::metadata::parse_posts(text);
  if (!page) return 0;
  for (const auto& post : page->posts) {
    (void)dbr::metadata::parse_tags(post.json);
    if (!dbr::metadata::parse_post(post.json)) __builtin_trap();
  }
  return 0;
}
