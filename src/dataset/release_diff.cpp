// SPDX-License-Identifier: MIT
#include "dbr/dataset/release_diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <compare>
#include <iterator>

#include "dbr/base/digest.hpp"
#include "dbr/dataset/release_lists.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::dataset {
namespace {

namespace fs = std::filesystem;

bool are_same(const PlacedFile& a, const PlacedFile& b) {
  return a.path == b.path && a.sha256 == b.sha256;
}

// Files of one release that the other has not at the same place of its list, by (form, ID).
class Unmatched {
 public:
  static Result<Unmatched> create(fs::path list) {
    DBR_TRY(
        auto database,
        sql::Database::open_scratch(
            "CREATE TABLE file (form INTEGER NOT NULL, id INTEGER NOT NULL, path TEXT NOT NULL, sha256 BLOB NOT NULL, "
            "size INTEGER NOT NULL, PRIMARY KEY (form, id)) WITHOUT ROWID; BEGIN"));
    return Unmatched(std::move(list), std::move(database));
  }

  Result<void> add(const PlacedFile& file) {
    DBR_TRY(auto insert, m_database.prepare("INSERT OR IGNORE INTO file VALUES (?, ?, ?, ?, ?)"));
    insert.bind(1, static_cast<std::int64_t>(file.series.form)).bind(2, file.id).bind(3, file.path);
    DBR_CHECK(insert.bind_blob(4, from_hex(file.sha256)).bind(5, file.size).run());
    if (m_database.changes() > 0) return {};
    return fail(ErrorKind::corrupt, fmt::format("cannot read {}: it lists the {} of post {} twice", m_list.string(),
                                                to_string(file.series.form), file.id));
  }

  Result<sql::Statement> select() {
    return m_database.prepare("SELECT form, id, path, sha256, size FROM file ORDER BY form, id");
  }

 private:
  Unmatched(fs::path list, sql::Database database) : m_list(std::move(list)), m_database(std::move(database)) {}
  fs::path m_list;
  sql::Database m_database;
};

// Walks over the unmatched files of one release.
class Cursor {
 public:
  static Result<Cursor> open(Unmatched& files) {
    DBR_TRY(auto select, files.select());
    Cursor cursor(std::move(select));
    DBR_CHECK(cursor.next());
    return cursor;
  }
  Result<void> next() {
    DBR_TRY(m_is_row, m_rows.step());
    return {};
  }
  bool is_at_end() const { return !m_is_row; }
  std::pair<std::int64_t, PostId> key() const { return {m_rows.integer(0), m_rows.integer(1)}; }
  std::string_view path() const { return m_rows.text(2); }
  std::string_view sha256() const { return m_rows.text(3); }
  ByteCount size() const { return m_rows.integer(4); }

 private:
  explicit Cursor(sql::Statement rows) : m_rows(std::move(rows)) {}
  sql::Statement m_rows;
  bool m_is_row = false;
};

// Which of two sorted walks is behind: less when the first one is.
template <class Walk>
std::strong_ordering order(const Walk& a, const Walk& b) {
  if (a.is_at_end() || b.is_at_end()) return a.is_at_end() <=> b.is_at_end();
  return a.key() <=> b.key();
}

Result<std::int64_t> compare(Unmatched& from, Unmatched& to,
                             const std::function<Result<void>(const FileChange&)>& on_change) {
  DBR_TRY(Cursor old_file, Cursor::open(from));
  DBR_TRY(Cursor new_file, Cursor::open(to));
  std::int64_t same = 0;
  while (!old_file.is_at_end() || !new_file.is_at_end()) {
    const auto behind = order(old_file, new_file);
    const auto [form, id] = behind > 0 ? new_file.key() : old_file.key();
    FileChange change{.form = static_cast<Form>(form), .id = id};
    if (behind <= 0) change.from = old_file.path();
    if (behind >= 0) change.to = new_file.path();
    change.size = behind < 0 ? old_file.size() : new_file.size();
    if (behind != 0) {
      change.fate = behind < 0 ? FileFate::removed : FileFate::added;
    } else {
      change.fate = old_file.sha256() == new_file.sha256() ? FileFate::moved : FileFate::replaced;
    }
    // The same but for its edition: it left and came back, or the releases are of two datasets.
    const bool is_same = change.fate == FileFate::moved && change.from == change.to;
    if (is_same) ++same;
    if (!is_same) DBR_CHECK(on_change(change));
    if (behind <= 0) DBR_CHECK(old_file.next());
    if (behind >= 0) DBR_CHECK(new_file.next());
  }
  return same;
}

std::vector<std::string_view> split(std::string_view tags) {
  std::vector<std::string_view> names;
  while (!tags.empty()) {
    const std::string_view name = tags.substr(0, tags.find(' '));
    names.push_back(name);
    tags.remove_prefix(std::min(tags.size(), name.size() + 1));
  }
  std::ranges::sort(names);
  return names;
}

PostChange change_of(const TaggedPost& from, const TaggedPost& to) {
  PostChange change{.id = to.id, .added = {}, .removed = {}, .old_rating = from.rating, .new_rating = to.rating};
  if (from.tags == to.tags) return change;
  const auto before = split(from.tags);
  const auto after = split(to.tags);
  std::ranges::set_difference(after, before, std::back_inserter(change.added));
  std::ranges::set_difference(before, after, std::back_inserter(change.removed));
  return change;
}

}  // namespace

std::string_view to_string(FileFate fate) {
  switch (fate) {
    case FileFate::added:
      return "added";
    case FileFate::removed:
      return "removed";
    case FileFate::replaced:
      return "replaced";
    case FileFate::moved:
      return "moved";
  }
  return "unknown";
}

// Both lists are in the order (series, edition, ID), and a file that stays keeps its edition: in two releases of one
// dataset all of them meet here, and only what changed is written down.
Result<std::int64_t> for_each_file_change(const ComparedReleases& releases,
                                          const std::function<Result<void>(const FileChange&)>& on_change) {
  DBR_TRY(FileList from, FileList::open(releases.from));
  DBR_TRY(FileList to, FileList::open(releases.to));
  DBR_TRY(Unmatched gone, Unmatched::create(releases.from / k_file_list));
  DBR_TRY(Unmatched come, Unmatched::create(releases.to / k_file_list));
  std::int64_t same = 0;
  DBR_TRY(const PlacedFile* old_file, from.next());
  DBR_TRY(const PlacedFile* new_file, to.next());
  while (old_file != nullptr || new_file != nullptr) {
    DBR_CHECK(releases.on_line());
    const bool is_old_first = new_file == nullptr || (old_file != nullptr && is_before(*old_file, *new_file));
    const bool is_new_first = old_file == nullptr || (new_file != nullptr && is_before(*new_file, *old_file));
    if (!is_old_first && !is_new_first && are_same(*old_file, *new_file)) {
      ++same;
    } else {
      if (!is_new_first) DBR_CHECK(gone.add(*old_file));
      if (!is_old_first) DBR_CHECK(come.add(*new_file));
    }
    if (!is_new_first) {
      DBR_TRY(old_file, from.next());
    }
    if (!is_old_first) {
      DBR_TRY(new_file, to.next());
    }
  }
  DBR_TRY(const std::int64_t same_but_for_edition, compare(gone, come, on_change));
  return same + same_but_for_edition;
}

Result<std::int64_t> for_each_post_change(const ComparedReleases& releases,
                                          const std::function<Result<void>(const PostChange&)>& on_change) {
  DBR_TRY(TaggedPosts from, TaggedPosts::open(releases.from));
  DBR_TRY(TaggedPosts to, TaggedPosts::open(releases.to));
  std::int64_t in_both = 0;
  DBR_TRY(const TaggedPost* old_post, from.next());
  DBR_TRY(const TaggedPost* new_post, to.next());
  while (old_post != nullptr && new_post != nullptr) {
    DBR_CHECK(releases.on_line());
    const PostId old_id = old_post->id;
    const PostId new_id = new_post->id;
    if (old_id == new_id) {
      ++in_both;
      const PostChange change = change_of(*old_post, *new_post);
      if (change.is_retagged() || change.is_rerated()) DBR_CHECK(on_change(change));
    }
    if (old_id <= new_id) {
      DBR_TRY(old_post, from.next());
    }
    if (new_id <= old_id) {
      DBR_TRY(new_post, to.next());
    }
  }
  return in_both;
}

}  // namespace dbr::dataset
