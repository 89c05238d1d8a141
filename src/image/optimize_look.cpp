// SPDX-License-Identifier: MIT
#include "optimize_look.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "byte_reader.hpp"

namespace dbr::image {
namespace {

// Symbols of an AC table that was made for no picture in particular: 16 runs by 10 sizes, end of block, and a run of
// sixteen zeros. One made for a picture lacks those that do not occur in it, and there are always some.
constexpr int k_all_symbols = 162;

struct Component {
  int id = 0;
  std::int64_t h = 1, v = 1;
};

struct Scan {
  std::vector<int> components;  // indices
  int first = 0, last = 63, high = 0, low = 0;
  bool operator==(const Scan&) const = default;
};

// jpeg_simple_progression() of libjpeg, which every encoder over it uses. The order of YCbCr is its own.
std::vector<Scan> usual_progression(int components) {
  std::vector<int> all(static_cast<std::size_t>(components));
  std::iota(all.begin(), all.end(), 0);
  std::vector<Scan> scans;
  const auto each = [&](int first, int last, int high, int low) {
    for (const int i : all) scans.push_back({{i}, first, last, high, low});
  };
  scans.push_back({all, 0, 0, 0, 1});
  if (components == 3) {
    scans.insert(scans.end(), {{{0}, 1, 5, 0, 2},
                               {{2}, 1, 63, 0, 1},
                               {{1}, 1, 63, 0, 1},
                               {{0}, 6, 63, 0, 2},
                               {{0}, 1, 63, 2, 1},
                               {all, 0, 0, 1, 0},
                               {{2}, 1, 63, 1, 0},
                               {{1}, 1, 63, 1, 0},
                               {{0}, 1, 63, 1, 0}});
    return scans;
  }
  each(1, 5, 0, 2);
  each(6, 63, 0, 2);
  each(1, 63, 2, 1);
  scans.push_back({all, 0, 0, 1, 0});
  each(1, 63, 1, 0);
  return scans;
}

class Looker {
 public:
  explicit Looker(std::string_view bytes) : m_in(bytes) {}

  CodingLook run() {
    m_in.skip(2);
    while (!m_in.ran_out()) {
      m_in.seek_byte(0xFF);
      while (m_in.peek() == 0xFF) m_in.skip(1);
      const int marker = m_in.u8();
      if (m_in.ran_out()) break;
      if (marker == 0xD9) {
        m_look.has_end = true;
        m_look.trailing_bytes = m_in.left();
        break;
      }
      if (marker <= 0x01 || (marker >= 0xD0 && marker <= 0xD8)) continue;
      const int length = m_in.be16();
      take_segment(marker, m_in.take(length < 2 ? 0 : static_cast<std::uint64_t>(length - 2)));
    }
    m_look.may_gain = m_look.is_supported && may_gain();
    return m_look;
  }

 private:
  void take_segment(int marker, std::string_view segment) {
    switch (marker) {
      case 0xC0:
      case 0xC1:
      case 0xC2:
        if (!m_look.has_frame) take_frame(marker == 0xC2, ByteReader(segment));
        break;
      case 0xC4:
        take_tables(ByteReader(segment));
        break;
      case 0xDA:
        take_scan(ByteReader(segment));
        break;
      case 0xDD:
        m_has_restarts = m_has_restarts || ByteReader(segment).be16() != 0;
        break;
      default:
        break;
    }
  }

  void take_frame(bool is_progressive, ByteReader in) {
    m_look.has_frame = true;
    m_is_progressive = is_progressive;
    m_look.is_supported = in.u8() == 8;
    const std::int64_t height = in.be16();
    const std::int64_t width = in.be16();
    m_components.resize(in.u8());
    for (Component& component : m_components) {
      component.id = in.u8();
      const int factors = in.u8();
      component.h = std::max(1, factors >> 4);
      component.v = std::max(1, factors & 15);
      in.skip(1);
    }
    std::int64_t max_h = 1;
    std::int64_t max_v = 1;
    for (const Component& component : m_components) {
      max_h = std::max(max_h, component.h);
      max_v = std::max(max_v, component.v);
    }
    const std::int64_t across = (width + max_h * 8 - 1) / (max_h * 8);
    const std::int64_t down = (height + max_v * 8 - 1) / (max_v * 8);
    constexpr std::int64_t k_block_bytes = 128;
    for (const Component& component : m_components) {
      m_look.coefficient_bytes += across * component.h * down * component.v * k_block_bytes;
    }
  }

  void take_tables(ByteReader in) {
    while (in.left() > 0) {
      const int number = in.u8();
      int symbols = 0;
      for (int length = 1; length <= 16; ++length) symbols += in.u8();
      in.skip(static_cast<std::uint64_t>(symbols));
      if (number >= 0x10 && symbols >= k_all_symbols) m_has_general_table = true;
    }
  }

  void take_scan(ByteReader in) {
    ++m_look.scans;
    skip_data();
    // Enough to tell; and a file of nothing but scans takes no memory.
    constexpr int k_most_kept = 64;
    if (m_look.scans > k_most_kept) return;
    Scan scan;
    scan.components.resize(std::min<std::size_t>(in.u8(), 4));
    std::vector<int> tables;
    for (int& index : scan.components) {
      const int id = in.u8();
      const auto found = std::ranges::find(m_components, id, &Component::id);
      index = static_cast<int>(found - m_components.begin());
      tables.push_back(in.u8() & 15);
    }
    scan.first = in.u8();
    scan.last = in.u8();
    const int approximation = in.u8();
    scan.high = approximation >> 4;
    scan.low = approximation & 15;
    // One table for luma and chroma is a compromise, whoever made it.
    if (std::ranges::find(scan.components, 0) == scan.components.begin() && tables.size() == 3 &&
        tables[0] == tables[1]) {
      m_shares_table = true;
    }
    m_scans.push_back(std::move(scan));
  }

  // Of a scan, to the marker that ends it.
  void skip_data() {
    while (true) {
      m_in.seek_byte(0xFF);
      if (m_in.left() < 2) {
        m_in.skip(2);
        return;
      }
      ByteReader ahead = m_in;
      ahead.skip(1);
      const int next = ahead.peek();
      if (next != 0x00 && next != 0xFF && (next < 0xD0 || next > 0xD7)) return;
      m_in.skip(next == 0xFF ? 1 : 2);
    }
  }

  bool may_gain() const {
    if (m_has_restarts) return true;
    if (m_is_progressive) return m_scans != usual_progression(static_cast<int>(m_components.size()));
    return m_has_general_table || m_shares_table;
  }

  ByteReader m_in;
  CodingLook m_look;
  bool m_is_progressive = false;
  bool m_has_restarts = false;
  bool m_has_general_table = false;
  bool m_shares_table = false;
  std::vector<Component> m_components;
  std::vector<Scan> m_scans;
};

}  // namespace

CodingLook look_at_coding(std::string_view bytes) {
  return Looker(bytes).run();
}

}  // namespace dbr::image
