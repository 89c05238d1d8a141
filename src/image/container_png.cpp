// SPDX-License-Identifier: MIT
// PNG chunks from IHDR to IEND; acTL before the first IDAT makes it an animation. Chunks that unpack to something
// beside the pixels are measured, because a decoder would unpack them whole.
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "byte_reader.hpp"
#include "containers.hpp"
#include "exif.hpp"

namespace dbr::image {
namespace {

constexpr std::uint32_t k_max_chunk = 0x7FFFFFFF;
/// What profiles and texts of one picture may unpack to, bytes. Profiles of printers have 2 MB, histories of editors
/// a few.
constexpr std::int64_t k_max_unpacked = 16 << 20;

struct Header {
  int depth = 0;
  int colour_type = 0;
  bool is_interlaced = false;
};

Header read_header(std::string_view chunk, Outline& out) {
  ByteReader in(chunk);
  out.width = in.be32();
  out.height = in.be32();
  Header header{.depth = in.u8(), .colour_type = in.u8()};
  in.skip(2);
  header.is_interlaced = in.u8() != 0;
  if (header.is_interlaced) {
    const int channels = header.colour_type == 0 ? 1 : header.colour_type == 4 ? 2 : header.colour_type == 2 ? 3 : 4;
    // The extents are below 2^32, as long as they are no wider than the header allows: guard the product anyway.
    constexpr std::int64_t k_most = std::numeric_limits<std::int64_t>::max();
    const bool is_sane = out.width <= k_max_chunk && out.height <= k_max_chunk;
    const std::int64_t pixels = is_sane ? out.width * out.height : k_most;
    out.held_bytes = pixels > k_most / 8 ? k_most : pixels * channels * (header.depth == 16 ? 2 : 1);
  }
  return header;
}

/// Bytes that a zlib stream unpacks to, counted up to `most`.
std::int64_t unpacked_size(std::string_view packed, std::int64_t most) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return 0;
  // zlib does not write to it; its C signature only lacks the const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::array<Bytef, 32'768> scratch;
  std::int64_t size = 0;
  int result = Z_OK;
  while (result == Z_OK && size <= most) {
    stream.next_out = scratch.data();
    stream.avail_out = static_cast<uInt>(scratch.size());
    result = inflate(&stream, Z_NO_FLUSH);
    size += static_cast<std::int64_t>(scratch.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  return size;
}

/// The zlib stream of an iCCP, zTXt or packed iTXt chunk; empty when there is none.
std::string_view packed_part(std::string_view type, std::string_view chunk) {
  ByteReader in(chunk);
  in.seek_byte(0);  // the end of the name or keyword
  in.skip(1);
  if (type == "iTXt") {
    if (in.u8() == 0) return {};  // not packed
    in.skip(1);                   // the method
    for (int names = 0; names < 2; ++names) {
      in.seek_byte(0);
      in.skip(1);
    }
  } else {
    in.skip(1);  // the method
  }
  return in.take(in.left());
}

}  // namespace

Outline outline_png(std::string_view bytes) {
  Outline out;
  Header header;
  bool header_seen = false;
  bool data_seen = false;
  std::int64_t unpacked = 0;
  ByteReader in(bytes);
  in.skip(8);
  while (true) {
    const std::uint32_t length = in.be32();
    const std::string_view type = in.take(4);
    if (!in.ran_out() && length > k_max_chunk) {
      break;  // not a chunk: the decoder will say what is wrong
    }
    const std::string_view chunk = in.take(length);
    in.skip(4);
    if (type == "IHDR" && !std::exchange(header_seen, true)) {
      header = read_header(chunk, out);
    } else if (type == "IDAT") {
      data_seen = true;
    } else if (type == "acTL" && !data_seen) {
      out.animated = ByteReader(chunk).be32() > 1;
    } else if (type == "eXIf") {
      out.orientation = exif_orientation(chunk);
    } else if (type == "iCCP" || type == "zTXt" || type == "iTXt") {
      out.has_profile = out.has_profile || type == "iCCP";
      if (unpacked <= k_max_unpacked) unpacked += unpacked_size(packed_part(type, chunk), k_max_unpacked);
    }
    if (in.ran_out()) {
      out.truncated = true;
      // A decoder that is given it all the same makes room for the whole chunk, which may claim two gigabytes.
      if (type != "IDAT") out.held_bytes = std::max<std::int64_t>(out.held_bytes, length);
      break;
    }
    if (type == "IEND") {
      break;
    }
  }
  out.has_bomb = unpacked > k_max_unpacked;
  out.is_plain = header.depth >= 1 && header.depth <= 8 && !header.is_interlaced && !out.truncated;
  return out;
}

bool has_bad_checksum(std::string_view png) {
  ByteReader in(png);
  in.skip(8);
  while (in.left() > 0) {
    const std::uint32_t length = in.be32();
    const std::string_view type_and_chunk = in.take(std::uint64_t{4} + length);
    const std::uint32_t checksum = in.be32();
    if (in.ran_out()) return false;
    const auto* data = reinterpret_cast<const Bytef*>(type_and_chunk.data());
    if (crc32_z(0, data, type_and_chunk.size()) != checksum) return true;
  }
  return false;
}

}  // namespace dbr::image
