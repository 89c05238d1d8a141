// SPDX-License-Identifier: MIT
#include "tree_pruner.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace dbr::stages {

namespace {

constexpr int k_folder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;

std::string text_of(int cause) {
  return std::generic_category().message(cause);
}

}  // namespace

Result<TreePruner> TreePruner::open(const std::filesystem::path& folder, bool is_dry_run) {
  DBR_TRY(Fd root, open_file(folder, k_folder));
  return TreePruner(std::move(root), is_dry_run);
}

TreePruner::Fate TreePruner::remove(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view directory = slash == std::string_view::npos ? "" : path.substr(0, slash);
  if (const Fate fate = enter(directory); fate != Fate::removed) return fate;
  const std::string name(path.substr(directory.empty() ? 0 : slash + 1));
  struct stat status {};
  if (::fstatat(last().get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return errno == ENOENT ? Fate::absent : refuse(text_of(errno));
  }
  if (S_ISLNK(status.st_mode)) return refuse("it is a symbolic link");
  if (!S_ISREG(status.st_mode)) return refuse("it is not a regular file");
  m_size = status.st_size;
  if (!m_is_dry_run && ::unlinkat(last().get(), name.c_str(), 0) != 0) {
    return errno == ENOENT ? Fate::absent : refuse(text_of(errno));
  }
  return Fate::removed;
}

/// Goes to the directory, as far as possible along the way that is open already.
TreePruner::Fate TreePruner::enter(std::string_view directory) {
  if (directory == m_directory) return m_entered;
  m_directory = directory;
  std::size_t depth = 0;
  std::string_view rest = directory;
  const auto next_name = [&] { return rest.substr(0, rest.find('/')); };
  const auto pass = [&] { rest.remove_prefix(std::min(rest.size(), next_name().size() + 1)); };
  for (; depth < m_levels.size() && !rest.empty() && next_name() == m_levels[depth].name; ++depth) pass();
  leave(depth);
  for (; !rest.empty(); pass()) {
    const std::string name(next_name());
    Fd fd(::openat(last().get(), name.c_str(), k_folder | O_CLOEXEC));
    if (!fd && errno == ENOENT) return m_entered = Fate::absent;
    if (!fd && (errno == ELOOP || errno == ENOTDIR)) {
      return m_entered = refuse(fmt::format("{} on the way is a symbolic link or a file", name));
    }
    if (!fd) return m_entered = refuse(text_of(errno));
    m_levels.push_back({name, std::move(fd)});
  }
  return m_entered = Fate::removed;
}

/// Up to so many directories below the root, removing those that are empty: the system refuses to remove others.
void TreePruner::leave(std::size_t depth) {
  while (m_levels.size() > depth) {
    const std::string name = std::move(m_levels.back().name);
    m_levels.pop_back();
    if (!m_is_dry_run && ::unlinkat(last().get(), name.c_str(), AT_REMOVEDIR) == 0) ++m_folders;
  }
}

TreePruner::Fate TreePruner::refuse(std::string_view why) {
  m_why = why;
  return Fate::not_removed;
}

}  // namespace dbr::stages
