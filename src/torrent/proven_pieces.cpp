// SPDX-License-Identifier: MIT
// The file: a line that says what it is, a line that says of what, eight bytes a piece (lowest first), and the SHA-256
// of all that.
#include "dbr/torrent/proven_pieces.hpp"

#include <fmt/format.h>

#include <bit>

#include "dbr/base/atomic_file.hpp"
#include "dbr/base/digest.hpp"
#include "dbr/base/file.hpp"

namespace dbr::torrent {

namespace {

constexpr std::size_t k_stamp_bytes = 8;

std::string make_head(std::string_view key) {
  return fmt::format("dbr proven pieces 1\n{}\n", digest_hex(DigestKind::sha256, key));
}

std::string raw_sha256(std::string_view bytes) {
  Digest digest(DigestKind::sha256);
  digest.update(bytes);
  return digest.finish();
}

}  // namespace

std::vector<std::int64_t> load_proven(const std::filesystem::path& path, std::string_view key, std::size_t pieces) {
  std::vector<std::int64_t> stamps(pieces, 0);
  std::error_code error;
  // Asked before it is opened: opening a FIFO waits for a writer.
  if (!std::filesystem::is_regular_file(path, error)) return stamps;
  const std::string head = make_head(key);
  const std::size_t size = head.size() + pieces * k_stamp_bytes;
  const auto read = read_file(path, static_cast<ByteCount>(size + digest_size(DigestKind::sha256)));
  if (!read || read->size() != size + digest_size(DigestKind::sha256)) return stamps;
  const std::string_view text = *read;
  if (!text.starts_with(head) || text.substr(size) != raw_sha256(text.substr(0, size))) return stamps;
  for (std::size_t i = 0; i < pieces; ++i) {
    std::uint64_t stamp = 0;
    for (std::size_t k = k_stamp_bytes; k-- > 0;) {
      stamp = stamp << 8 | static_cast<unsigned char>(text[head.size() + i * k_stamp_bytes + k]);
    }
    stamps[i] = std::bit_cast<std::int64_t>(stamp);
  }
  return stamps;
}

Result<void> save_proven(const std::filesystem::path& path, std::string_view key,
                         std::span<const std::int64_t> stamps) {
  std::string text = make_head(key);
  text.reserve(text.size() + stamps.size() * k_stamp_bytes + digest_size(DigestKind::sha256));
  for (const std::int64_t stamp : stamps) {
    auto left = std::bit_cast<std::uint64_t>(stamp);
    for (std::size_t k = 0; k < k_stamp_bytes; ++k, left >>= 8) text += static_cast<char>(left & 0xff);
  }
  text += raw_sha256(text);
  return write_file_atomically(path, text);
}

}  // namespace dbr::torrent
