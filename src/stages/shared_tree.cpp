// SPDX-License-Identifier: MIT
#include "shared_tree.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <set>
#include <system_error>

#include "dbr/base/file.hpp"
#include "dbr/dataset/release.hpp"

namespace dbr::stages {
namespace {

namespace fs = std::filesystem;

class TreeBuilder {
 public:
  TreeBuilder(sql::Database& database, const dataset::Layout& layout, const StopToken& stop, pipeline::Meter& meter)
      : m_database(database), m_layout(layout), m_stop(stop), m_meter(meter) {}

  Result<TreeChanges> run() {
    DBR_CHECK(dataset::for_each_placed(m_database, [&](const dataset::PlacedFile& file) { return link(file); }));
    for (const dataset::Series series : dataset::k_series) {
      DBR_CHECK(remove_leftovers(m_layout.shared() / to_string(series.set) / to_string(series.form)));
    }
    for (const fs::path& directory : m_touched) DBR_CHECK(sync_directory(directory));
    return m_changes;
  }

 private:
  Result<void> link(const dataset::PlacedFile& file) {
    if (m_stop.is_stopping()) return fail(ErrorKind::cancelled, "stopped");
    const fs::path path = m_layout.shared() / file.path;
    const std::string extension = path.extension().string().substr(1);
    const fs::path stored = m_layout.stored(file.series.form, file.id, extension);
    struct stat source {
    }, target{};
    if (::stat(stored.c_str(), &source) != 0) {
      return fail(ErrorKind::corrupt, fmt::format("cannot place post {}: {} is not there", file.id, stored.string()),
                  "dbr verify finds what else is missing");
    }
    m_meter.add_done();
    // Also where nothing is to do: a killed run may have linked without syncing.
    const fs::path directory = path.parent_path();
    if (m_touched.insert(directory).second) {
      DBR_CHECK(make_directories(directory));
      for (fs::path above = directory; above != m_layout.shared(); m_touched.insert(above)) above = above.parent_path();
      m_touched.insert(m_layout.shared().parent_path());
    }
    if (::lstat(path.c_str(), &target) == 0 && target.st_ino == source.st_ino && target.st_dev == source.st_dev) {
      ++m_changes.kept;
      return {};
    }
    // link() cannot replace, rename() can: the path is never missing in between.
    const fs::path fresh = directory / fmt::format(".{}.part", path.filename().string());
    DBR_CHECK(remove_file(fresh));
    if (::link(stored.c_str(), fresh.c_str()) != 0) {
      const int cause = errno;
      Error error = error_from_errno(cause, "hard-link", path.string());
      if (cause == EXDEV || cause == EPERM || cause == EMLINK) {
        error.hint = "the store and the shared folder must lie on one file system that has hard links";
      }
      return fail(std::move(error));
    }
    DBR_CHECK(rename_file(fresh, path));
    ++m_changes.linked;
    return {};
  }

  Result<void> remove_leftovers(const fs::path& folder) {
    std::error_code error;
    for (auto entry = fs::recursive_directory_iterator(folder, error); !error && entry != fs::end(entry);
         entry.increment(error)) {
      if (m_stop.is_stopping()) return fail(ErrorKind::cancelled, "stopped");
      if (entry->is_directory()) continue;
      const auto file = m_layout.parse_shared_path(entry->path().lexically_relative(m_layout.shared()).string());
      if (file) {
        DBR_TRY(const bool is_wanted, dataset::is_placed(m_database, *file));
        if (is_wanted) continue;
      }
      DBR_CHECK(remove_file(entry->path()));
      m_touched.insert(entry->path().parent_path());
      ++m_changes.removed;
    }
    if (error && error != std::errc::no_such_file_or_directory) {
      return fail(error_from_errno(error.value(), "list", folder.string()));
    }
    return {};
  }

  sql::Database& m_database;
  const dataset::Layout& m_layout;
  const StopToken& m_stop;
  pipeline::Meter& m_meter;
  std::set<fs::path> m_touched;
  TreeChanges m_changes;
};

}  // namespace

Result<TreeChanges> lay_out_tree(sql::Database& database, const dataset::Layout& layout, const StopToken& stop,
                                 pipeline::Meter& meter) {
  return TreeBuilder(database, layout, stop, meter).run();
}

}  // namespace dbr::stages
