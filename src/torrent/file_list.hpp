// SPDX-License-Identifier: MIT
// The list of files in a v1 info dictionary, from anybody.
#pragma once

#include <string_view>
#include <vector>

#include "dbr/torrent/bencode.hpp"
#include "dbr/torrent/metainfo.hpp"

namespace dbr::torrent {

/// What is wrong with a .torrent: kind corrupt.
tl::unexpected<Error> unusable(std::string_view cause);

/// Reads the value of "files". Pad files and symbolic links, unsafe paths and files that lack their length are refused;
/// what only the whole list can tell is find_fault()'s.
Result<void> read_file_list(BencodeReader& in, std::vector<File>& files);

}  // namespace dbr::torrent
