// SPDX-License-Identifier: MIT
// Which torrent a file of the shared tree belongs to. A series is cut into volumes along the order (edition, ID), in
// which whatever is new or changed comes last: so a volume is what lies between two cuts, a sealed one can only lose
// files, and no path is ever in two volumes. Cuts are stored and never computed again.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"
#include "dbr/dataset/layout.hpp"
#include "dbr/dataset/release.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::dataset {

/// A place in the order of a series; before all files when 0, 0.
struct Position {
  std::int64_t edition = 0;
  PostId id = 0;
  friend auto operator<=>(const Position&, const Position&) = default;
};

inline constexpr Position k_end_of_series{std::numeric_limits<std::int64_t>::max(), std::numeric_limits<PostId>::max()};

struct Volume {
  Series series;
  std::int64_t number = 0;  ///< within its series, from 0
  Position first;           ///< behind this one
  Position last;            ///< up to this one
  bool is_sealed = false;   ///< nothing is added to it any more
  ByteCount piece_length = 0;
  std::string source;            ///< of its info dictionary
  std::int64_t files = 0;        ///< that are placed now
  ByteCount bytes = 0;           ///< of these
  std::int64_t publication = 0;  ///< that gave it its present files
  std::string infohash;          ///< of its torrent, 40 hex digits; empty while planned, and without a byte
};

/// Of all series, by number.
Result<std::vector<Volume>> find_volumes(sql::Database& database);
Result<std::vector<Volume>> find_volumes(sql::Database& database, Series series);
/// All series' volumes, in place of those there were; their infohashes are remembered for ever. In the caller's
/// transaction.
Result<void> replace_volumes(sql::Database& database, const std::vector<Volume>& volumes);

/// The publication that a torrent of this dataset was made for.
Result<std::optional<std::int64_t>> publication_of(sql::Database& database, std::string_view infohash);

/// The placed files of a series behind `first` and up to `last`, in order.
Result<void> for_each_placed(sql::Database& database, Series series, const Position& first, const Position& last,
                             const std::function<Result<void>(const PlacedFile&)>& on_file);
/// The same one by one, for those who stop between.
class PlacedCursor {
 public:
  static Result<PlacedCursor> open(sql::Database& database, Series series, const Position& first, const Position& last);
  /// nullopt at the end, then and ever after.
  Result<std::optional<PlacedFile>> next();

 private:
  explicit PlacedCursor(sql::Statement select) : m_select(std::move(select)) {}
  sql::Statement m_select;
  bool m_is_at_end = false;
};

/// The file at a placed path was seen to be what the manifest says (base/file_witness.hpp).
Result<void> record_witness(sql::Database& database, Series series, PostId id, std::int64_t witness);

/// SHA-1s of pieces by their recipe (32 bytes: what they are made of), whatever torrent they are in.
Result<std::optional<std::string>> find_piece(sql::Database& database, std::string_view recipe);
Result<void> record_piece(sql::Database& database, std::string_view recipe, std::string_view sha1);

}  // namespace dbr::dataset
