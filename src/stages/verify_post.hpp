// SPDX-License-Identifier: MIT
// verify, one post: are its files what the manifest says? Reads, changes nothing; any thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/async/stop.hpp"
#include "dbr/base/digest.hpp"
#include "dbr/base/ids.hpp"
#include "dbr/dataset/findings.hpp"
#include "dbr/dataset/held.hpp"
#include "dbr/dataset/layout.hpp"

namespace dbr::stages {

/// How closely verify looks. Each includes the ones before it.
enum class Depth { size, hash, decode, pieces };
/// By its name, which the command line has checked.
Depth parse_depth(std::string_view name);

struct CheckSettings {
  Depth depth = Depth::hash;
  DigestKind kind = DigestKind::sha256;
  bool has_tree = true;  ///< the shared tree is laid out
};

/// SHA-256 or MD5, whichever this CPU computes faster: either finds rot, and rows have both.
DigestKind faster_digest();

struct PostCheck {
  std::vector<dataset::Finding> findings;  ///< without the digests of what should be there
  ByteCount bytes = 0;                     ///< read
  bool is_cut = false;                     ///< `stop` was aborting: nothing is said
};
PostCheck check_post(const dataset::Layout& layout, const dataset::KnownPost& post, const CheckSettings& settings,
                     const StopToken& stop);

/// The digest in hex; empty when it cannot be read.
std::string file_digest(const std::filesystem::path& path, DigestKind kind);

}  // namespace dbr::stages
