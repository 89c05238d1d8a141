// SPDX-License-Identifier: MIT
// A scratch folder and small builders for the torrent tests.
#pragma once

#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "dbr/torrent/bencode.hpp"
#include "dbr/torrent/metainfo.hpp"

namespace dbr::torrent::test {

/// A directory of its own, removed at the end.
class Scratch {
 public:
  Scratch() {
    std::string name = std::filesystem::temp_directory_path() / "dbr-torrent-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    m_path = name;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
  }

  const std::filesystem::path& path() const { return m_path; }

  /// As long ago as makes no difference.
  void write(const std::string& name, std::string_view bytes) const {
    std::filesystem::create_directories((m_path / name).parent_path());
    std::ofstream(m_path / name, std::ios::binary) << bytes;
    std::filesystem::last_write_time(m_path / name,
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  }

 private:
  std::filesystem::path m_path;
};

/// Bytes that differ from place to place and from seed to seed.
inline std::string make_bytes(std::size_t size, unsigned seed) {
  std::string bytes(size, '\0');
  unsigned state = seed * 2654435761U + 1;
  for (char& byte : bytes) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<char>(state >> 24);
  }
  return bytes;
}

inline std::string read_back(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// What `body` writes.
inline std::string encode(const std::function<void(BencodeWriter&)>& body) {
  std::string text;
  BencodeWriter writer([&text](std::string_view bytes) { text += bytes; });
  body(writer);
  return text;
}

}  // namespace dbr::torrent::test
