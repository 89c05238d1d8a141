// SPDX-License-Identifier: MIT
// `legacy`: posts-legacy/, the posts in the shape of the releases of 2017 to 2020. Plain text in files of a fixed
// number of posts, for that is what their readers open: every file of a folder, whatever its name.
#include "legacy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "dbr/base/file.hpp"
#include "dbr/base/text_file.hpp"
#include "legacy_row.hpp"
#include "release_rows.hpp"
#include "tag_table.hpp"
#include "writers.hpp"

namespace dbr::exports {
namespace {

constexpr std::string_view k_folder = "posts-legacy";

// Which pools each post is in: 16 bytes an entry. Asked for posts in ascending order.
class PoolsOfPosts {
 public:
  static Result<PoolsOfPosts> load(const Context& context) {
    PoolsOfPosts pools;
    DBR_CHECK(for_each_row(context, k_folder, metadata::Table::pools,
                           [&](std::int64_t id, std::string_view json) -> Result<void> {
                             for (const PostId post : metadata::pool_posts(json))
                               pools.m_entries.emplace_back(post, id);
                             return {};
                           }));
    std::ranges::sort(pools.m_entries);
    const auto doubles = std::ranges::unique(pools.m_entries);
    pools.m_entries.erase(doubles.begin(), doubles.end());
    return pools;
  }

  void next(PostId post, std::vector<std::int64_t>& pools) {
    pools.clear();
    while (m_next < m_entries.size() && m_entries[m_next].first < post) ++m_next;
    for (; m_next < m_entries.size() && m_entries[m_next].first == post; ++m_next) {
      pools.push_back(m_entries[m_next].second);
    }
  }

 private:
  std::vector<std::pair<PostId, std::int64_t>> m_entries;
  std::size_t m_next = 0;
};

// "2017000000000000", "2017000000000001" ...: the last year covered and a number.
class NumberedFiles {
 public:
  NumberedFiles(const Context& context, std::int64_t lines_a_file)
      : m_folder(context.folder / k_folder),
        m_year(format_date(context.release.spec.cutoff - std::chrono::milliseconds(1)).substr(0, 4)),
        m_lines_a_file(lines_a_file) {}

  Result<void> write(std::string_view line) {
    if (m_lines == m_lines_a_file) DBR_CHECK(close());
    if (!m_file) DBR_CHECK(open());
    ++m_lines;
    return m_file->write(line);
  }

  /// Also removes what an earlier export with more files has left.
  Result<void> finish() {
    if (m_names.empty()) DBR_CHECK(open());  // of no posts
    if (m_file) DBR_CHECK(close());
    std::vector<std::filesystem::path> surplus;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(m_folder, error)) {
      if (!m_names.contains(entry.path().filename().string())) surplus.push_back(entry.path());
    }
    if (error) return fail(error_from_errno(error.value(), "list", m_folder.string()));
    for (const auto& path : surplus) DBR_CHECK(remove_tree(path));
    return sync_directory(m_folder);
  }

 private:
  Result<void> open() {
    const std::string name = fmt::format("{}{:012}", m_year, m_names.size());
    DBR_TRY(TextFile file, TextFile::create(m_folder / name));
    m_file.emplace(std::move(file));
    m_names.insert(name);
    m_lines = 0;
    return {};
  }

  Result<void> close() {
    DBR_CHECK(m_file->commit());
    m_file.reset();
    return {};
  }

  std::filesystem::path m_folder;
  std::string m_year;
  std::int64_t m_lines_a_file;
  std::int64_t m_lines = 0;
  std::optional<TextFile> m_file;
  std::set<std::string> m_names;
};

}  // namespace

std::vector<std::string> legacy_files(const dataset::Release&) {
  return {fmt::format("{}/", k_folder)};
}

Result<void> write_legacy(const Context& context, std::int64_t posts_a_file) {
  DBR_TRY(TagTable table, TagTable::load(context, k_folder));
  DBR_TRY(PoolsOfPosts pools_of_posts, PoolsOfPosts::load(context));
  NumberedFiles files(context, posts_a_file);
  std::vector<TagTable::UsedTag> tags;
  std::vector<std::int64_t> pools;
  std::string line;
  DBR_CHECK(for_each_post(context, k_folder, [&](const dataset::ReleasePost& post) -> Result<void> {
    DBR_TRY(const Json record, parse_record(k_folder, post.json));
    tags.clear();
    for (const metadata::TagUse& tag : post.tags) tags.push_back(table.use(tag));
    std::ranges::sort(tags, {}, &TagTable::UsedTag::name);
    pools_of_posts.next(post.id, pools);
    line.clear();
    append_legacy_row(line, post, record, tags, pools);
    line += '\n';
    return files.write(line);
  }));
  return files.finish();
}

Result<void> write_legacy(const Context& context) {
  return write_legacy(context, k_posts_a_legacy_file);
}

}  // namespace dbr::exports
