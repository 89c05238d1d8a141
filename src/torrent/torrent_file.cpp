// SPDX-License-Identifier: MIT
#include "dbr/torrent/torrent_file.hpp"

#include <fmt/format.h>

#include <system_error>

#include "dbr/base/file.hpp"
#include "dbr/base/text.hpp"

namespace dbr::torrent {
namespace {

namespace fs = std::filesystem;

constexpr ByteCount k_largest = ByteCount{1} << 30;

}  // namespace

Result<Metainfo> read_torrent(const fs::path& path) {
  const std::string name = printable(path.string());
  std::error_code error;
  // Asked before it is opened: opening a FIFO waits for a writer.
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found)
    return fail(ErrorKind::usage, fmt::format("cannot read {}: no such file", name));
  if (error) return fail(error_from_errno(error.value(), "read", name));
  if (status.type() != fs::file_type::regular) {
    return fail(ErrorKind::usage,
                fmt::format("cannot read {}: {}", name,
                            status.type() == fs::file_type::directory ? "it is a folder, not a .torrent"
                                                                      : "it is not a regular file"));
  }
  const auto document = read_file(path, k_largest);
  if (!document) return fail(document.error().kind, printable(document.error().message), document.error().hint);
  if (document->empty()) return fail(ErrorKind::corrupt, fmt::format("cannot use {}: it is empty", name));
  auto info = parse_metainfo(*document);
  if (!info) return fail(info.error().kind, fmt::format("cannot use {}: {}", name, printable(info.error().message)));
  return info;
}

}  // namespace dbr::torrent
