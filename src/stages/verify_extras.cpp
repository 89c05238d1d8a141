// SPDX-License-Identifier: MIT
#include "verify_extras.hpp"

#include <sys/stat.h>

#include <charconv>
#include <functional>
#include <optional>
#include <system_error>

#include "dbr/base/file.hpp"
#include "dbr/image/optimize.hpp"
#include "verify_read.hpp"

namespace dbr::stages {
namespace {

namespace fs = std::filesystem;
using dataset::Form;
using dataset::Set;

// "1000123.png"
struct FileName {
  PostId id = 0;
  std::string extension;
};

std::optional<FileName> parse_name(const std::string& name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string::npos || !dataset::is_safe_extension(name.substr(dot + 1))) return std::nullopt;
  FileName parsed{0, name.substr(dot + 1)};
  const auto [end, error] = std::from_chars(name.data(), name.data() + dot, parsed.id);
  if (error != std::errc() || end != name.data() + dot || parsed.id <= 0) return std::nullopt;
  return parsed;
}

// A whole JPEG that cannot be made smaller, as fetch-images leaves them; of what picture, nobody knows before it has
// come again.
bool is_optimized(const fs::path& path) {
  const auto bytes = read_file(path, image::OptimizeLimits().max_bytes);
  if (!bytes) return false;
  const image::OptimizeResult result = image::optimize_jpeg(*bytes).result;
  return result == image::OptimizeResult::cannot_gain || result == image::OptimizeResult::not_smaller;
}

bool is_directory(const fs::directory_entry& entry) {
  std::error_code error;
  return entry.is_directory(error) && !entry.is_symlink(error);
}

}  // namespace

ExtraFinder::ExtraFinder(const dataset::Layout& layout, sql::Database& database, dataset::Findings& findings,
                         const dataset::Part& part, Depth depth, bool has_tree)
    : m_layout(layout),
      m_database(database),
      m_findings(findings),
      m_part(part),
      m_depth(depth),
      m_has_tree(has_tree) {}

// A folder that is not there has no entries; one that this user may not list is a finding, and the rest goes on.
Result<void> ExtraFinder::for_each_entry(const fs::path& folder,
                                         const std::function<Result<void>(const fs::directory_entry&)>& on_entry) {
  std::error_code error;
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::end(entry); entry.increment(error)) {
    // What mkfs makes at the top of a file system.
    if (entry->path().filename() != "lost+found") DBR_CHECK(on_entry(*entry));
  }
  if (error == std::errc::permission_denied) {
    return m_findings.add({.path = folder.lexically_relative(m_layout.root()).string(),
                           .problem = "permission",
                           .role = dataset::Role::extra});
  }
  if (error && error != std::errc::no_such_file_or_directory && error != std::errc::not_a_directory) {
    return fail(error_from_errno(error.value(), "list", folder.string()));
  }
  return {};
}

void ExtraFinder::learn(const dataset::KnownPost& post) {
  if (!post.file_ext.empty()) m_known.insert(m_layout.stored(Form::original, post.id, post.file_ext).string());
  if (post.may_have_ml()) m_known.insert(m_layout.stored(Form::ml, post.id, "jpg").string());
  for (const auto& file : post.placed) {
    m_known.insert((m_layout.shared() / m_layout.shared_path(file.series, post.id, file.file_ext)).string());
  }
}

Result<void> ExtraFinder::check_bucket(int bucket, std::span<const dataset::KnownPost> posts) {
  m_known.clear();
  for (const dataset::KnownPost& post : posts) learn(post);
  const PostId any = PostId{bucket} + m_layout.buckets();  // some post of this bucket
  std::vector<fs::path> folders;
  for (const Form form : {Form::original, Form::ml}) folders.push_back(m_layout.stored(form, any, "x").parent_path());
  for (const dataset::Series series : dataset::k_series) {
    if (m_has_tree) folders.push_back((m_layout.shared() / m_layout.shared_path(series, any, "x")).parent_path());
  }
  for (const fs::path& folder : folders) {
    DBR_CHECK(for_each_entry(folder, [&](const fs::directory_entry& entry) -> Result<void> {
      if (m_known.contains(entry.path().string())) return {};
      // Several parts share a directory only when there are more parts than directories.
      return check_entry(entry, m_part.count <= m_layout.buckets());
    }));
  }
  m_known.clear();
  return {};
}

bool ExtraFinder::is_bucket(std::string_view name) const {
  int bucket = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), bucket);
  return name.size() == 4 && error == std::errc() && end == name.data() + 4 && bucket < m_layout.buckets();
}

Result<void> ExtraFinder::check_folders() {
  std::vector<Folder> folders = {{m_layout.store() / to_string(Form::original), {}},
                                 {m_layout.store() / to_string(Form::ml), {}}};
  if (m_has_tree) {
    folders.push_back({m_layout.shared(), {"sfw", "nsfw", "metadata"}});
    for (const Set set : {Set::sfw, Set::nsfw}) {
      const fs::path folder = m_layout.shared() / to_string(set);
      folders.push_back({folder, {"original", "512px"}});
      for (const Form form : {Form::original, Form::ml}) folders.push_back({folder / to_string(form), {}});
    }
  }
  for (const Folder& folder : folders) DBR_CHECK(check_folder(folder));
  return {};
}

Result<void> ExtraFinder::check_folder(const Folder& folder) {
  return for_each_entry(folder.path, [&](const fs::directory_entry& entry) -> Result<void> {
    const std::string name = entry.path().filename().string();
    if (is_directory(entry) && (folder.expected.empty() ? is_bucket(name) : folder.expected.contains(name))) return {};
    return check_entry(entry, false);
  });
}

// By the ID where the name has one in a bucket's directory, else by the name.
bool ExtraFinder::is_ours(const fs::path& path) const {
  const auto name = parse_name(path.filename().string());
  if (name && is_bucket(path.parent_path().filename().string())) {
    return is_in_part(m_part, name->id, m_layout.buckets());
  }
  return is_in_part(m_part, path.lexically_relative(m_layout.root()).string());
}

Result<bool> ExtraFinder::is_unrecorded(const fs::path& path) {
  const auto name = parse_name(path.filename().string());
  if (!name || m_layout.stored(Form::original, name->id, name->extension) != path) return false;
  DBR_TRY(const auto wanted, dataset::find_wanted(m_database, name->id));
  if (!wanted) return false;
  const ByteCount size = look_at(path).size;
  const bool may_be_optimized = wanted->may_be_optimized && (wanted->size == 0 || size < wanted->size);
  if (m_depth == Depth::size) return size == wanted->size || may_be_optimized;
  return file_digest(path, DigestKind::md5) == wanted->md5 || (may_be_optimized && is_optimized(path));
}

Result<void> ExtraFinder::check_entry(const fs::directory_entry& entry, bool is_decided) {
  const fs::path& path = entry.path();
  if (is_directory(entry)) {
    return for_each_entry(path, [&](const auto& below) { return check_entry(below, is_decided); });
  }
  if (!is_decided && !is_ours(path)) return {};
  DBR_TRY(const bool is_left_by_fetch, is_unrecorded(path));
  if (is_left_by_fetch) return {};
  struct stat status {};
  const bool is_file = ::lstat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
  const auto name = parse_name(path.filename().string());
  return m_findings.add({.path = path.lexically_relative(m_layout.root()).string(),
                         .problem = "extra",
                         .role = dataset::Role::extra,
                         .id = name ? name->id : 0,
                         .size = is_file ? status.st_size : -1});
}

}  // namespace dbr::stages
