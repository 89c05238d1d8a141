// SPDX-License-Identifier: MIT
// Streams a download into a part file, hashing while the bytes arrive; a try goes on where the last one broke off.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "dbr/base/digest.hpp"
#include "dbr/base/file.hpp"
#include "dbr/http/client.hpp"

namespace dbr::stages {

/// One file. For the thread that fetches it.
class FileSink final : public http::Sink {
 public:
  /// What the next body should be.
  struct Expected {
    std::string md5;        ///< as the site says
    std::string file_ext;   ///< as the site says
    ByteCount longest = 0;  ///< a longer body is cut
  };

  /// `on_bytes` is told of every byte that arrives, in whatever try, before it is written; its Error ends the try.
  FileSink(std::filesystem::path part, std::function<Result<void>(ByteCount)> on_bytes)
      : m_part(std::move(part)), m_on_bytes(std::move(on_bytes)) {}

  void expect(Expected expected) { m_expected = std::move(expected); }
  /// Makes `request` the next try's: for the rest of the file where the server can tell that it is the same one.
  http::Sink& prepare(http::Request& request);
  /// Forgets what came.
  void restart();

  Result<void> begin(const http::Head& head) override;
  Result<void> data(std::string_view bytes) override;
  bool is_satisfied() const override;

  /// The last body was cut for its length.
  bool is_too_long() const { return m_is_too_long; }
  /// What is there came in more than one answer.
  bool is_pieced() const { return m_is_pieced; }

  /// After a complete transfer: closes the file, makes it read-only, and gives its facts.
  struct Facts {
    ByteCount size = 0;
    std::string md5;
    std::string sha256;
    std::string head;  ///< the first bytes, as many as sniffing takes
  };
  Result<Facts> finish();

 private:
  Result<void> go_on(const http::Head& head);
  Result<void> too_long();
  Result<void> check_looks();

  std::filesystem::path m_part;
  std::function<Result<void>(ByteCount)> m_on_bytes;
  Expected m_expected;
  Fd m_fd;
  ByteCount m_size = 0;
  Digest m_md5{DigestKind::md5};
  Digest m_sha256{DigestKind::sha256};
  std::string m_head;
  std::string m_validator;  ///< for If-Range; empty when the server gave none
  int m_fruitless_tries = 0;
  int m_strange_bodies = 0;
  bool m_is_pieced = false;
  bool m_is_too_long = false;
};

}  // namespace dbr::stages
