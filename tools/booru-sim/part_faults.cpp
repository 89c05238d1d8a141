// SPDX-License-Identifier: MIT
#include "part_faults.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cdn.hpp"
#include "ranges.hpp"

namespace dbr::sim {

namespace {

/// What a look at the first bytes cannot tell apart.
constexpr std::size_t k_alike = 64;

Call without_range(Call call) {
  std::erase_if(call.headers, [](const auto& header) {
    const std::string name = lower_case(header.first);
    return name == "range" || name == "if-range";
  });
  return call;
}

std::string_view value_of(const Reply& reply, std::string_view name) {
  const auto found = std::find_if(reply.headers.begin(), reply.headers.end(),
                                  [&](const auto& header) { return header.first == name; });
  return found == reply.headers.end() ? std::string_view() : std::string_view(found->second);
}

void set_header(Reply& reply, std::string_view name, std::string value) {
  std::erase_if(reply.headers, [&](const auto& header) { return header.first == name; });
  reply.headers.emplace_back(name, std::move(value));
}

/// The whole with another version's bytes: the same beginning, half of the time the same length.
void change(Reply& whole, std::uint64_t draw) {
  for (std::size_t i = std::min(k_alike, whole.body.size() / 2); i < whole.body.size(); ++i) {
    whole.body[i] = static_cast<char>(whole.body[i] ^ 0x5a);
  }
  if (draw % 2 == 0) whole.body += "sixteen more bytes";
  set_header(whole, "ETag", "\"another-version\"");
  set_header(whole, "Last-Modified", "Sat, 01 Jan 2022 00:00:00 GMT");
}

/// First a part of the file, then what is there now.
Reply changed_reply(Reply whole, const Call& call, const Fault& fault) {
  const auto size = static_cast<std::int64_t>(whole.body.size());
  if (fault.before == 0) {
    const auto drawn = static_cast<std::int64_t>(fault.draw % static_cast<std::uint64_t>(size));
    const std::int64_t place = fault.rule.at < 0 ? std::max<std::int64_t>(1, drawn) : std::min(fault.rule.at, size);
    whole.damage = {.kind = Damage::Kind::cut, .after_bytes = place, .claimed_length = size};
    return whole;
  }
  change(whole, fault.draw);
  const std::string etag(value_of(whole, "ETag"));
  Call asked = call;
  if (!fault.rule.honours_if_range) {
    std::erase_if(asked.headers, [](const auto& header) { return lower_case(header.first) == "if-range"; });
  }
  apply_range(whole, asked, etag, value_of(whole, "Last-Modified"));
  return whole;
}

Reply part_reply(Reply whole, std::size_t begin, std::size_t end) {
  whole.status = 206;
  set_header(whole, "Content-Range", fmt::format("bytes {}-{}/{}", begin, end - 1, whole.body.size()));
  whole.body = whole.body.substr(begin, end - begin);
  return whole;
}

/// Honest about what it is: begins where nobody asked it to.
Reply wrong_part(const Reply& whole, const Call& call) {
  const bool asks_for_start = call.header("Range").starts_with("bytes=0-");
  return part_reply(whole, asks_for_start ? whole.body.size() / 2 : 0, whole.body.size());
}

/// The whole, or what is in its middle.
Reply unasked_part(const Reply& whole, std::uint64_t draw) {
  const std::size_t size = whole.body.size();
  return draw % 2 == 0 ? part_reply(whole, 0, size) : part_reply(whole, size / 3, std::max(size / 3 + 1, size / 2));
}

Reply moved_reply(const Call& call) {
  const auto slash = call.path.rfind('/') + 1;
  return redirect_reply(call.path.substr(0, slash) + "__moved__" + call.path.substr(slash));
}

}  // namespace

std::optional<Reply> answer_part_badly(const World& world, const Call& call, const Fault& fault) {
  const FaultKind kind = fault.rule.kind;
  const bool is_ours = kind == FaultKind::moved || kind == FaultKind::changed || kind == FaultKind::range_ignored ||
                       kind == FaultKind::range_refused || kind == FaultKind::range_wrong ||
                       kind == FaultKind::range_unasked;
  if (!is_ours) return std::nullopt;
  Reply whole = answer_cdn(world, without_range(call));
  if (whole.status != 200 || whole.body.empty()) return std::nullopt;
  switch (kind) {
    case FaultKind::moved:
      return moved_reply(call);
    case FaultKind::changed:
      return changed_reply(std::move(whole), call, fault);
    case FaultKind::range_refused: {
      Reply reply = html_reply(416, "416 Requested Range Not Satisfiable");
      reply.headers.emplace_back("Content-Range", fmt::format("bytes */{}", whole.body.size()));
      return reply;
    }
    case FaultKind::range_wrong:
      return wrong_part(whole, call);
    case FaultKind::range_unasked:
      return unasked_part(whole, fault.draw);
    default:
      return whole;
  }
}

}  // namespace dbr::sim
