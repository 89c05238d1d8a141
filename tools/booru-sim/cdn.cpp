// SPDX-License-Identifier: MIT
#include "cdn.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <mutex>

#include "picture_files.hpp"
#include "ranges.hpp"

namespace dbr::sim {

namespace {

constexpr auto k_types =
    std::to_array<std::string_view>({"original", "sample", "180x180", "360x360", "720x720", "full"});
/// Where files were in other years; all of them redirect.
constexpr auto k_old_types = std::to_array<std::string_view>({"data", "cached", "preview"});

std::string http_date(Moment moment) {
  const auto time = static_cast<std::time_t>(moment / k_second);
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 40> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

/// "__any_text__MD5.ext" and "sample-MD5.ext" are MD5.ext; `md5` is empty when it is neither.
struct FileName {
  std::string md5;
  std::string ext;
};

FileName parse_name(std::string_view name) {
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos || dot < 32) return {};
  const auto md5 = name.substr(dot - 32, 32);
  const auto prefix = name.substr(0, dot - 32);
  if (md5.find_first_not_of("0123456789abcdef") != std::string_view::npos) return {};
  const bool is_tagged = prefix.starts_with("__") && prefix.ends_with("__");
  if (!prefix.empty() && prefix != "sample-" && !is_tagged) return {};
  return {std::string(md5), std::string(name.substr(dot + 1))};
}

Reply absent() {
  return text_reply(404, "404 Not Found\n");
}

/// The asset at the path, copied so that its bytes are made without holding up the world.
std::optional<Asset> find_asset(const World& world, const FileName& name) {
  const std::shared_lock lock(world.mutex);
  const auto found = world.asset_by_md5.find(name.md5);
  if (found == world.asset_by_md5.end()) return std::nullopt;
  return world.assets[found->second];
}

Reply file_reply(const Call& call, const Asset& asset, const FileName& name) {
  const std::string last_modified = http_date(asset.created_at);
  const std::string etag = fmt::format("\"{:x}-{}\"", asset.created_at / k_second, asset.served_md5.substr(0, 8));
  Reply reply;
  reply.type = content_type(name.ext);
  reply.body = bytes_of(asset);
  apply_range(reply, call, etag, last_modified);
  if (reply.status == 416) return reply;
  if (call.header("If-None-Match") == etag) reply = Reply{.status = 304, .type = ""};
  reply.headers.emplace_back("Accept-Ranges", "bytes");
  reply.headers.emplace_back("ETag", etag);
  reply.headers.emplace_back("Last-Modified", last_modified);
  reply.headers.emplace_back("Access-Control-Allow-Origin", "*");
  reply.headers.emplace_back("X-Content-Type-Options", "nosniff");
  if (reply.status != 304) reply.headers.emplace_back("Cache-Control", "public, max-age=31536000");
  return reply;
}

}  // namespace

bool is_cdn_path(std::string_view path) {
  const auto end = path.find('/', 1);
  if (end == std::string_view::npos) return false;
  const auto first = path.substr(1, end - 1);
  return first == "trash" || std::find(k_types.begin(), k_types.end(), first) != k_types.end() ||
         std::find(k_old_types.begin(), k_old_types.end(), first) != k_old_types.end();
}

Reply answer_cdn(const World& world, const Call& call) {
  const auto parts = split(std::string_view(call.path).substr(1), '/');
  const std::string& type = parts.front();
  if (type == "trash") return html_reply(403, "403 Forbidden");
  const FileName name = parse_name(parts.back());
  if (name.md5.empty()) return absent();
  const std::string place = name.md5.substr(0, 2) + "/" + name.md5.substr(2, 2) + "/";
  if (std::find(k_old_types.begin(), k_old_types.end(), type) != k_old_types.end()) {
    return redirect_reply(
        fmt::format("/{}/{}{}.{}", type == "preview" ? "180x180" : "original", place, name.md5, name.ext));
  }
  if (type == "original" && name.ext == "jpeg")
    return redirect_reply(fmt::format("/original/{}{}.jpg", place, name.md5));
  if (parts.size() != 4 || parts[1] + "/" + parts[2] + "/" != place) return absent();
  const auto asset = find_asset(world, name);
  if (!asset || asset->is_absent || asset->is_expunged) return absent();
  if (type == "original" && name.ext != asset->ext) return absent();
  // Nothing is made of invented posts: their md5 fits no bytes.
  if (world.options.metadata_only && asset->path.empty()) return absent();
  return file_reply(call, *asset, name);
}

}  // namespace dbr::sim
