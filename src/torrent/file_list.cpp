// SPDX-License-Identifier: MIT
#include "file_list.hpp"

#include <fmt/format.h>

#include "rules.hpp"

namespace dbr::torrent {

namespace {

using Type = BencodeReader::Type;

Result<std::string> read_path(BencodeReader& in) {
  std::string path;
  DBR_CHECK(in.enter(Type::list));
  for (;;) {
    DBR_TRY(const bool has_more, in.has_item());
    if (!has_more) return path;
    DBR_TRY(const std::string_view part, in.string());
    // Judged here: joined, a component with a '/' could no longer be told from two.
    if (!is_safe_component(part)) {
      return unusable(
          fmt::format("the path before byte {} has a component that is empty, '.', '..', not UTF-8 or not a "
                      "file name",
                      in.position()));
    }
    if (!path.empty()) path += '/';
    path += part;
  }
}

Result<File> read_file_entry(BencodeReader& in) {
  File file;
  bool has_length = false;
  DBR_CHECK(in.enter(Type::dict));
  for (;;) {
    DBR_TRY(const auto key, in.key());
    if (!key) break;
    if (key == "attr") {
      DBR_TRY(const std::string_view attributes, in.string());
      if (attributes.find_first_of("lp") != std::string_view::npos)
        return unusable("it has pad files or symbolic links (BEP 47)");
    } else if (key == "length") {
      DBR_TRY(file.size, in.integer());
      has_length = true;
    } else if (key == "path" || key == "path.utf-8") {  // clients prefer the latter, which comes later
      DBR_TRY(file.path, read_path(in));
    } else {
      DBR_CHECK(in.skip());
    }
  }
  if (!has_length || file.path.empty()) {
    return unusable(fmt::format("the file before byte {} has no {}", in.position(), has_length ? "path" : "length"));
  }
  return file;
}

}  // namespace

tl::unexpected<Error> unusable(std::string_view cause) {
  return fail(ErrorKind::corrupt, fmt::format("not a usable torrent: {}", cause));
}

Result<void> read_file_list(BencodeReader& in, std::vector<File>& files) {
  DBR_CHECK(in.enter(Type::list));
  for (;;) {
    DBR_TRY(const bool has_more, in.has_item());
    if (!has_more) return {};
    DBR_TRY(files.emplace_back(), read_file_entry(in));
  }
}

}  // namespace dbr::torrent
