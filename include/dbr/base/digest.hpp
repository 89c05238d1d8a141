// SPDX-License-Identifier: MIT
// Incremental MD5, SHA-1 and SHA-256 over OpenSSL EVP, which uses the CPU's SHA instructions.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace dbr {

enum class DigestKind { md5, sha1, sha256 };

/// Bytes in the digest: 16, 20, 32.
std::size_t digest_size(DigestKind kind);

/// One running digest. Move-only; used by one thread at a time. Failure inside OpenSSL is a bug: it throws.
class Digest {
 public:
  explicit Digest(DigestKind kind);
  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;
  ~Digest();

  void update(std::span<const std::byte> bytes);
  void update(std::string_view bytes);

  /// As it stands: to see the digest of what came so far, and go on.
  Digest copy() const;

  /// The raw digest; the object starts again from nothing afterwards.
  std::string finish();
  /// The same in lower-case hex.
  std::string finish_hex();

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

std::string digest_hex(DigestKind kind, std::string_view bytes);

std::string to_hex(std::string_view bytes);
/// The bytes of an even number of lower-case hex digits; empty for any other text.
std::string from_hex(std::string_view text);
/// True for exactly `bytes * 2` lower-case hex digits.
bool is_hex(std::string_view text, std::size_t bytes);

}  // namespace dbr
