// SPDX-License-Identifier: MIT
#include "link_tree.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "dbr/base/file.hpp"
#include "dbr/base/file_witness.hpp"
#include "dbr/dataset/witnesses.hpp"

namespace dbr::exports {
namespace {

namespace fs = std::filesystem;

// False when `to` is there.
Result<bool> link_file(const fs::path& from, const fs::path& to) {
  if (::link(from.c_str(), to.c_str()) == 0) return true;
  const int cause = errno;
  if (cause == EEXIST) return false;
  if (cause == ENOENT) {
    return fail(ErrorKind::corrupt, fmt::format("cannot link {}: it is not there", from.string()),
                "dbr verify finds what else is missing");
  }
  Error error = error_from_errno(cause, "hard-link", to.string());
  if (cause == EXDEV || cause == EPERM || cause == EMLINK || cause == EOPNOTSUPP) {
    error.hint =
        "the store and the folder exports/ must lie on one file system that has hard links; without them, leave out "
        "the formats that are trees of pictures (export-db --format)";
  }
  return fail(std::move(error));
}

}  // namespace

LinkTree::LinkTree(fs::path folder)
    : m_folder(std::move(folder)), m_parts(m_folder.parent_path() / k_tree_parts), m_fresh(m_parts / "new") {}

Result<LinkTree> LinkTree::create(fs::path folder) {
  LinkTree tree(std::move(folder));
  DBR_CHECK(remove_tree(tree.m_parts));
  DBR_CHECK(make_directories(tree.m_fresh));
  return tree;
}

Result<fs::path> LinkTree::place_for(std::string_view name) {
  fs::path path = m_fresh / name;
  const fs::path directory = path.parent_path();
  if (m_directories.insert(directory.string()).second) DBR_CHECK(make_directories(directory));
  return path;
}

Result<bool> LinkTree::link(const fs::path& stored, std::string_view name) {
  DBR_TRY(const fs::path path, place_for(name));
  return link_file(stored, path);
}

Result<bool> LinkTree::link(const Context& context, PostId id, std::string_view name) {
  const fs::path stored = context.layout.stored(dataset::Form::ml, id, "jpg");
  struct stat before {
  }, after{};
  const bool is_there = ::lstat(stored.c_str(), &before) == 0;
  DBR_TRY(const bool is_linked, link(stored, name));
  if (is_linked && is_there && ::lstat(stored.c_str(), &after) == 0) {
    DBR_CHECK(dataset::renew_witness(
        context.manifest,
        {{dataset::Set::sfw, dataset::Form::ml}, id, witness_of(before), renewed_witness(before, after)}));
  }
  return is_linked;
}

Result<void> LinkTree::write(std::string_view name, std::string_view text) {
  DBR_TRY(const fs::path path, place_for(name));
  DBR_TRY(const Fd fd, open_file(path, O_WRONLY | O_CREAT | O_EXCL));
  return write_all(fd, text, path);
}

Result<void> LinkTree::commit() {
  // Millions of small files and links: one sync of their file system instead of one for each.
  DBR_CHECK(sync_file_system(m_fresh));
  std::error_code error;
  if (fs::exists(m_folder, error)) DBR_CHECK(rename_file(m_folder, m_parts / "old"));
  DBR_CHECK(rename_file(m_fresh, m_folder));
  DBR_CHECK(sync_directory(m_parts));
  DBR_CHECK(sync_directory(m_folder.parent_path()));
  return remove_tree(m_parts);
}

std::string name_in_tree(const dataset::Layout& layout, const dataset::ReleasePost& post) {
  const fs::path stored = layout.stored(dataset::Form::ml, post.id, "jpg");
  return fs::path(to_string(post.set)) / stored.parent_path().filename() / stored.stem();
}

std::array<int, 4> content_box(const dataset::ReleasePost& post) {
  const dataset::ContentBox box = post.box.value_or(dataset::ContentBox{});
  return {box.x, box.y, box.width, box.height};
}

}  // namespace dbr::exports
