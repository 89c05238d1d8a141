// SPDX-License-Identifier: MIT
#include "diff_lists.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "dbr/base/file.hpp"
#include "dbr/dataset/release_lists.hpp"

namespace dbr::stages {
namespace {

using dataset::FileFate;

enum List : std::size_t { added, removed, replaced, replaced_table, moved, retagged, rerated };
struct ListFile {
  std::string_view name;
  std::string_view header;  // of a table
};
constexpr std::array k_lists = {ListFile{"added.txt", ""},
                                ListFile{"removed.txt", ""},
                                ListFile{"replaced.txt", ""},
                                ListFile{"replaced.tsv", "old_path\tnew_path"},
                                ListFile{"moved.tsv", "old_path\tnew_path"},
                                ListFile{"retagged.tsv", "id\tadded\tremoved"},
                                ListFile{"rerated.tsv", "id\told\tnew"}};

}  // namespace

Result<DiffLists> DiffLists::create(const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::exists(folder / dataset::k_file_list, error)) {
    return fail(ErrorKind::usage, fmt::format("cannot write lists into {}: that is a release", folder.string()),
                "name a folder of their own");
  }
  DiffLists lists(folder);
  for (const ListFile& list : k_lists) {
    DBR_TRY(auto file, TextFile::create(folder / list.name));
    if (!list.header.empty()) DBR_CHECK(file.add_line(list.header));
    lists.m_files.push_back(std::move(file));
  }
  return lists;
}

Result<void> DiffLists::add(const dataset::FileChange& change) {
  const auto both = [&] { return fmt::format("{}\t{}", change.from, change.to); };
  switch (change.fate) {
    case FileFate::added:
      return m_files[added].add_line(change.to);
    case FileFate::removed:
      return m_files[removed].add_line(change.from);
    case FileFate::replaced:
      DBR_CHECK(m_files[replaced].add_line(change.to));
      return m_files[replaced_table].add_line(both());
    case FileFate::moved:
      return m_files[moved].add_line(both());
  }
  return {};
}

Result<void> DiffLists::add(const dataset::PostChange& change) {
  if (change.is_retagged()) {
    DBR_CHECK(m_files[retagged].add_line(
        fmt::format("{}\t{}\t{}", change.id, fmt::join(change.added, " "), fmt::join(change.removed, " "))));
  }
  if (!change.is_rerated()) return {};
  return m_files[rerated].add_line(fmt::format("{}\t{}\t{}", change.id, change.old_rating, change.new_rating));
}

Result<std::vector<std::string>> DiffLists::commit(bool has_posts) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < k_lists.size(); ++i) {
    const bool is_of_posts = i == retagged || i == rerated;
    if (is_of_posts && !has_posts) {
      DBR_CHECK(remove_file(m_folder / k_lists[i].name));
      continue;
    }
    DBR_CHECK(m_files[i].commit());
    names.emplace_back(k_lists[i].name);
  }
  return names;
}

}  // namespace dbr::stages
