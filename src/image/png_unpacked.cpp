// SPDX-License-Identifier: MIT
// Chunks: PNG (third edition), 5.3; stored blocks: RFC 1951, 3.2.4.
#include "png_unpacked.hpp"

#include <algorithm>

#include <libdeflate.h>

#include "byte_reader.hpp"

namespace dbr::image {
namespace {

constexpr std::size_t k_signature = 8, k_chunk_frame = 12, k_most_stored = 65535;

struct Chunk {
  std::string_view type, data, whole;
};

/// The next chunk of `left`, with a right sum; empty at its end and before damage.
Chunk take_chunk(std::string_view& left) {
  const std::size_t length = left.size() < k_chunk_frame ? SIZE_MAX : ByteReader(left).be32();
  if (length > left.size() - std::min(left.size(), k_chunk_frame)) {
    return {};
  }
  const Chunk chunk{left.substr(4, 4), left.substr(8, length), left.substr(0, k_chunk_frame + length)};
  if (libdeflate_crc32(0, chunk.type.data(), 4 + length) != ByteReader(left.substr(8 + length, 4)).be32()) {
    return {};
  }
  left.remove_prefix(chunk.whole.size());
  return chunk;
}

/// What the stream holds: for each row a byte, then its pixels. 0 when that is too much or the header is odd.
std::size_t unpacked_size(const Chunk& header) {
  ByteReader reader(header.data);
  const std::uint64_t width = reader.be32(), height = reader.be32(), depth = reader.u8();
  const std::size_t colour = reader.u8();
  reader.be16();  // compression and filter: libpng looks at them
  if (header.type != "IHDR" || header.data.size() != 13 || reader.u8() != 0 || depth > 8 || colour > 6) {
    return 0;
  }
  constexpr std::array<std::uint64_t, 7> k_channels = {1, 0, 3, 1, 2, 0, 4};
  const std::uint64_t row = (width * k_channels[colour] * depth + 7) / 8 + 1;
  return height == 0 || row > k_most_unpacked / height ? 0 : static_cast<std::size_t>(row * height);
}

void put_be32(std::uint64_t value, char* out) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    *out++ = static_cast<char>(value >> shift & 0xFF);
  }
}

std::string_view view(const auto& bytes) {
  return {bytes.data(), bytes.size()};
}

}  // namespace

bool UnpackedPng::unpack(std::string_view bytes) {
  std::string_view left = bytes.substr(std::min(bytes.size(), k_signature));
  Chunk chunk = take_chunk(left);
  m_size = unpacked_size(chunk);
  if (m_size == 0) {
    return false;
  }
  while (!chunk.whole.empty() && chunk.type != "IDAT") {
    chunk = take_chunk(left);
  }
  m_before = bytes.substr(0, bytes.size() - left.size() - chunk.whole.size());
  std::string joined;
  std::string_view packed = chunk.data;
  for (chunk = take_chunk(left); chunk.type == "IDAT"; chunk = take_chunk(left)) {
    joined.append(joined.empty() ? packed : std::string_view()).append(chunk.data);
    packed = joined;
  }
  m_after = bytes.substr(bytes.size() - left.size() - chunk.whole.size());
  while (!chunk.whole.empty() && chunk.type != "IEND") {
    chunk = take_chunk(left);
  }
  if (chunk.type != "IEND") {
    return false;
  }

  m_pixels = std::make_unique_for_overwrite<char[]>(m_size);  // NOLINT(*-avoid-c-arrays)
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> unpacker(
      libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
  // Without a place for the real size it demands exactly this one.
  if (!unpacker || libdeflate_zlib_decompress(unpacker.get(), packed.data(), packed.size(), m_pixels.get(), m_size,
                                              nullptr) != LIBDEFLATE_SUCCESS) {
    return false;
  }
  for (std::size_t at = 0; at < m_size; at += k_most_stored) {
    const std::size_t length = std::min(m_size - at, k_most_stored);
    const bool is_last = at + length == m_size;
    m_heads.push_back({static_cast<char>(is_last), static_cast<char>(length & 0xFF), static_cast<char>(length >> 8),
                       static_cast<char>(~length & 0xFF), static_cast<char>(~length >> 8 & 0xFF)});
  }
  constexpr std::size_t k_stream_frame = 6;
  put_be32(k_stream_frame + m_heads.size() * m_heads[0].size() + m_size, m_head.data());
  std::string_view("IDAT\x78\x01").copy(m_head.data() + 4, 6);
  return true;
}

std::vector<std::string_view> UnpackedPng::parts() const {
  std::vector<std::string_view> parts = {m_before, view(m_head)};
  const std::string_view pixels(m_pixels.get(), m_size);
  for (std::size_t i = 0; i < m_heads.size(); ++i) {
    parts.push_back(view(m_heads[i]));
    parts.push_back(pixels.substr(i * k_most_stored, k_most_stored));
  }
  static constexpr std::array<char, 8> k_sums{};
  parts.push_back(view(k_sums));
  parts.push_back(m_after);
  return parts;
}

}  // namespace dbr::image
