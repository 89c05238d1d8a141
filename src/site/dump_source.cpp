// SPDX-License-Identifier: MIT
#include "dump_source.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace dbr::site {
namespace {

constexpr std::size_t k_head = std::size_t{64} << 10;

}  // namespace

Error interrupted_reading() {
  return {ErrorKind::cancelled, "cannot read on: interrupted"};
}

Result<std::unique_ptr<ByteSource>> FileSource::open(const std::string& path) {
  auto fd = open_file(path, O_RDONLY);
  if (!fd && fd.error().kind == ErrorKind::not_found) return fail(ErrorKind::usage, fd.error().message);
  if (!fd) return fail(fd.error());
  struct stat status {};
  if (::fstat(fd->get(), &status) != 0) return fail(error_from_errno(errno, "read", path));
  if (S_ISDIR(status.st_mode)) {
    return fail(ErrorKind::usage, fmt::format("cannot read {}: it is a directory", path), "name the files in it");
  }
  return std::make_unique<FileSource>(std::move(*fd), path);
}

Result<std::size_t> FileSource::read(std::span<char> into, const StopToken& stop) {
  for (;;) {
    if (stop.is_stopping()) return fail(interrupted_reading());
    const ssize_t got = ::read(m_fd.get(), into.data(), into.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return fail(error_from_errno(errno, "read", m_path));
  }
}

Result<std::size_t> MemorySource::read(std::span<char> into, const StopToken&) {
  const std::size_t count = m_bytes.copy(into.data(), into.size());
  m_bytes.remove_prefix(count);
  return count;
}

Result<std::string_view> PeekSource::peek(const StopToken& stop) {
  m_head.resize(k_head);
  std::size_t size = 0;
  while (size < k_head && !m_error) {
    auto got = m_source->read({m_head.data() + size, k_head - size}, stop);
    if (!got) {
      m_error = std::move(got).error();
      break;
    }
    m_is_at_end = *got == 0;
    if (m_is_at_end) break;
    size += *got;
  }
  m_head.resize(size);
  if (size == 0 && m_error) return fail(*m_error);
  return m_head;
}

Result<std::size_t> PeekSource::read(std::span<char> into, const StopToken& stop) {
  if (m_given < m_head.size()) {
    const std::size_t count = std::string_view(m_head).substr(m_given).copy(into.data(), into.size());
    m_given += count;
    return count;
  }
  if (m_error) return fail(*m_error);
  if (m_is_at_end) return 0;
  DBR_TRY(const std::size_t got, m_source->read(into, stop));
  m_is_at_end = got == 0;
  return got;
}

}  // namespace dbr::site
