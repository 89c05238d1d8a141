// SPDX-License-Identifier: MIT
// Any bytes are a torrent or an error.
#include "dbr/torrent/metainfo.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  (void)dbr::torrent::parse_metainfo({reinterpret_cast<const char*>(data), size});
  return 0;
}
