// SPDX-License-Identifier: MIT
// One post's original: fetched, checked, and what is true of it found out. Writes part files only; the stage gives them
// their names.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "dbr/dataset/files.hpp"
#include "dbr/dataset/layout.hpp"
#include "dbr/dataset/wanted_originals.hpp"
#include "dbr/metadata/post.hpp"
#include "dbr/pipeline/runner.hpp"
#include "dbr/site/booru.hpp"
#include "disk_room.hpp"
#include "original_optimizer.hpp"
#include "traffic_budget.hpp"

namespace dbr::stages {

struct FetchOutcome : pipeline::OutcomeFacts {
  dataset::OriginalOutcome row;
  std::filesystem::path part;                // the checked bytes, if any
  std::optional<metadata::Post> newer_post;  // the site told us something new on the way
  bool is_gone = false;                      // the site knows no such post any more
  std::string held_ext;                      // of bytes an earlier fetch left
};

/// The row has bytes that are kept: in the store, or in quarantine.
bool keeps_bytes(dataset::OriginalState state);

/// Thread-safe; what it borrows outlives it.
class OriginalFetcher {
 public:
  struct Limits {
    std::optional<ByteCount> max_file_size;
    std::optional<ByteCount> max_transfer;
    std::optional<ByteCount> reserve;
  };
  /// With `optimizes`, JPEGs that are what the site says are stored in fewer bytes.
  static Result<OriginalFetcher> create(site::Booru& booru, const dataset::Layout& layout, StopToken stop,
                                        const Limits& limits, bool optimizes);

  /// Tries until the outcome is settled, or gives up; with an Error in it the post stays wanted. Before the last look
  /// at it, a file that is not found (404) is such an Error: kind not_found.
  FetchOutcome fetch(const dataset::WantedOriginal& wanted, bool is_last_look);

  /// Whether the site still serves a file that is stored: that it has one of this size, or `whole`, its very bytes.
  bool still_serves(const dataset::WantedOriginal& stored, bool whole);

  const DiskRoom& room() const { return m_room; }
  /// --max-transfer is used up.
  bool is_spent() const { return m_budget->is_spent(); }

 private:
  class Attempt;
  OriginalFetcher(site::Booru& booru, const dataset::Layout& layout, StopToken stop, const Limits& limits,
                  DiskRoom room, bool optimizes);

  /// Another post for which the same wrong bytes came in this run.
  std::optional<PostId> note_wrong(const std::string& md5, PostId id);

  site::Booru& m_booru;
  const dataset::Layout& m_layout;
  StopToken m_stop;
  std::optional<ByteCount> m_max_file_size;
  DiskRoom m_room;
  std::unique_ptr<TrafficBudget> m_budget;
  std::unique_ptr<OriginalOptimizer> m_optimizer;  ///< null when files are stored as they come
  /// By their md5, the first post they came for instead of its own: few, or the source is broken.
  struct WrongBytes {
    std::mutex mutex;
    std::unordered_map<std::string, PostId> posts;
  };
  std::unique_ptr<WrongBytes> m_wrong;
};

}  // namespace dbr::stages
