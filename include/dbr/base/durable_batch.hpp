// SPDX-License-Identifier: MIT
// A group of finished part files that become visible under their final names together and survive a power cut:
// sync every part, rename all, sync the directories touched. Until commit() nothing is visible; parts of a batch
// that is dropped stay behind and are swept at the next open of the dataset.
#pragma once

#include <filesystem>
#include <vector>

#include "dbr/base/result.hpp"

namespace dbr {

class DurableBatch {
 public:
  /// `part` is complete and closed; `final_path` may exist and is then replaced. Same file system.
  void add(std::filesystem::path part, std::filesystem::path final_path);
  bool is_empty() const { return m_files.empty(); }

  /// Makes the directories needed. On an Error some files may already carry their final names, each of them whole.
  Result<void> commit();

 private:
  struct File {
    std::filesystem::path part;
    std::filesystem::path final_path;
  };
  std::vector<File> m_files;
};

}  // namespace dbr
