// SPDX-License-Identifier: MIT
#include "shared_tree.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "dbr/base/file.hpp"
#include "dbr/base/file_witness.hpp"

namespace dbr::stages {
namespace {

namespace fs = std::filesystem;
using dataset::Layout;
using dataset::NamedFile;
using dataset::Set;

constexpr std::size_t k_portion = 10'000;  // recorded at once

struct stat status_of(const fs::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) status = {};
  return status;
}

class TreeBuilder {
 public:
  TreeBuilder(const Layout& layout, const fs::path& shared, const TreePlan& plan, LinkMode mode, const StopToken& stop,
              pipeline::Meter& meter)
      : m_layout(layout),
        m_shared(shared),
        m_plan(plan),
        m_mode(mode),
        m_placer(mode, stop),
        m_stop(stop),
        m_meter(meter) {}

  Result<TreeChanges> run() {
    auto changes = build();
    auto recorded = record();  // whatever came then
    if (changes && !recorded) return fail(std::move(recorded).error());
    return changes;
  }

 private:
  // Withdrawals first: an interrupted run has rather taken too much away than left something where it must not be. It
  // also makes room for copies, and clears the part files of a killed run away.
  Result<TreeChanges> build() {
    for (const dataset::Series series : dataset::k_series) {
      DBR_CHECK(sweep(m_shared / to_string(series.set) / to_string(series.form)));
    }
    DBR_CHECK(m_plan.for_each([&](const TreeFile& file) { return place(file); }));
    DBR_CHECK(m_placer.flush());
    for (const dataset::Series series : dataset::k_series) {
      remove_empty_buckets(m_shared / to_string(series.set) / to_string(series.form));
    }
    for (const fs::path& directory : m_touched) DBR_CHECK(sync_directory(directory));
    m_changes.kept -= m_changes.moved;
    return m_changes;
  }

  Result<void> record() {
    if (m_named.empty()) return {};
    return m_plan.record(std::exchange(m_named, {}));
  }
  Result<void> record_some() { return m_named.size() < k_portion ? Result<void>() : record(); }

  fs::path path_of(const Layout::SharedFile& file) const {
    return m_shared / m_layout.shared_path(file.series, file.id, file.extension);
  }

  // Also where nothing is to do: a killed run may have linked without syncing.
  Result<void> touch(const fs::path& directory) {
    if (!m_touched.insert(directory).second) return {};
    DBR_CHECK(make_directories(directory));
    for (fs::path above = directory; above != m_shared; m_touched.insert(above)) above = above.parent_path();
    m_touched.insert(m_shared.parent_path());
    return {};
  }

  Result<void> sweep(const fs::path& folder) {
    std::error_code error;
    for (auto entry = fs::recursive_directory_iterator(folder, error); !error && entry != fs::end(entry);
         entry.increment(error)) {
      if (m_stop.is_stopping()) return fail(ErrorKind::cancelled, "stopped");
      std::error_code ignored;
      if (entry->is_directory(ignored)) continue;
      const auto file = m_layout.parse_shared_path(entry->path().lexically_relative(m_shared).string());
      if (file) {
        DBR_TRY(const auto stored, m_plan.find(*file));
        if (stored) continue;
        DBR_TRY(const bool is_moved, move_to_other_set(entry->path(), *file));
        if (is_moved) continue;
      }
      DBR_CHECK(remove(entry->path(), file));
      m_touched.insert(entry->path().parent_path());
      ++m_changes.removed;
    }
    if (error && error != std::errc::no_such_file_or_directory) {
      return fail(error_from_errno(error.value(), "list", folder.string()));
    }
    return {};
  }

  // The stored file keeps its bytes, but one name less gives it another witness.
  Result<void> remove(const fs::path& path, const std::optional<Layout::SharedFile>& file) {
    const auto before = status_of(path);
    DBR_CHECK(remove_file(path));
    if (!file || before.st_nlink < 2) return {};
    const auto stored = m_layout.stored(file->series.form, file->id, file->extension);
    m_named.push_back({file->series, file->id, witness_of(before), renewed_witness(before, status_of(stored))});
    return record_some();
  }

  // So that equal releases are equal trees, whatever drafts came before. Those with something in them refuse to go.
  void remove_empty_buckets(const fs::path& folder) {
    std::error_code error;
    for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::end(entry);
         entry.increment(error)) {
      if (::rmdir(entry->path().c_str()) != 0) continue;
      m_touched.erase(entry->path());
      m_touched.insert(folder);
    }
  }

  // A post that was rated again: its file is in one set or in the other at any time. Only bytes that belong there: old
  // ones of a replaced file would get into a set they were never in.
  Result<bool> move_to_other_set(const fs::path& path, Layout::SharedFile file) {
    file.series.set = file.series.set == Set::sfw ? Set::nsfw : Set::sfw;
    DBR_TRY(const auto stored, m_plan.find(file));
    const fs::path target = path_of(file);
    std::error_code error;
    if (!stored || !m_placer.is_placed(*stored, path) || fs::exists(fs::symlink_status(target, error))) return false;
    DBR_CHECK(touch(target.parent_path()));
    const auto before = status_of(path);
    // Sets on two file systems: removed here, placed there.
    if (!rename_file(path, target)) return false;
    m_named.push_back({file.series, file.id, witness_of(before), renewed_witness(before, status_of(target))});
    DBR_CHECK(record_some());
    m_touched.insert(path.parent_path());
    ++m_changes.moved;
    return true;
  }

  Result<void> place(const TreeFile& item) {
    if (m_stop.is_stopping()) return fail(ErrorKind::cancelled, "stopped");
    m_meter.add_done();
    const fs::path path = path_of(item.file);
    DBR_CHECK(touch(path.parent_path()));
    if (item.stored == path || m_placer.is_placed(item.stored, path)) {
      ++m_changes.kept;
      return {};
    }
    std::error_code error;
    if (!fs::exists(item.stored, error)) {
      return fail(ErrorKind::corrupt,
                  fmt::format("cannot place post {}: {} is not there", item.file.id, item.stored.string()),
                  "dbr verify finds what else is missing");
    }
    DBR_CHECK(put(item, path));
    ++m_changes.linked;
    return record_some();
  }

  Result<void> put(const TreeFile& item, const fs::path& path) {
    const auto before = status_of(item.stored);
    return m_placer.put(item.stored, path, [this, item, path, before] {
      const bool is_link = m_mode == LinkMode::hard;
      NamedFile file{item.file.series, item.file.id, witness_of(before), 0, is_link};
      if (is_link) {
        file.after = renewed_witness(before, status_of(path));
      } else if (witness_at(item.stored) == file.before) {  // until the copy was whole
        file.after = witness_at(path);
      }
      m_named.push_back(file);
    });
  }

  const Layout& m_layout;
  const fs::path& m_shared;
  const TreePlan& m_plan;
  const LinkMode m_mode;
  FilePlacer m_placer;
  const StopToken& m_stop;
  pipeline::Meter& m_meter;
  std::set<fs::path> m_touched;
  std::vector<NamedFile> m_named;  // and not recorded yet
  TreeChanges m_changes;
};

}  // namespace

Result<TreeChanges> lay_out_tree(const Layout& layout, const fs::path& shared, const TreePlan& plan, LinkMode mode,
                                 const StopToken& stop, pipeline::Meter& meter) {
  return TreeBuilder(layout, shared, plan, mode, stop, meter).run();
}

}  // namespace dbr::stages
