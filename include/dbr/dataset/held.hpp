// SPDX-License-Identifier: MIT
// What the manifest says should lie on disk, for verify: post by post, directory by directory; and the ways back to
// the queues for what does not. The caller owns the transaction of the requeue_ functions.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/base/digest.hpp"
#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"
#include "dbr/dataset/layout.hpp"
#include "dbr/dataset/states.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::dataset {

/// Size and one digest, raw; md5 fills half of it.
struct Bytes {
  ByteCount size = 0;
  std::array<char, 32> digest{};
  bool operator==(const Bytes&) const = default;
};

/// A post whose original was held at some time. Some 400 bytes: many of them are in memory at once.
struct KnownPost {
  PostId id = 0;
  OriginalState state = OriginalState::wanted;
  MlState ml_state = MlState::waiting;
  bool is_as_site_says = false;  ///< the original's md5 is the one the site states now
  std::string file_ext;          ///< of the bytes held, or held last; empty: never any
  Bytes original;                ///< of the same
  Bytes ml;                      ///< likewise
  /// In the shared tree.
  struct Placed {
    Series series;
    std::string file_ext;
    Bytes bytes;
  };
  std::vector<Placed> placed;

  bool has_original() const { return has_bytes(state); }
  bool has_ml() const { return ml_state == MlState::done; }
  /// An ML form of it may rightly lie in the store: one made earlier, or by a run that was killed before its row.
  bool may_have_ml() const { return ml_state != MlState::not_a_still_image && ml_state != MlState::failed; }
};

/// A part of all posts that keeps directories together: the buckets whose number modulo `count` is `number`. With more
/// parts than buckets it goes by the ID.
struct Part {
  std::int64_t number = 0;  ///< from 0
  std::int64_t count = 1;
};
bool is_in_part(const Part& part, PostId id, int buckets);
/// What belongs to no post (a release, a torrent, a file with a strange name) goes by its name.
bool is_in_part(const Part& part, std::string_view name);

/// The posts of `part` in buckets first..last, in ID order, with digests of `kind`: one walk through the tables.
Result<void> for_each_known(sql::Database& database, int buckets, const Part& part, int first, int last,
                            DigestKind kind, const std::function<void(KnownPost)>& on_post);
Result<std::optional<KnownPost>> find_known(sql::Database& database, PostId id, DigestKind kind);

/// What the site says of a post's file, while it is wanted.
struct WantedFile {
  std::string md5;
  ByteCount size = 0;
  bool may_be_optimized = false;  ///< what fetch-images stores of it need not be these bytes
};
Result<std::optional<WantedFile>> find_wanted(sql::Database& database, PostId id);

/// Back to wanted; what the row says of the bytes held last stays.
Result<void> requeue_original(sql::Database& database, PostId id, std::string_view problem);
/// The ML form, if it is done, back to wanted.
Result<void> requeue_ml(sql::Database& database, PostId id);

/// Names of the releases that are finished, sorted.
Result<std::vector<std::string>> finished_releases(sql::Database& database);

}  // namespace dbr::dataset
