// SPDX-License-Identifier: MIT
// Streams a download into a part file, hashing while the bytes arrive.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "dbr/base/digest.hpp"
#include "dbr/base/file.hpp"
#include "dbr/http/client.hpp"

namespace dbr::stages {

/// One try's bytes. restart() before each try. Used by the HTTP loop's thread during the transfer, by its owner after.
class FileSink final : public http::Sink {
 public:
  explicit FileSink(std::filesystem::path part) : m_part(std::move(part)) {}

  void restart();
  Result<void> begin(const http::Head& head) override;
  Result<void> data(std::string_view bytes) override;
  /// After a complete transfer: closes the file, makes it read-only, and gives its facts.
  struct Facts {
    ByteCount size = 0;
    std::string md5;
    std::string sha256;
    std::string head;  ///< the first bytes, as many as sniffing takes
  };
  Result<Facts> finish();

 private:
  std::filesystem::path m_part;
  Fd m_fd;
  ByteCount m_size = 0;
  Digest m_md5{DigestKind::md5};
  Digest m_sha256{DigestKind::sha256};
  std::string m_head;
};

}  // namespace dbr::stages
