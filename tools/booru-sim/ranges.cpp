// SPDX-License-Identifier: MIT
#include "ranges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace dbr::sim {

namespace {

struct Slice {
  std::size_t begin;
  std::size_t end;
};

/// One range of "bytes=5-", "bytes=5-9", "bytes=-5". Nothing when it cannot be met; lists are answered in full.
std::optional<Slice> parse_range(std::string_view text, std::size_t size) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = parse_number(text.substr(0, dash));
  const auto last = parse_number(text.substr(dash + 1));
  if (dash == 0 && last && size > 0 && *last > 0)
    return Slice{size - std::min(size, static_cast<std::size_t>(*last)), size};
  if (!first || *first < 0 || static_cast<std::size_t>(*first) >= size) return std::nullopt;
  if (last && *last < *first) return std::nullopt;
  return Slice{static_cast<std::size_t>(*first), last ? std::min(size, static_cast<std::size_t>(*last) + 1) : size};
}

}  // namespace

void apply_range(Reply& reply, const Call& call, std::string_view etag, std::string_view last_modified) {
  const std::string_view range = call.header("Range");
  const std::string_view condition = call.header("If-Range");
  if (!range.starts_with("bytes=") || range.find(',') != std::string_view::npos) return;
  if (!condition.empty() && condition != etag && condition != last_modified) return;
  const std::size_t size = reply.body.size();
  if (const auto slice = parse_range(range.substr(6), size)) {
    reply.status = 206;
    reply.headers.emplace_back("Content-Range", fmt::format("bytes {}-{}/{}", slice->begin, slice->end - 1, size));
    reply.body = reply.body.substr(slice->begin, slice->end - slice->begin);
  } else {
    reply = html_reply(416, "416 Requested Range Not Satisfiable");
    reply.headers.emplace_back("Content-Range", fmt::format("bytes */{}", size));
  }
}

}  // namespace dbr::sim
