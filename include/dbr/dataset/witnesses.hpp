// SPDX-License-Identifier: MIT
// By what a file is known to have still the bytes that it was fetched, made or placed with (base/file_witness.hpp). A
// stored file's witness stands beside its digests, a placed one's in its placement. dbr itself changes them when it
// gives a file another name; only where the old one was right is the new one recorded. Everything else is unknown, and
// read once by who needs to know.
#pragma once

#include <cstdint>

#include "dbr/base/ids.hpp"
#include "dbr/base/result.hpp"
#include "dbr/dataset/layout.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::dataset {

/// A name that dbr has given to a post's file.
struct NamedFile {
  Series series;
  PostId id = 0;
  std::int64_t before = 0;  ///< witness, right before, of the file that was linked, moved or copied; 0: not known
  std::int64_t after = 0;   ///< of the file that has the name; 0: something else has happened to it, too
  bool is_same = true;      ///< they are one file: no copy was made
};

/// The placement is known by `after` if `before` was known to have its bytes. In the caller's transaction.
Result<void> record_placed(sql::Database& database, const NamedFile& file);

/// Of a file that got a name elsewhere: whatever was known by `before` is known by `after`. In the caller's
/// transaction.
Result<void> renew_witness(sql::Database& database, const NamedFile& file);

}  // namespace dbr::dataset
