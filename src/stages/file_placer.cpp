// SPDX-License-Identifier: MIT
#include "file_placer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include "dbr/base/file.hpp"

namespace dbr::stages {
namespace {

namespace fs = std::filesystem;

// A group's directories are synced once: many files in it make that cheap, and few bytes make the wait short.
constexpr std::size_t k_most_files = 256;
constexpr ByteCount k_most_bytes = ByteCount{256} << 20;

bool cannot_do(int cause) {
  constexpr std::array k_causes = {EXDEV, EPERM, EMLINK, EOPNOTSUPP, ENOSYS, ENOTTY, EINVAL};
  return std::ranges::find(k_causes, cause) != k_causes.end();
}

// `shown` is what the user knows of: not the part file.
tl::unexpected<Error> refuse(LinkMode mode, int cause, const fs::path& shown) {
  const std::string_view how = mode == LinkMode::hard ? "hard link" : "reflink";
  if (!cannot_do(cause)) return fail(error_from_errno(cause, how, shown.string()));
  return fail(
      ErrorKind::config, fmt::format("cannot lay out {} by {}: {}", shown.string(), how, std::strerror(cause)),
      mode == LinkMode::hard
          ? "the store and that folder must lie on one file system that has hard links; otherwise --link copy works "
            "everywhere, and --link reflink where the file system can share blocks (Btrfs, XFS)"
          : "the store and that folder must lie on one file system that can share blocks (Btrfs, XFS); otherwise "
            "--link "
            "hard takes no more room, and --link copy works everywhere");
}

Result<void> make_link(const fs::path& source, const fs::path& part, const fs::path& shown) {
  DBR_CHECK(remove_file(part));
  if (::link(source.c_str(), part.c_str()) != 0) return refuse(LinkMode::hard, errno, shown);
  return {};
}

Result<void> make_reflink(const fs::path& source, const fs::path& part, const fs::path& shown) {
  DBR_TRY(const Fd from, open_file(source, O_RDONLY));
  DBR_CHECK(remove_file(part));
  DBR_TRY(const Fd to, open_file(part, O_WRONLY | O_CREAT | O_EXCL, 0444));
  Result<void> made;
  if (::ioctl(to.get(), FICLONE, from.get()) != 0) made = refuse(LinkMode::reflink, errno, shown);
  if (made) made = copy_time(from, to, part);
  if (!made) (void)remove_file(part);
  return made;
}

Result<void> make_part(LinkMode mode, const fs::path& source, const fs::path& part, const fs::path& shown,
                       const StopToken& stop) {
  if (mode == LinkMode::hard) return make_link(source, part, shown);
  if (mode == LinkMode::reflink) return make_reflink(source, part, shown);
  return copy_read_only(source, part, [&] { return !stop.is_aborting(); });
}

// File systems without hard links often keep coarse times: of a copy it is the source's, cut to their unit.
bool is_same_time(const timespec& source, const timespec& copy) {
  constexpr std::int64_t k_second = 1'000'000'000;
  constexpr std::array<std::int64_t, 6> k_units = {1, 100, 1'000, 10'000'000, k_second, 2 * k_second};
  const auto nanoseconds = [](const timespec& time) { return time.tv_sec * k_second + time.tv_nsec; };
  return std::ranges::any_of(k_units,
                             [&](std::int64_t unit) { return nanoseconds(copy) == nanoseconds(source) / unit * unit; });
}

}  // namespace

LinkMode parse_link_mode(std::string_view name) {
  if (name == "reflink") return LinkMode::reflink;
  return name == "copy" ? LinkMode::copy : LinkMode::hard;
}

Result<void> check_link_mode(LinkMode mode, const fs::path& parts, const fs::path& folder) {
  const fs::path source = parts / "link-probe.part";
  const fs::path probe = folder / ".link-probe.part";
  DBR_CHECK(make_directories(parts));
  DBR_CHECK(make_directories(folder));
  DBR_CHECK(write_read_only(source, "probe"));
  auto made = make_part(mode, source, probe, folder, StopSource().token());
  DBR_CHECK(remove_file(probe));
  DBR_CHECK(remove_file(source));
  return made;
}

FilePlacer::~FilePlacer() {
  for (const fs::path& part : m_parts) (void)remove_file(part);
}

bool FilePlacer::is_placed(const fs::path& source, const fs::path& path) const {
  struct stat stored {
  }, placed{};
  if (::stat(source.c_str(), &stored) != 0 || ::lstat(path.c_str(), &placed) != 0) return false;
  const bool is_one_file = placed.st_ino == stored.st_ino && placed.st_dev == stored.st_dev;
  if (m_mode == LinkMode::hard || is_one_file) return m_mode == LinkMode::hard && is_one_file;
  return S_ISREG(placed.st_mode) && placed.st_size == stored.st_size && is_same_time(stored.st_mtim, placed.st_mtim);
}

Result<void> FilePlacer::put(const fs::path& source, const fs::path& path, std::function<void()> on_named) {
  // link() cannot replace, rename() can: the path is never missing in between.
  const fs::path part = path.parent_path() / fmt::format(".{}.part", path.filename().string());
  if (m_mode == LinkMode::hard) {
    DBR_CHECK(make_link(source, part, path));
    auto renamed = rename_file(part, path);
    if (!renamed) (void)remove_file(part);
    if (renamed && on_named) on_named();
    return renamed;
  }
  DBR_CHECK(make_part(m_mode, source, part, path, m_stop));
  m_parts.push_back(part);
  if (on_named) m_on_named.push_back(std::move(on_named));
  m_batch.add(part, path);
  std::error_code error;
  const auto size = fs::file_size(part, error);
  if (!error) m_batch_bytes += static_cast<ByteCount>(size);
  return m_parts.size() < k_most_files && m_batch_bytes < k_most_bytes ? Result<void>() : flush();
}

Result<void> FilePlacer::flush() {
  DBR_CHECK(m_batch.commit());
  m_parts.clear();
  for (const auto& on_named : std::exchange(m_on_named, {})) on_named();
  m_batch_bytes = 0;
  return {};
}

}  // namespace dbr::stages
