// SPDX-License-Identifier: MIT
#include "verify_repair.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <functional>
#include <set>
#include <system_error>
#include <vector>

#include "dbr/base/file.hpp"

namespace dbr::stages {
namespace {

namespace fs = std::filesystem;
using dataset::Finding;
using dataset::Form;
using dataset::KnownPost;
using dataset::Role;

constexpr std::size_t k_batch = 256;
constexpr std::string_view k_put_back = "put back";  // begins what is said of a file that is right again

// Moves and links within the dataset. What was done is durable after sync().
class Mover {
 public:
  explicit Mover(const dataset::Layout& layout) : m_layout(layout) {}

  /// Out of the way, under store/quarantine/PROBLEM/ and the path it had.
  Result<void> put_aside(const fs::path& path, std::string_view problem) {
    DBR_TRY(const fs::path target, free_name(path, problem));
    m_touched.insert(path.parent_path());
    return rename(path, target);
  }

  /// A second name there; the path keeps its bytes until something else takes it.
  Result<void> keep_aside(const fs::path& path, std::string_view problem) {
    DBR_TRY(const fs::path target, free_name(path, problem));
    return link(path, target);
  }

  Result<void> move(const fs::path& from, const fs::path& to) {
    DBR_CHECK(prepare(to));
    m_touched.insert(from.parent_path());
    return rename(from, to);
  }

  /// `to` is never missing in between. The part is swept at the next open if we do not get further.
  Result<void> link_over(const fs::path& from, const fs::path& to) {
    DBR_CHECK(prepare(to));
    const fs::path part = m_layout.parts() / fmt::format("{}.link.part", to.filename().string());
    DBR_CHECK(remove_file(part));
    DBR_CHECK(link(from, part));
    return rename(part, to);
  }

  Result<void> sync() {
    for (const fs::path& directory : m_touched) DBR_CHECK(sync_directory(directory));
    m_touched.clear();
    return {};
  }
  /// Once in a while: each name is the old one or the new one until then.
  Result<void> sync_some() { return m_touched.size() < k_batch ? Result<void>() : sync(); }

 private:
  // A shared tree of copies may lie on another file system, or on one without hard links.
  static Result<void> link(const fs::path& from, const fs::path& to) {
    if (::link(from.c_str(), to.c_str()) == 0) return {};
    const int cause = errno;
    if (cause == EXDEV || cause == EPERM || cause == EMLINK || cause == EOPNOTSUPP) return copy(from, to);
    return fail(error_from_errno(cause, "hard-link", from.string()));
  }

  static Result<void> rename(const fs::path& from, const fs::path& to) {
    if (::rename(from.c_str(), to.c_str()) == 0) return {};
    if (errno != EXDEV) return fail(error_from_errno(errno, "rename to", to.string()));
    const fs::path part = to.parent_path() / fmt::format(".{}.part", to.filename().string());
    DBR_CHECK(copy(from, part));
    DBR_CHECK(rename_file(part, to));
    return remove_file(from);
  }

  static Result<void> copy(const fs::path& from, const fs::path& to) {
    DBR_CHECK(copy_read_only(from, to, [] { return true; }));
    DBR_TRY(const Fd fd, open_file(to, O_RDONLY));
    return sync_file(fd, to);
  }

  // The directory of `path`, and those above it, which may be new.
  Result<void> prepare(const fs::path& path) {
    const fs::path directory = path.parent_path();
    DBR_CHECK(make_directories(directory));
    for (fs::path at = directory; at != m_layout.root() && at.has_relative_path(); at = at.parent_path()) {
      m_touched.insert(at);
    }
    return {};
  }

  Result<fs::path> free_name(const fs::path& path, std::string_view problem) {
    const fs::path relative = path.lexically_relative(m_layout.root());
    for (int number = 1;; ++number) {
      const std::string folder = number == 1 ? std::string(problem) : fmt::format("{}-{}", problem, number);
      fs::path target = m_layout.store() / "quarantine" / folder / relative;
      struct stat status {};
      if (::lstat(target.c_str(), &status) == 0) continue;
      DBR_CHECK(prepare(target));
      return target;
    }
  }

  const dataset::Layout& m_layout;
  std::set<fs::path> m_touched;
};

bool is_there(const fs::path& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

class Repairer {
 public:
  Repairer(const dataset::Layout& layout, sql::Database& database, dataset::Findings& findings,
           const RepairSettings& settings, const StopToken& stop)
      : m_layout(layout),
        m_database(database),
        m_findings(findings),
        m_settings(settings),
        m_stop(stop),
        m_mover(layout) {}

  // Originals first: their forms and links follow from them.
  Result<void> run() {
    for (const Role role : {Role::original, Role::ml}) {
      DBR_CHECK(for_each(role, [&](const Finding& finding) { return repair_stored(finding); }));
      DBR_CHECK(requeue_waiting());
    }
    if (m_settings.has_extras) {
      DBR_CHECK(for_each(Role::extra, [&](const Finding& finding) { return repair_extra(finding); }));
    }
    DBR_CHECK(for_each(Role::placed, [&](const Finding& finding) { return repair_placed(finding); }));
    return m_mover.sync();
  }

 private:
  Result<void> for_each(Role role, const std::function<Result<void>(const Finding&)>& repair_one) {
    return m_findings.for_each(role, [&](const Finding& finding) -> Result<void> {
      if (m_stop.is_stopping()) return fail(ErrorKind::cancelled, "stopped");
      return repair_one(finding);
    });
  }

  fs::path path_of(const Finding& finding) const { return m_layout.root() / finding.path; }
  static Form form_of(const Finding& finding) { return finding.role == Role::ml ? Form::ml : Form::original; }

  Result<void> note(Finding finding, std::string action, bool is_repaired) {
    finding.action = std::move(action);
    finding.is_repaired = is_repaired && !m_settings.is_dry;
    return m_findings.update(finding);
  }

  // With this depth the bytes were not read yet, and a link must never spread wrong ones.
  bool has_digest(const fs::path& path, const Finding& finding) const {
    return m_settings.check.depth != Depth::size || file_digest(path, DigestKind::sha256) == finding.sha256;
  }

  // A disk that is not mounted must not send everything on it back to the queue.
  Result<void> check_store(Form form) const {
    const fs::path folder = m_layout.store() / to_string(form);
    std::error_code error;
    if (fs::directory_iterator(folder, error) != fs::directory_iterator()) return {};
    return fail(ErrorKind::io, fmt::format("cannot repair: {} is empty; is its disk mounted?", folder.string()),
                fmt::format("if everything in it is really lost, make an empty folder {}/0000 and run it again",
                            folder.string()));
  }

  // The extra file with exactly these bytes becomes the file again.
  Result<void> take_back(const Finding& lost) {
    DBR_TRY(const auto extra, m_findings.find(lost.other));
    if (!extra) return {};
    if (!m_settings.is_dry) {
      if (is_there(path_of(lost))) DBR_CHECK(m_mover.keep_aside(path_of(lost), lost.problem));
      DBR_CHECK(m_mover.move(path_of(*extra), path_of(lost)));
      DBR_CHECK(m_mover.sync_some());
    }
    DBR_CHECK(note(*extra, fmt::format("{} as {}", k_put_back, lost.path), true));
    return note(lost, fmt::format("{} from {}", k_put_back, extra->path), true);
  }

  Result<void> replace_by_link(const Finding& finding, const fs::path& source, std::string action) {
    if (!m_settings.is_dry) {
      if (is_there(path_of(finding))) DBR_CHECK(m_mover.keep_aside(path_of(finding), finding.problem));
      DBR_CHECK(m_mover.link_over(source, path_of(finding)));
      DBR_CHECK(m_mover.sync_some());
    }
    return note(finding, std::move(action), true);
  }

  Result<void> repair_stored(const Finding& finding) {
    if (finding.problem == "permission") return {};
    if (!finding.other.empty() && m_settings.has_extras) return take_back(finding);
    DBR_TRY(const auto known, dataset::find_known(m_database, finding.id, DigestKind::sha256));
    if (!known) return {};
    const bool is_decode = finding.problem == "decode";
    if (is_decode && finding.role == Role::original && (known->is_as_site_says || !is_stored(*known))) {
      return {};  // the site's own bytes do not decode: to fetch them again would change nothing
    }
    if (!is_decode) {
      DBR_TRY(const auto twin, find_twin(*known, finding));
      if (!twin.empty()) {
        return replace_by_link(
            finding, twin, fmt::format("{} from {}", k_put_back, twin.lexically_relative(m_layout.root()).string()));
      }
    }
    if (finding.problem == "missing") DBR_CHECK(check_store(form_of(finding)));
    m_waiting.push_back(finding);
    return m_waiting.size() < k_batch ? Result<void>() : requeue_waiting();
  }

  static bool is_stored(const KnownPost& post) { return post.state == dataset::OriginalState::stored; }

  // A link in the shared tree that still has the bytes; empty when there is none.
  Result<fs::path> find_twin(const KnownPost& post, const Finding& finding) {
    const dataset::Bytes& expected = finding.role == Role::ml ? post.ml : post.original;
    for (const auto& placed : post.placed) {
      if (placed.series.form != form_of(finding) || placed.bytes != expected) continue;
      const fs::path path = m_layout.shared() / m_layout.shared_path(placed.series, post.id, placed.file_ext);
      DBR_TRY(const auto known, m_findings.find(path.lexically_relative(m_layout.root()).string()));
      if (!known && is_there(path) && has_digest(path, finding)) return path;
    }
    return fs::path();
  }

  // Rows, then files.
  Result<void> requeue_waiting() {
    if (m_waiting.empty()) return {};
    if (!m_settings.is_dry) {
      DBR_TRY(auto transaction, sql::Transaction::begin(m_database));
      for (const Finding& finding : m_waiting) {
        if (finding.role == Role::ml) {
          DBR_CHECK(dataset::requeue_ml(m_database, finding.id));
          continue;
        }
        DBR_TRY(const auto known, dataset::find_known(m_database, finding.id, DigestKind::sha256));
        if (known && known->has_original()) {
          DBR_CHECK(dataset::requeue_original(m_database, finding.id, finding.problem));
        }
      }
      DBR_CHECK(transaction.commit());
      for (const Finding& finding : m_waiting) {
        if (is_there(path_of(finding))) DBR_CHECK(m_mover.put_aside(path_of(finding), finding.problem));
      }
      DBR_CHECK(m_mover.sync_some());
    }
    for (const Finding& finding : m_waiting) {
      const std::string_view aside = finding.problem == "missing" ? "" : "put aside, ";
      DBR_CHECK(note(
          finding, fmt::format("{}queued to be {} again", aside, finding.role == Role::ml ? "made" : "fetched"), true));
    }
    m_waiting.clear();
    return {};
  }

  Result<void> repair_extra(const Finding& finding) {
    if (finding.action.starts_with(k_put_back)) return {};
    // What belongs into the shared tree can be used there.
    if (!finding.other.empty()) {
      DBR_TRY(const auto lost, m_findings.find(finding.other));
      if (lost && lost->role == Role::placed) return take_back(*lost);
    }
    if (!m_settings.is_dry) {
      DBR_CHECK(m_mover.put_aside(path_of(finding), finding.problem));
      DBR_CHECK(m_mover.sync_some());
    }
    return note(finding, "put aside", true);
  }

  Result<void> repair_placed(const Finding& finding) {
    if (finding.problem == "permission" || finding.action.starts_with(k_put_back)) return {};
    DBR_TRY(const fs::path stored, find_stored(finding));
    if (!stored.empty()) return replace_by_link(finding, stored, "linked from the store");
    if (!is_there(path_of(finding))) return {};
    if (!m_settings.is_dry) {
      DBR_CHECK(m_mover.put_aside(path_of(finding), finding.problem));
      DBR_CHECK(m_mover.sync_some());
    }
    return note(finding, "put aside", false);
  }

  // The stored file with exactly the bytes of the placed one; empty when there is none (now).
  Result<fs::path> find_stored(const Finding& finding) {
    DBR_TRY(const auto post, dataset::find_known(m_database, finding.id, DigestKind::sha256));
    if (!post) return fs::path();
    for (const auto& placed : post->placed) {
      const fs::path path = m_layout.shared() / m_layout.shared_path(placed.series, post->id, placed.file_ext);
      if (path != path_of(finding)) continue;
      const bool is_ml = placed.series.form == Form::ml;
      const bool is_held = is_ml ? post->has_ml() : post->has_original() && post->file_ext == placed.file_ext;
      if (!is_held || (is_ml ? post->ml : post->original) != placed.bytes) return fs::path();
      fs::path stored = m_layout.stored(placed.series.form, post->id, placed.file_ext);
      DBR_TRY(const auto known, m_findings.find(stored.lexically_relative(m_layout.root()).string()));
      if (known ? known->action.starts_with(k_put_back) : has_digest(stored, finding)) return stored;
    }
    return fs::path();
  }

  const dataset::Layout& m_layout;
  sql::Database& m_database;
  dataset::Findings& m_findings;
  const RepairSettings& m_settings;
  const StopToken& m_stop;
  Mover m_mover;
  std::vector<Finding> m_waiting;  // to be queued again with the next batch
};

}  // namespace

Result<void> repair(const dataset::Layout& layout, sql::Database& database, dataset::Findings& findings,
                    const RepairSettings& settings, const StopToken& stop) {
  return Repairer(layout, database, findings, settings, stop).run();
}

}  // namespace dbr::stages
