// SPDX-License-Identifier: MIT
// The second half of the proof that the sets are what their rule says (dataset/audit.cpp is the first): what lies on
// disk. Neither the layout nor the placement is asked.
#include <fmt/format.h>

#include <charconv>
#include <system_error>

#include "dbr/base/file.hpp"
#include "shared_tree.hpp"

namespace dbr::stages {
namespace {

namespace fs = std::filesystem;

// Digits up to the first dot; 0 for any other name, which is of no post (verify finds it).
PostId post_of(const std::string& name) {
  PostId id = 0;
  const std::size_t dot = std::min(name.find('.'), name.size());
  const auto [end, error] = std::from_chars(name.data(), name.data() + dot, id);
  return error == std::errc() && end == name.data() + dot ? id : 0;
}

}  // namespace

Result<std::int64_t> audit_sfw_tree(sql::Database& database, const fs::path& shared, const dataset::ReleaseSpec& spec) {
  const fs::path folder = shared / "sfw";
  std::int64_t count = 0;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(folder, error); !error && entry != fs::end(entry);
       entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_directory(ignored)) continue;
    const PostId id = post_of(entry->path().filename().string());
    if (id == 0) continue;
    DBR_TRY(const std::string rating, dataset::rating_of(database, id));
    if (rating.size() != 1 || spec.sfw_ratings.find(rating.front()) == std::string::npos) {
      return fail(
          ErrorKind::corrupt,
          fmt::format("{} must not be in the sfw set: post {} is rated \"{}\"", entry->path().string(), id, rating),
          "dbr bucket did not put it there; remove it, and see what else dbr verify finds");
    }
    ++count;
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return fail(error_from_errno(error.value(), "list", folder.string()));
  }
  return count;
}

}  // namespace dbr::stages
