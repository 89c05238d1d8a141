// SPDX-License-Identifier: MIT
#include "dbr/base/digest.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace dbr {
namespace {

const EVP_MD* algorithm(DigestKind kind) {
  switch (kind) {
    case DigestKind::md5:
      return EVP_md5();
    case DigestKind::sha1:
      return EVP_sha1();
    case DigestKind::sha256:
      return EVP_sha256();
  }
  throw std::logic_error("unknown digest");
}

void require(int openssl_result) {
  if (openssl_result != 1) throw std::runtime_error("OpenSSL refuses to compute a digest");
}

}  // namespace

struct Digest::State {
  explicit State(DigestKind digest_kind) : kind(digest_kind), context(EVP_MD_CTX_new()) { start(); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_MD_CTX_free(context); }
  void start() const { require(EVP_DigestInit_ex(context, algorithm(kind), nullptr)); }

  DigestKind kind;
  EVP_MD_CTX* context;
};

std::size_t digest_size(DigestKind kind) {
  return static_cast<std::size_t>(EVP_MD_get_size(algorithm(kind)));
}

Digest::Digest(DigestKind kind) : m_state(std::make_unique<State>(kind)) {}
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;
Digest::~Digest() = default;

void Digest::update(std::span<const std::byte> bytes) {
  require(EVP_DigestUpdate(m_state->context, bytes.data(), bytes.size()));
}

void Digest::update(std::string_view bytes) {
  update(std::as_bytes(std::span(bytes)));
}

Digest Digest::copy() const {
  Digest other(m_state->kind);
  require(EVP_MD_CTX_copy_ex(other.m_state->context, m_state->context));
  return other;
}

std::string Digest::finish() {
  std::string raw(digest_size(m_state->kind), '\0');
  require(EVP_DigestFinal_ex(m_state->context, reinterpret_cast<unsigned char*>(raw.data()), nullptr));
  m_state->start();
  return raw;
}

std::string Digest::finish_hex() {
  return to_hex(finish());
}

std::string digest_hex(DigestKind kind, std::string_view bytes) {
  Digest digest(kind);
  digest.update(bytes);
  return digest.finish_hex();
}

std::string to_hex(std::string_view bytes) {
  static constexpr std::string_view k_digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += k_digits[byte >> 4];
    text += k_digits[byte & 15];
  }
  return text;
}

std::string from_hex(std::string_view text) {
  if (!is_hex(text, text.size() / 2)) return {};
  std::string bytes;
  bytes.reserve(text.size() / 2);
  const auto value_of = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i < text.size(); i += 2) {
    bytes += static_cast<char>(value_of(text[i]) * 16 + value_of(text[i + 1]));
  }
  return bytes;
}

bool is_hex(std::string_view text, std::size_t bytes) {
  return text.size() == bytes * 2 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace dbr
