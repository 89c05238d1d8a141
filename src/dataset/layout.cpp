// SPDX-License-Identifier: MIT
#include "dbr/dataset/layout.hpp"

#include <fmt/format.h>

#include <charconv>

namespace dbr::dataset {

std::string_view to_string(Form form) {
  return form == Form::original ? "original" : "512px";
}

std::string_view to_string(Set set) {
  return set == Set::sfw ? "sfw" : "nsfw";
}

std::string name_of(Series series) {
  return fmt::format("{}-{}", to_string(series.set), to_string(series.form));
}

bool is_safe_extension(std::string_view extension) {
  return !extension.empty() && extension.size() <= 8 &&
         extension.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string_view::npos;
}

Layout::Layout(std::filesystem::path root, int buckets) : m_root(std::move(root)), m_buckets(buckets) {}

std::string Layout::bucketed(PostId id, std::string_view extension) const {
  return fmt::format("{:04}/{}.{}", id % m_buckets, id, extension);
}

std::filesystem::path Layout::stored(Form form, PostId id, std::string_view extension) const {
  return store() / to_string(form) / bucketed(id, extension);
}

std::filesystem::path Layout::quarantined(PostId id, std::string_view extension) const {
  return store() / "quarantine" / fmt::format("{}.{}", id, extension);
}

std::string Layout::shared_path(Series series, PostId id, std::string_view extension) const {
  return fmt::format("{}/{}/{}", to_string(series.set), to_string(series.form), bucketed(id, extension));
}

std::optional<Layout::SharedFile> Layout::parse_shared_path(std::string_view path) const {
  auto file = parse_foreign_path(path);
  return file && shared_path(file->series, file->id, file->extension) == path ? file : std::nullopt;
}

std::optional<Layout::SharedFile> Layout::parse_foreign_path(std::string_view path) {
  for (const Series series : k_series) {
    const std::string folder = fmt::format("{}/{}/", to_string(series.set), to_string(series.form));
    if (!path.starts_with(folder)) continue;
    // 0123/1000123.png
    const std::string_view rest = path.substr(folder.size());
    if (rest.size() < 5 || rest[4] != '/' || rest.find_first_not_of("0123456789") != 4) return std::nullopt;
    const std::string_view name = rest.substr(5);
    const std::size_t dot = name.find('.');
    if (dot == std::string_view::npos || !is_safe_extension(name.substr(dot + 1))) return std::nullopt;
    SharedFile file{series, 0, std::string(name.substr(dot + 1))};
    const auto [end, error] = std::from_chars(name.data(), name.data() + dot, file.id);
    if (error != std::errc() || end != name.data() + dot || file.id <= 0 || name.front() == '0') return std::nullopt;
    return file;
  }
  return std::nullopt;
}

std::filesystem::path Layout::release_metadata(std::string_view release) const {
  return shared() / "metadata" / release;
}

std::filesystem::path Layout::trees(std::string_view release) const {
  return m_root / "exports" / release;
}

std::filesystem::path Layout::torrents(std::string_view release) const {
  return m_root / "torrents" / release;
}

}  // namespace dbr::dataset
