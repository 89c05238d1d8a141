// SPDX-License-Identifier: MIT
#include "file_sink.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "dbr/image/sniff.hpp"

namespace dbr::stages {

void FileSink::restart() {
  m_fd.close();
  m_size = 0;
  m_head.clear();
  m_md5 = Digest(DigestKind::md5);
  m_sha256 = Digest(DigestKind::sha256);
}

Result<void> FileSink::begin(const http::Head& head) {
  if (head.status != 200) return fail(ErrorKind::network, fmt::format("the answer is {}, not the file", head.status));
  // Words where a file was asked for come from a proxy, a cache or an error page, and pass.
  std::string type(head.header("content-type"));
  std::ranges::transform(type, type.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  if (type.starts_with("text/") || type.starts_with("application/json") || type.starts_with("application/xhtml")) {
    return fail(ErrorKind::network, fmt::format("the answer is {}, not a file", type));
  }
  // A read-only leftover of an earlier try cannot be truncated.
  DBR_CHECK(remove_file(m_part));
  DBR_TRY(m_fd, open_file(m_part, O_WRONLY | O_CREAT | O_TRUNC));
  return {};
}

Result<void> FileSink::data(std::string_view bytes) {
  if (m_head.size() < image::k_sniff_size) m_head += bytes.substr(0, image::k_sniff_size - m_head.size());
  m_size += static_cast<ByteCount>(bytes.size());
  m_md5.update(bytes);
  m_sha256.update(bytes);
  return write_all(m_fd, bytes, m_part);
}

Result<FileSink::Facts> FileSink::finish() {
  if (::fchmod(m_fd.get(), 0444) != 0) return fail(error_from_errno(errno, "protect", m_part.string()));
  m_fd.close();
  return Facts{m_size, m_md5.finish_hex(), m_sha256.finish_hex(), m_head};
}

}  // namespace dbr::stages
