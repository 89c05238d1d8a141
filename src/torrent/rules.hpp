// SPDX-License-Identifier: MIT
// What holds for every torrent, whether written or read: names that are safe below any folder, lengths that add up.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/torrent/metainfo.hpp"

namespace dbr::torrent {

constexpr ByteCount k_min_piece_length = ByteCount{16} << 10;  // BEP 52 and the block size of every client

/// 32 times what libtorrent takes: sums over hundreds of torrents still fit into 64 bits, and readers of JSON that have
/// doubles only get the number exactly.
constexpr ByteCount k_largest_total = ByteCount{1} << 53;

/// True for one name that stays inside its folder and can be printed: not empty, ".", "..", no '/', no control
/// characters, UTF-8 (BEP 3).
bool is_safe_component(std::string_view name);

/// True for components as above with one '/' between them.
bool is_safe_path(std::string_view path);

/// The components between '/'; "a//b" has an empty one, which is_safe_component() refuses.
std::vector<std::string_view> split_path(std::string_view path);

/// What is wrong with the list, in words, or nothing: unsafe paths, one path twice, negative sizes, too large a sum,
/// no file at all.
std::optional<std::string> find_fault(std::span<const File> files);

}  // namespace dbr::torrent
