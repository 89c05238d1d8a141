// SPDX-License-Identifier: MIT
// The queries that run over and over: the queues, and the look-ups per item. A test reads their plans.
#pragma once

#include <string_view>

namespace dbr::dataset {

// Posts are counted in spans of 4096 IDs (table span, and its triggers).
inline constexpr int k_span_bits = 12;

// What RecordReader makes a post's JSON of.
#define DBR_POST_RECORD "p.created_at, p.file_size, p.md5, p.tags, p.record, p.rating"

// NOT INDEXED, INDEXED BY: without it the planner might walk the whole table; with it a missing index is an error, not
// a slow run.
#define DBR_WANTED_ORIGINALS                                          \
  "SELECT " DBR_POST_RECORD                                           \
  ", p.id, coalesce(o.file_ext, '') "                                 \
  "FROM post p NOT INDEXED LEFT JOIN original o ON o.post_id = p.id " \
  "WHERE p.original = 0 AND p.id > ? AND p.id <= ? ORDER BY p.id "
inline constexpr std::string_view k_wanted_originals = DBR_WANTED_ORIGINALS "LIMIT ?";
inline constexpr std::string_view k_wanted_originals_falling = DBR_WANTED_ORIGINALS "DESC LIMIT ?";
// Which 4096 IDs to look at for them.
#define DBR_WANTED_SPANS "SELECT number FROM span WHERE number >= ? AND number <= ? AND wanted > 0 ORDER BY number"
inline constexpr std::string_view k_wanted_spans = DBR_WANTED_SPANS;
inline constexpr std::string_view k_wanted_spans_falling = DBR_WANTED_SPANS " DESC";
inline constexpr std::string_view k_wanted_totals =
    // No file is larger than 8 GiB, whatever a record says.
    "SELECT count(*), coalesce(sum(min(file_size, 8589934592)), 0) FROM post NOT INDEXED WHERE original = 0 AND id > ? "
    "AND id <= ?";

// Posts whose original is settled without the site's bytes, or left out: the index post_set_aside.
#define DBR_SET_ASIDE "post p INDEXED BY post_set_aside WHERE p.original IN (2, 3, 6, 7, 8)"
inline constexpr std::string_view k_set_aside =
    "SELECT p.id FROM " DBR_SET_ASIDE " AND p.original = ? AND p.id > ? ORDER BY p.id LIMIT ?";

inline constexpr std::string_view k_wanted_ml =
    "SELECT m.post_id, o.file_ext FROM ml m INDEXED BY ml_wanted CROSS JOIN original o ON o.post_id = m.post_id "
    "WHERE m.state = 1 AND m.post_id > ? AND m.post_id <= ? ORDER BY m.post_id LIMIT ?";

inline constexpr std::string_view k_held =
    "SELECT o.file_ext, coalesce(m.state, 0) = 2 "
    "FROM original o CROSS JOIN post p ON p.id = o.post_id LEFT JOIN ml m ON m.post_id = o.post_id "
    "WHERE p.original IN (1, 2) AND o.post_id = ?";

// Everything that may lie on disk, for verify. A post is in one set, so at most one row of each form is placed.
#define DBR_KNOWN_POST                                                                                      \
  "SELECT o.post_id, p.original, o.md5 IS NOT NULL AND coalesce(o.source_md5, o.md5) = lower(hex(p.md5)), " \
  "coalesce(o.file_ext, ''), "                                                                              \
  "o.size, o.md5, o.sha256, m.state, m.size, m.md5, m.sha256, a.series, a.path, a.size, a.md5, a.sha256, "  \
  "b.series, b.path, b.size, b.md5, b.sha256 FROM original o CROSS JOIN post p ON p.id = o.post_id "        \
  "LEFT JOIN ml m ON m.post_id = o.post_id "                                                                \
  "LEFT JOIN placement a ON a.series IN (0, 2) AND a.post_id = o.post_id AND a.is_placed = 1 "              \
  "LEFT JOIN placement b ON b.series IN (1, 3) AND b.post_id = o.post_id AND b.is_placed = 1 "
inline constexpr std::string_view k_known_posts =
    DBR_KNOWN_POST "WHERE o.post_id % ?1 BETWEEN ?2 AND ?3 ORDER BY o.post_id";
inline constexpr std::string_view k_known_post = DBR_KNOWN_POST "WHERE o.post_id = ?";

inline constexpr std::string_view k_stored_post = "SELECT " DBR_POST_RECORD
                                                  ", p.id, p.state FROM post p "
                                                  "WHERE p.id = ? AND p.record IS NOT NULL";
inline constexpr std::string_view k_stored_post_facts =
    "SELECT state, created_at, rating FROM post WHERE id = ? AND record IS NOT NULL";
inline constexpr std::string_view k_stored_posts = "SELECT " DBR_POST_RECORD
                                                   ", p.id, p.state FROM post p "
                                                   "WHERE p.record IS NOT NULL ORDER BY p.id";

inline constexpr std::string_view k_stored_record = "SELECT record FROM record WHERE kind = ? AND id = ?";

#define DBR_PLACED_FILE \
  "series, post_id, path, size, md5, sha256, edition, coalesce(source_md5, md5), coalesce(witness, 0)"
inline constexpr std::string_view k_placed_between = "SELECT " DBR_PLACED_FILE
                                                     " FROM placement INDEXED BY placement_by_edition WHERE is_placed "
                                                     "= 1 AND series = ? AND (edition, post_id) > (?, ?) "
                                                     "AND (edition, post_id) <= (?, ?) ORDER BY edition, post_id";
// ?1 series, ?2 post, ?3 witness before, ?4 after, ?5 the other set's series of the form, which a file may come from.
#define DBR_RECORD_PLACED(STORED)                                                                               \
  "UPDATE placement SET witness = ?4 WHERE series = ?1 AND post_id = ?2 AND ("                                  \
  "EXISTS (SELECT 1 FROM " STORED                                                                               \
  " f WHERE f.post_id = ?2 AND f.witness = ?3 AND f.sha256 = placement.sha256) OR "                             \
  "EXISTS (SELECT 1 FROM placement b WHERE b.series = ?5 AND b.post_id = ?2 AND b.witness = ?3 AND b.sha256 = " \
  "placement.sha256))"
inline constexpr std::string_view k_record_placed_original = DBR_RECORD_PLACED("original");
inline constexpr std::string_view k_record_placed_ml = DBR_RECORD_PLACED("ml");
inline constexpr std::string_view k_renew_original =
    "UPDATE original SET witness = ?3 WHERE post_id = ?1 AND witness = ?2";
inline constexpr std::string_view k_renew_ml = "UPDATE ml SET witness = ?3 WHERE post_id = ?1 AND witness = ?2";
inline constexpr std::string_view k_renew_placed =
    "UPDATE placement SET witness = ?4 WHERE series = ?1 AND post_id = ?2 AND witness = ?3";
inline constexpr std::string_view k_placed_path = "SELECT path, sha256 FROM placed WHERE series = ? AND post_id = ?";

}  // namespace dbr::dataset
