// SPDX-License-Identifier: MIT
// The table of formats: a new one is a file of its own and a line here.
#include "dbr/exports/format.hpp"

#include <array>

#include "writers.hpp"

namespace dbr::exports {

std::span<const Format> formats() {
  static constexpr std::array k_formats = {
      Format{"sqlite", "everything in one relational SQLite database", sqlite_files, write_sqlite},
      Format{"sql", "the same as SQL that SQLite and PostgreSQL read", sql_files, write_sql},
      Format{"slim-sqlite", "file names, ratings and tags in a small SQLite database", slim_sqlite_files,
             write_slim_sqlite},
      Format{"slim-tsv", "file name, rating and tags, one line a post", slim_tsv_files, write_slim_tsv},
      Format{"jsonl", "every record as the site sent it, one JSON object a line", jsonl_files, write_jsonl},
      Format{"legacy", "posts in the shape of the releases of 2017 to 2020", legacy_files, write_legacy},
      Format{"csv", "tags, aliases and implications as tag tools read them", csv_files, write_csv},
      Format{"hakubooru", "the SQLite database HakuBooru reads", hakubooru_files, write_hakubooru, false},
      Format{"sd-scripts", "a tree of pictures with captions for sd-scripts", sd_scripts_files, write_sd_scripts, false,
             true},
      Format{"imagefolder", "a tree of pictures for Hugging Face datasets", imagefolder_files, write_imagefolder, false,
             true},
      Format{"deepdanbooru", "a tree of pictures and a database for DeepDanbooru", deepdanbooru_files,
             write_deepdanbooru, false, true},
  };
  return k_formats;
}

}  // namespace dbr::exports
