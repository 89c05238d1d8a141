// SPDX-License-Identifier: MIT
// Which hosts may serve a site's files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dbr::site {

/// The site's own host, one under the same domain (cdn.donmai.us for danbooru.donmai.us), or one the user allowed.
/// Addresses and single-label names have no domain: only equality counts for them, but that loopback is one host.
bool is_file_host(std::string_view host, std::string_view site_host, const std::vector<std::string>& allowed);

/// One that the user named himself: the site's own, or an allowed one.
bool is_named_host(std::string_view host, std::string_view site_host, const std::vector<std::string>& allowed);

/// Whether a host has addresses, and none of them is public. Resolves names, which may take its time.
bool is_private_host(const std::string& host);

}  // namespace dbr::site
