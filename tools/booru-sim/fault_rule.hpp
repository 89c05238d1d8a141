// SPDX-License-Identifier: MIT
// One thing that shall go wrong, how often and where, as switch text ("503:0.1:retry_after=2") or JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "dbr/base/ids.hpp"
#include "json.hpp"
#include "reply.hpp"

namespace dbr::sim {

enum class FaultKind {
  too_many,       // 429, HTML, no Retry-After unless `retry` says so
  unavailable,    // 503, HTML, Retry-After
  timed_out,      // 500, the database's, JSON
  bad_gateway,    // 502, HTML
  challenge,      // 403, Cloudflare's
  not_found,      // 404
  html,           // 200, but a page of HTML
  reset,          // RST: see Stage
  truncated,      // full Content-Length, fewer bytes
  corrupt,        // one byte flipped
  slow,           // a pause before every chunk
  stall,          // silence in the middle
  wrong_length,   // a Content-Length that lies: see Lie
  short_page,     // fewer rows than asked for: see Drop
  arriving,       // a post arrives before the page is read
  bad_row,        // every page with this post is a 500; with path=/tags.json, with this tag
  moved,          // 308 to another path of the file, which works; files only
  elsewhere,      // 302 to `to`; files only
  changed,        // files only, once each: cut, then another file when the rest is asked for, then whole
  range_ignored,  // the rest is asked for, the whole comes
  range_refused,  // the rest is asked for: 416
  range_wrong,    // the rest is asked for, another part comes, and says so
  range_unasked,  // the whole is asked for: 206 with a part of it
  mixed,          // drawn anew each time from what a bad day brings: see faults.cpp
};

/// How Retry-After is written.
enum class Retry { none, seconds, date };

/// When a connection is reset. `any`: half of them before, half in the body.
enum class Stage { any, before, head, body, after };

/// Which way a Content-Length lies.
enum class Lie { any, longer, shorter };

/// The answer's ETag and Last-Modified.
enum class Validators { kept, weak, none };

/// Which rows a page of posts lacks.
enum class Drop {
  none,
  end,  // those farthest from where the client goes on: sequential pages only, and paging on loses nothing
  any,  // about a third, anywhere, of any page; at least one, but never all: an empty page is the end
};

struct FaultRule {
  FaultKind kind = FaultKind::too_many;
  double rate = 1;
  bool on_api = true;
  bool on_cdn = true;
  std::int64_t count = -1;                   // how many more times; -1 always
  std::string path = {};                     // only for paths that start with it
  std::int64_t retry_after = 1;              // seconds
  Retry retry = Retry::none;                 // 429, 503; a date is rounded up to the next full second
  bool is_once = false;                      // at most once for each path
  bool whole_site = false;                   // unavailable: everything is, until retry_after has passed
  std::int64_t ms = 50;                      // slow, stall: the pause
  std::int64_t chunk = 4096;                 // slow: bytes between pauses
  std::int64_t at = -1;                      // byte at which it happens; -1 is drawn
  PostId id = 0;                             // bad_row
  Drop drop = Drop::end;                     // short_page
  Stage stage = Stage::any;                  // reset; `head` and `after` leave `at` aside
  Lie length = Lie::any;                     // wrong_length
  bool honours_if_range = true;              // changed: false sends the rest of the other file whatever If-Range says
  Validators validators = Validators::kept;  // truncated, reset, stall, corrupt
  std::string to = "http://169.254.169.254/latest/meta-data/";  // elsewhere
};

/// KIND:RATE[:key=value...] with the keys above, `scope=api|cdn|both`, `site=1`, `once=1`, `if_range=0` and the enums
/// by their names (`retry=date`, `drop=any`, `stage=head`, `length=shorter`, `validators=none`); bad_row:ID. A value
/// with a colon, such as `to`, needs JSON. Throws on nonsense.
FaultRule parse_fault(std::string_view text);
/// An object with the same names, or such a text.
FaultRule parse_fault(const Json& json);

std::string_view name(FaultKind kind);

/// Whether such a fault can happen to this request at all.
bool fits(FaultKind kind, const Call& call, bool is_cdn);

}  // namespace dbr::sim
