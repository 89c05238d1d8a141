// SPDX-License-Identifier: MIT
#include "http/environment.hpp"

#include <gtest/gtest.h>

namespace dbr::http {
namespace {

TEST(ProxyTest, IsReadAsCurlDoes) {
  const struct {
    const char* text;
    const char* host;
    const char* port;
  } k_table[] = {{"http://127.0.0.1:3128", "127.0.0.1", "3128"},
                 {"127.0.0.1:3128/", "127.0.0.1", "3128"},
                 {"http://proxy.example", "proxy.example", "1080"},
                 {"http://proxy.example:80", "proxy.example", "80"},
                 {"https://proxy.example", "proxy.example", "443"},
                 {"socks5h://login:key@proxy.example:9050", "proxy.example", "9050"},
                 {"http://[::1]:3128", "::1", "3128"},
                 {"", "", ""},
                 {"http://", "", ""}};
  for (const auto& [text, host, port] : k_table) {
    const ProxyPlace place = parse_proxy(text);
    EXPECT_EQ(place.host, host) << text;
    EXPECT_EQ(place.port, port) << text;
  }
}

}  // namespace
}  // namespace dbr::http
