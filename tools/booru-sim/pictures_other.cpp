// SPDX-License-Identifier: MIT
// What is no still picture: stubs of videos, Flash and ugoira with the right beginnings, and noise.
#include <zlib.h>

#include "pictures_bytes.hpp"
#include "pictures_encode.hpp"
#include "pictures_kinds.hpp"

namespace dbr::sim {
namespace {

constexpr Size k_video{1280, 720};

std::string movie_header() {
  std::string out(12, '\0');
  put_be<4>(out, 1000);  // units a second
  put_be<4>(out, 3000);  // length
  put_be<4>(out, 0x00010000);
  out.append(80, '\0');
  return box("mvhd", out);
}

std::string track_header(Size size) {
  std::string out(76, '\0');
  put_be<4>(out, std::uint64_t(size.width) << 16);
  put_be<4>(out, std::uint64_t(size.height) << 16);
  return box("trak", box("tkhd", out));
}

/// An EBML element with a length of eight bytes.
std::string element(std::string_view id, std::string_view data) {
  std::string out(id);
  put_be<8>(out, 0x0100000000000000 | data.size());
  out += data;
  return out;
}

struct ZipEntry {
  std::string name;
  std::string data;
};

/// Both headers of an entry share these fields.
std::string zip_fields(const ZipEntry& entry) {
  std::string out;
  put_le<2>(out, 20);          // version that reads it
  put_le<2>(out, 0);           // flags
  put_le<2>(out, 0);           // stored
  put_le<4>(out, 0x4A210000);  // 2017-01-01 00:00
  put_le<4>(out, crc32(0, reinterpret_cast<const Bytef*>(entry.data.data()), static_cast<uInt>(entry.data.size())));
  put_le<4>(out, entry.data.size());
  put_le<4>(out, entry.data.size());
  put_le<2>(out, entry.name.size());
  put_le<2>(out, 0);  // extra
  return out;
}

std::string stored_zip(const std::vector<ZipEntry>& entries) {
  std::string out;
  std::string directory;
  for (const ZipEntry& entry : entries) {
    const std::size_t offset = out.size();
    const std::string fields = zip_fields(entry);
    out += "PK\x03\x04" + fields + entry.name + entry.data;
    directory += "PK\x01\x02";
    put_le<2>(directory, 20);
    directory += fields;
    put_le<2>(directory, 0);  // comment
    put_le<2>(directory, 0);  // disk
    put_le<2>(directory, 0);
    put_le<4>(directory, 0);
    put_le<4>(directory, offset);
    directory += entry.name;
  }
  const std::size_t directory_offset = out.size();
  out += directory + "PK\x05\x06";
  put_le<4>(out, 0);
  put_le<2>(out, entries.size());
  put_le<2>(out, entries.size());
  put_le<4>(out, directory.size());
  put_le<4>(out, directory_offset);
  put_le<2>(out, 0);
  return out;
}

}  // namespace

Picture make_mp4(Seeded& dice) {
  const std::string brands("isom\0\0\x02\0isomiso2avc1mp41", 24);
  const std::string bytes = box("ftyp", brands) + box("moov", movie_header() + track_header(k_video)) +
                            box("mdat", noise(dice, dice.between(4'000, 40'000)));
  return {bytes, k_video.width, k_video.height};
}

Picture make_webm(Seeded& dice) {
  const std::string head = element("\x1A\x45\xDF\xA3", element("\x42\x82", "webm") + element("\x42\x87", "\x02"));
  const std::string frames = element("\x1F\x43\xB6\x75", noise(dice, dice.between(4'000, 40'000)));
  return {head + element("\x18\x53\x80\x67", frames), k_video.width, k_video.height};
}

Picture make_flash(Seeded& dice) {
  constexpr int k_version = 10;
  const bool compressed = dice.between(0, 1) == 1;
  // A rectangle of 550 x 400 in twentieths (15 bits a side), 12 frames a second, one frame, an unknown long tag, end.
  std::string body("\x78\x00\x05\x5F\x00\x00\x0F\xA0\x00", 9);
  put_le<2>(body, 12 << 8);
  put_le<2>(body, 1);
  const std::string data = noise(dice, dice.between(2'000, 20'000));
  put_le<2>(body, 777 << 6 | 0x3F);
  put_le<4>(body, data.size());
  body += data;
  put_le<2>(body, 0);
  std::string out = compressed ? "CWS" : "FWS";
  put_le<1>(out, k_version);
  put_le<4>(out, body.size() + 8);
  out += compressed ? deflate(body) : body;
  return {out, 550, 400};
}

Picture make_ugoira(Seeded& dice) {
  const Size drawn = draw_size(dice);
  const Size size{drawn.width / 2, drawn.height / 2};
  std::vector<ZipEntry> entries;
  for (int i = 0; i < 3; ++i) {
    entries.push_back({"00000" + std::to_string(i) + ".jpg", encode_jpeg(draw_scene(size, dice), {})});
  }
  return {stored_zip(entries), size.width, size.height};
}

Picture make_garbage(Seeded& dice) {
  const Size stated = draw_size(dice);
  // A beginning that no format has: noise alone might have one.
  const std::string beginning("\0\1\2\3\4\5\6\7", 8);
  return {beginning + noise(dice, dice.between(2'000, 30'000)), stated.width, stated.height};
}

}  // namespace dbr::sim
