// SPDX-License-Identifier: MIT
#include "picture_files.hpp"

#include <stdexcept>

#include "dbr/base/file.hpp"

namespace dbr::sim {

std::string bytes_of(const Asset& asset) {
  if (asset.path.empty()) return make_picture(asset.kind, asset.picture_seed).bytes;
  auto bytes = read_file(asset.path);
  if (!bytes) throw std::runtime_error(bytes.error().message);
  return std::move(*bytes);
}

std::string_view content_type(std::string_view extension) {
  if (extension == "jpg") return "image/jpeg";
  if (extension == "png") return "image/png";
  if (extension == "gif") return "image/gif";
  if (extension == "webp") return "image/webp";
  if (extension == "avif") return "image/avif";
  if (extension == "mp4") return "video/mp4";
  if (extension == "webm") return "video/webm";
  if (extension == "swf") return "application/x-shockwave-flash";
  if (extension == "zip") return "application/zip";
  return "application/octet-stream";
}

}  // namespace dbr::sim
