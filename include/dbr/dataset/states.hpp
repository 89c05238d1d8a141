// SPDX-License-Identifier: MIT
// What became of a post's files. The numbers are stored in the manifest: never reuse one (docs/manifest.md).
#pragma once

#include <string_view>

namespace dbr::dataset {

enum class OriginalState : int {
  wanted = 0,       // to be fetched
  stored = 1,       // the bytes have the site's md5
  mismatch = 2,     // the site's md5 is wrong: several fetches agree on other bytes, which are kept
  absent = 3,       // the site knows the post, its file is not there (404)
  withheld = 4,     // the site shows no file (banned, restricted, taken down)
  expunged = 5,     // there is no such post
  refused = 6,      // host, size or name not acceptable
  quarantined = 7,  // what came is not what it should be
  excluded = 8,     // left out on the user's wish
};

enum class MlState : int {
  waiting = 0,  // the original's state is not settled
  wanted = 1,   // to be made
  done = 2,
  not_a_still_image = 3,  // video, flash, ugoira, animation
  failed = 4,             // no decoder reads it
  no_original = 5,        // and there will be none
};

std::string_view to_string(OriginalState state);
std::string_view to_string(MlState state);

/// There are bytes in the store.
constexpr bool has_bytes(OriginalState state) {
  return state == OriginalState::stored || state == OriginalState::mismatch;
}

}  // namespace dbr::dataset
