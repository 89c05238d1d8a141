// SPDX-License-Identifier: MIT
#include "dbr/http/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace dbr::http {
namespace {

using V4 = std::array<std::uint8_t, 4>;
using V6 = std::array<std::uint8_t, 16>;

template <class Address>
struct Block {
  Address base;
  int bits;
};

template <class Address>
bool is_in(const Address& address, const Block<Address>& block) {
  int left = block.bits;
  for (std::size_t i = 0; left > 0; ++i, left -= 8) {
    const int shift = std::max(0, 8 - left);
    if ((address[i] >> shift) != (block.base[i] >> shift)) return false;
  }
  return true;
}

/// IANA's special-purpose registry, and multicast and what is above it.
constexpr Block<V4> k_special_v4[] = {{{0, 0, 0, 0}, 8},      {{10, 0, 0, 0}, 8},     {{100, 64, 0, 0}, 10},
                                      {{127, 0, 0, 0}, 8},    {{169, 254, 0, 0}, 16}, {{172, 16, 0, 0}, 12},
                                      {{192, 0, 0, 0}, 24},   {{192, 0, 2, 0}, 24},   {{192, 88, 99, 0}, 24},
                                      {{192, 168, 0, 0}, 16}, {{198, 18, 0, 0}, 15},  {{198, 51, 100, 0}, 24},
                                      {{203, 0, 113, 0}, 24}, {{224, 0, 0, 0}, 4},    {{240, 0, 0, 0}, 4}};

/// Within 2000::/3, outside of which nothing is public but what stands for an IPv4 address.
constexpr Block<V6> k_global_v6{{0x20}, 3};
constexpr Block<V6> k_special_v6[] = {{{0x20, 0x01, 0x00}, 23},        // protocol assignments, Teredo
                                      {{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
                                      {{0x3f, 0xff, 0x00}, 20}};       // documentation
constexpr Block<V6> k_mapped{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96};
constexpr Block<V6> k_nat64{{0x00, 0x64, 0xff, 0x9b}, 96};
constexpr Block<V6> k_6to4{{0x20, 0x02}, 16};

bool is_public(const V4& address) {
  return std::ranges::none_of(k_special_v4, [&](const auto& block) { return is_in(address, block); });
}

V4 embedded(const V6& address, std::size_t at) {
  return {address[at], address[at + 1], address[at + 2], address[at + 3]};
}

bool is_public(const V6& address) {
  if (is_in(address, k_mapped) || is_in(address, k_nat64)) return is_public(embedded(address, 12));
  if (is_in(address, k_6to4)) return is_public(embedded(address, 2));
  if (!is_in(address, k_global_v6)) return false;
  return std::ranges::none_of(k_special_v6, [&](const auto& block) { return is_in(address, block); });
}

template <class To, class From>
To copy_as(const From& from) {
  To to{};
  std::memcpy(&to, &from, sizeof to);
  return to;
}

V6 bytes_of(const in6_addr& address) {
  return copy_as<V6>(address);
}

V4 bytes_of(const in_addr& address) {
  return copy_as<V4>(address);
}

// Callers hand over the head of a structure that is as long as its family says.
const sockaddr_in& as_v4(const sockaddr& address) {
  return reinterpret_cast<const sockaddr_in&>(address);
}

const sockaddr_in6& as_v6(const sockaddr& address) {
  return reinterpret_cast<const sockaddr_in6&>(address);
}

}  // namespace

bool is_public_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) return is_public(bytes_of(as_v4(address).sin_addr));
  if (address.sa_family == AF_INET6) return is_public(bytes_of(as_v6(address).sin6_addr));
  return false;
}

std::string describe_address(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = nullptr;
  if (address.sa_family == AF_INET) bytes = &as_v4(address).sin_addr;
  if (address.sa_family == AF_INET6) bytes = &as_v6(address).sin6_addr;
  if (bytes == nullptr || inet_ntop(address.sa_family, bytes, text.data(), text.size()) == nullptr) return "?";
  return text.data();
}

bool is_same_endpoint(const sockaddr& a, const sockaddr& b) {
  if (a.sa_family != b.sa_family) return false;
  if (a.sa_family == AF_INET) {
    return as_v4(a).sin_port == as_v4(b).sin_port && bytes_of(as_v4(a).sin_addr) == bytes_of(as_v4(b).sin_addr);
  }
  return a.sa_family == AF_INET6 && as_v6(a).sin6_port == as_v6(b).sin6_port &&
         bytes_of(as_v6(a).sin6_addr) == bytes_of(as_v6(b).sin6_addr);
}

bool may_be_public(std::string_view host) {
  while (host.ends_with('.')) host.remove_suffix(1);
  if (host == "localhost" || host.ends_with(".localhost")) return false;
  const std::string text(host.substr(0, host.find('%')));  // a zone is no part of the address
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return is_public(bytes_of(v4));
  in6_addr v6{};
  if (inet_pton(AF_INET6, text.c_str(), &v6) == 1) return is_public(bytes_of(v6));
  return true;
}

}  // namespace dbr::http
