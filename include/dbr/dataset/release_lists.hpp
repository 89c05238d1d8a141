// SPDX-License-Identifier: MIT
// A release's own lists, read back from the folder they lie in: of this dataset or of any other. Flat memory. A line
// that is not what such a list holds is kind corrupt, named with its number.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "dbr/base/zstd_file.hpp"
#include "dbr/dataset/release.hpp"

namespace dbr::dataset {

inline constexpr std::string_view k_file_list = "files.tsv.zst";
inline constexpr std::string_view k_tag_list = "filename-tags.tsv.zst";
inline constexpr std::string_view k_removed_list = "removed.txt";

/// A table's lines, counted, its header checked.
class ListLines {
 public:
  /// More columns may follow those of `header`.
  static Result<ListLines> open(std::filesystem::path path, std::string_view header);
  /// Valid until the next call; nullopt at the end.
  Result<std::optional<std::string_view>> next();
  /// The line read last is not what it should be.
  tl::unexpected<Error> refuse(std::string_view what) const;

 private:
  ListLines(std::filesystem::path path, ZstdLines lines) : m_path(std::move(path)), m_lines(std::move(lines)) {}
  std::filesystem::path m_path;
  ZstdLines m_lines;
  std::int64_t m_number = 0;
};

/// files.tsv.zst: the files of the release in the order (series, edition, ID).
class FileList {
 public:
  static Result<FileList> open(const std::filesystem::path& folder);
  /// Valid until the next call; null at the end.
  Result<const PlacedFile*> next();

 private:
  explicit FileList(ListLines lines) : m_lines(std::move(lines)) {}
  ListLines m_lines;
  PlacedFile m_file{};
};
/// Where a file stands in that order.
bool is_before(const PlacedFile& a, const PlacedFile& b);

/// filename-tags.tsv.zst: the posts of the release by ID.
struct TaggedPost {
  PostId id = 0;
  std::string rating;
  std::string tags;  ///< with spaces between
};
class TaggedPosts {
 public:
  static Result<TaggedPosts> open(const std::filesystem::path& folder);
  /// Valid until the next call; null at the end.
  Result<const TaggedPost*> next();

 private:
  explicit TaggedPosts(ListLines lines) : m_lines(std::move(lines)) {}
  ListLines m_lines;
  TaggedPost m_post;
};

}  // namespace dbr::dataset
