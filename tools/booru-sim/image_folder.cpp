// SPDX-License-Identifier: MIT
#include "image_folder.hpp"

#include <vips/vips.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "dbr/base/digest.hpp"
#include "dbr/base/file.hpp"

namespace dbr::sim {

namespace {

const std::map<std::string, PictureKind> k_kinds = {
    {"jpg", PictureKind::baseline_jpeg}, {"jpeg", PictureKind::baseline_jpeg}, {"png", PictureKind::rgb_png},
    {"gif", PictureKind::still_gif},     {"avif", PictureKind::avif},          {"webp", PictureKind::still_webp}};

/// What vips reads in the header; a file it cannot read has no sides.
void read_sides(Asset& asset) {
  VipsImage* image = vips_image_new_from_file(asset.path.c_str(), nullptr);
  if (image == nullptr) {
    vips_error_clear();
    return;
  }
  asset.width = vips_image_get_width(image);
  asset.height = vips_image_get_height(image);
  g_object_unref(image);
}

}  // namespace

std::vector<Asset> find_images(const std::filesystem::path& folder) {
  std::vector<Asset> assets;
  if (folder.empty()) return assets;
  if (vips_init("booru-sim") != 0) throw std::runtime_error("cannot start libvips");
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::set<std::string> seen;
  for (const auto& path : paths) {
    const std::string extension = lower_case(path.extension().string());
    const auto kind = extension.empty() ? k_kinds.end() : k_kinds.find(extension.substr(1));
    if (kind == k_kinds.end()) continue;
    const auto bytes = read_file(path);
    if (!bytes) throw std::runtime_error(bytes.error().message);
    Asset asset{.kind = kind->second, .path = path.string(), .md5 = digest_hex(DigestKind::md5, *bytes)};
    if (!seen.insert(asset.md5).second) continue;
    asset.served_md5 = asset.md5;
    asset.ext = kind->first == "jpeg" ? "jpg" : kind->first;
    asset.size = static_cast<ByteCount>(bytes->size());
    read_sides(asset);
    assets.push_back(std::move(asset));
  }
  if (assets.empty()) throw std::runtime_error("no pictures in " + folder.string());
  return assets;
}

}  // namespace dbr::sim
