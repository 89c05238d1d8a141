// SPDX-License-Identifier: MIT
// Where everything lies: the only maker and parser of paths in a dataset (docs/dataset-format.md).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "dbr/base/ids.hpp"

namespace dbr::dataset {

/// The two forms of a post's file.
enum class Form : int { original = 0, ml = 1 };
std::string_view to_string(Form form);  ///< "original", "512px": folder names

/// The two sets of the shared tree.
enum class Set : int { sfw = 0, nsfw = 1 };
std::string_view to_string(Set set);

/// The shared folder's name, and every torrent's: the same year after year.
inline constexpr std::string_view k_shared_name = "danbooru";

/// One torrent series of files: a set in a form. (Metadata is a series of its own.)
struct Series {
  Set set = Set::sfw;
  Form form = Form::original;
};
inline constexpr std::array<Series, 4> k_series = {
    {{Set::sfw, Form::original}, {Set::sfw, Form::ml}, {Set::nsfw, Form::original}, {Set::nsfw, Form::ml}}};
/// Its place in k_series: what the manifest stores.
constexpr std::int64_t index_of(Series series) {
  return static_cast<std::int64_t>(series.set) * 2 + static_cast<std::int64_t>(series.form);
}
/// "sfw-original", "nsfw-512px".
std::string name_of(Series series);

/// True for what may stand behind the dot of a stored file: 1 to 8 lower-case letters or digits. No server decides a
/// path.
bool is_safe_extension(std::string_view extension);

class Layout {
 public:
  /// `buckets`: 1 to 10,000 directories a form; a post's bucket is ID mod buckets, four digits.
  Layout(std::filesystem::path root, int buckets);

  const std::filesystem::path& root() const { return m_root; }
  int buckets() const { return m_buckets; }

  std::filesystem::path manifest() const { return m_root / "manifest.sqlite"; }
  std::filesystem::path lock() const { return m_root / "dbr.lock"; }
  std::filesystem::path config() const { return m_root / "dbr.toml"; }

  /// Private files: store/original/0123/1000123.png.
  std::filesystem::path stored(Form form, PostId id, std::string_view extension) const;
  std::filesystem::path store() const { return m_root / "store"; }
  /// Part files of this run; everything in it is a leftover when no dbr runs.
  std::filesystem::path parts() const { return m_root / "store" / "part"; }
  /// What failed a check: store/quarantine/1000123.png. The manifest says why.
  std::filesystem::path quarantined(PostId id, std::string_view extension) const;

  /// Relative to shared(): "sfw/original/0123/1000123.png".
  std::string shared_path(Series series, PostId id, std::string_view extension) const;
  std::filesystem::path shared() const { return m_root / k_shared_name; }
  /// What shared_path() made: the series and the ID; nullopt for any other text.
  struct SharedFile {
    Series series;
    PostId id = 0;
    std::string extension;
  };
  std::optional<SharedFile> parse_shared_path(std::string_view path) const;
  /// The same for a dataset of any number of buckets.
  static std::optional<SharedFile> parse_foreign_path(std::string_view path);

  std::filesystem::path release_metadata(std::string_view release) const;
  std::filesystem::path torrents(std::string_view release) const;
  /// An Atom feed of the releases, beside their torrents.
  std::filesystem::path feed() const { return m_root / "torrents" / "releases.atom"; }
  /// Trees of links for trainers, a folder a format: exports/danbooru2017/imagefolder. No torrent carries them.
  std::filesystem::path trees(std::string_view release) const;

 private:
  std::string bucketed(PostId id, std::string_view extension) const;
  std::filesystem::path m_root;
  int m_buckets;
};

}  // namespace dbr::dataset
