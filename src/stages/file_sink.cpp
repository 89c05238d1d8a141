// SPDX-License-Identifier: MIT
#include "file_sink.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>

namespace dbr::stages {

void FileSink::restart() {
  m_fd.close();
  m_size = 0;
  m_md5 = Digest(DigestKind::md5);
  m_sha256 = Digest(DigestKind::sha256);
}

Result<void> FileSink::begin(const http::Head& head) {
  // A page where a file was asked for comes from a proxy or a cache, and passes.
  if (head.header("content-type").starts_with("text/html")) {
    return fail(ErrorKind::network, "the answer is an HTML page, not a file");
  }
  // A read-only leftover of an earlier try cannot be truncated.
  DBR_CHECK(remove_file(m_part));
  DBR_TRY(m_fd, open_file(m_part, O_WRONLY | O_CREAT | O_TRUNC));
  return {};
}

Result<void> FileSink::data(std::string_view bytes) {
  m_size += static_cast<ByteCount>(bytes.size());
  m_md5.update(bytes);
  m_sha256.update(bytes);
  return write_all(m_fd, bytes, m_part);
}

Result<FileSink::Facts> FileSink::finish() {
  if (::fchmod(m_fd.get(), 0444) != 0) return fail(error_from_errno(errno, "protect", m_part.string()));
  m_fd.close();
  return Facts{m_size, m_md5.finish_hex(), m_sha256.finish_hex()};
}

}  // namespace dbr::stages
