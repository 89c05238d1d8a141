// SPDX-License-Identifier: MIT
// libarchive over a ByteSource: tar and zip, and the rarer compressions, of these or of one text.
#pragma once

#include <archive.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dump_source.hpp"

namespace dbr::site {

/// Members one after the other. What is no regular file is passed over. Errors of kind corrupt are causes only.
class Archive {
 public:
  explicit Archive(std::unique_ptr<ByteSource> source);
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  /// Goes to the next member and returns its name, for people: empty for the one text of a compressed file. Nullopt at
  /// the end.
  Result<std::optional<std::string>> next_member(const StopToken& stop);
  /// Of the current member; none at its end.
  Result<std::size_t> read(std::span<char> into, const StopToken& stop);

 private:
  struct Free {
    void operator()(archive* handle) const { archive_read_free(handle); }
  };
  static la_ssize_t on_read(archive* handle, void* self, const void** bytes);
  la_ssize_t take_block(const void** bytes);
  Result<void> open();
  Result<void> drain();
  Error failure();

  std::unique_ptr<ByteSource> m_source;
  std::vector<char> m_block;
  ByteCount m_taken = 0;
  ByteCount m_zeros = 0;  ///< how many the bytes taken end with
  std::optional<Error> m_source_error;
  std::string_view m_data;  ///< of the member, in libarchive's memory, not given yet
  bool m_is_open = false;
  const StopToken* m_stop = nullptr;  ///< of the call under way
  std::unique_ptr<archive, Free> m_handle;
};

}  // namespace dbr::site
