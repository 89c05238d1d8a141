// SPDX-License-Identifier: MIT
// The manifest's queues and outcomes for the two forms of a post's file. A queue is a cursor over the database: each
// call asks for the next few, in ID order. The caller owns the transaction of the record_ functions.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"
#include "dbr/dataset/states.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::dataset {

struct Totals {
  std::int64_t items = 0;
  ByteCount bytes = 0;  ///< of originals not yet held by the site's word; 0 for ML forms
};
/// What is still wanted, and what is held, up to `last`.
Result<Totals> wanted_ml_totals(sql::Database& database, PostId last);
Result<Totals> held_totals(sql::Database& database, PostId last);

/// What the site sent, where other bytes are held: the same pixels in fewer of them.
struct SourceFile {
  ByteCount size = 0;
  std::string md5;
  std::string sha256;
};

struct OriginalOutcome {
  PostId id = 0;
  OriginalState state = OriginalState::wanted;
  std::string reason;    ///< one word for grouping; of a stored one only when its extension is wrong
  std::string detail;    ///< for people
  std::string file_ext;  ///< of the stored file
  ByteCount size = 0;
  std::string md5;  ///< of the bytes held
  std::string sha256;
  std::optional<SourceFile> source = {};
  std::int64_t witness = 0;  ///< of the stored file (base/file_witness.hpp); 0: not known
};

/// Records an outcome, and what it means for the ML form. A `wanted` outcome only notes why it failed this time. Bytes
/// held before that are not those of the outcome are remembered as replaced.
Result<void> record_original(sql::Database& database, const OriginalOutcome& outcome);

/// A file that was held until the site sent other bytes for its post.
struct ReplacedFile {
  PostId id = 0;
  std::int64_t number = 0;    ///< of the post's files, from 1
  std::string_view file_ext;  ///< valid during the call, as all that follows
  ByteCount size = 0;
  std::string_view md5, sha256, source_md5;
};
/// In the order (ID, number).
Result<void> for_each_replaced(sql::Database& database,
                               const std::function<Result<void>(const ReplacedFile&)>& on_file);

struct WantedMl {
  PostId id = 0;
  std::string file_ext;  ///< of the original
};

Result<std::vector<WantedMl>> next_wanted_ml(sql::Database& database, PostId after, PostId last, int limit);

struct MlOutcome {
  PostId id = 0;
  MlState state = MlState::wanted;
  std::string reason;
  std::string detail;
  ByteCount size = 0;
  std::string md5;
  std::string sha256;
  std::string settings_hash;  ///< of the settings the outcome depends on
  int source_width = 0, source_height = 0, orientation = 1;
  std::string colour;
  bool has_profile = false;
  std::string background;  ///< empty without alpha
  int box_x = 0, box_y = 0, box_width = 0, box_height = 0;
  std::int64_t witness = 0;  ///< as of an original
};

Result<void> record_ml(sql::Database& database, const MlOutcome& outcome);

/// Sends ML forms of posts with after < ID <= last whose settings are not among `current_hashes` back to wanted. Once a
/// run.
Result<void> requeue_other_settings(sql::Database& database, const std::vector<std::string>& current_hashes,
                                    PostId after, PostId last);

/// What the store has of a post; nullopt when there is no original.
struct HeldFile {
  std::string file_ext;  ///< of the original
  bool has_ml = false;
};
Result<std::optional<HeldFile>> find_held(sql::Database& database, PostId id);

}  // namespace dbr::dataset
