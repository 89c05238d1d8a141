// SPDX-License-Identifier: MIT
#include "checksums.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <system_error>

#include "dbr/base/atomic_file.hpp"
#include "dbr/base/digest.hpp"
#include "dbr/base/file.hpp"
#include "dbr/base/text.hpp"

namespace dbr::stages {
namespace {

namespace fs = std::filesystem;

constexpr ByteCount k_most_sums = ByteCount{16} << 20;

Result<std::string> hash_file(const fs::path& path) {
  Digest digest(DigestKind::sha256);
  DBR_CHECK(read_blocks(path, [&](std::span<const std::byte> bytes) { digest.update(bytes); }).map([](auto) {}));
  return digest.finish_hex();
}

}  // namespace

Result<std::vector<std::string>> list_folder(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(folder, error); !error && entry != fs::end(entry);
       entry.increment(error)) {
    if (entry->path().filename().string().starts_with('.')) {
      entry.disable_recursion_pending();
      continue;
    }
    if (entry->is_regular_file(error)) names.push_back(entry->path().lexically_relative(folder).string());
  }
  if (error) return fail(error_from_errno(error.value(), "list", folder.string()));
  std::ranges::sort(names);
  return names;
}

ByteCount checksums_size(std::span<const std::string> names) {
  ByteCount size = 0;
  for (const std::string& name : names) {
    if (name != k_checksums_name) size += static_cast<ByteCount>(2 * digest_size(DigestKind::sha256) + name.size() + 3);
  }
  return size;
}

Result<void> write_checksums(const fs::path& folder) {
  DBR_TRY(const auto names, list_folder(folder));
  std::string text;
  for (const std::string& name : names) {
    if (name == k_checksums_name) continue;
    DBR_TRY(const std::string sum, hash_file(folder / name));
    text += fmt::format("{}  {}\n", sum, name);
  }
  return write_file_atomically(folder / k_checksums_name, text);
}

Result<std::vector<WrongFile>> check_checksums(const fs::path& folder, bool with_hashes, const StopToken& stop) {
  const auto text = read_file(folder / k_checksums_name, k_most_sums);
  if (!text) {
    const bool is_missing = text.error().kind == ErrorKind::not_found;
    return std::vector<WrongFile>{{std::string(k_checksums_name), is_missing ? "missing" : "unreadable"}};
  }
  DBR_TRY(const auto names, list_folder(folder));
  std::set<std::string, std::less<>> unlisted(names.begin(), names.end());
  unlisted.erase(std::string(k_checksums_name));
  std::vector<WrongFile> wrong;
  std::string_view rest = *text;
  while (!rest.empty()) {
    if (stop.is_stopping()) return fail(ErrorKind::cancelled, "stopped");
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const std::string name(line.substr(std::min<std::size_t>(line.size(), 66)));
    // A line of another form, or one that names a file elsewhere: the list itself is broken.
    if (!is_hex(line.substr(0, 64), 32) || name.empty() || fs::path(name).is_absolute() ||
        *fs::path(name).lexically_normal().begin() == "..") {
      return std::vector<WrongFile>{{std::string(k_checksums_name), "hash"}};
    }
    const auto found = unlisted.find(name);
    if (found == unlisted.end()) {
      wrong.push_back({name, "missing"});
      continue;
    }
    unlisted.erase(found);
    if (!with_hashes) continue;
    const auto sum = hash_file(folder / name);
    if (!sum) wrong.push_back({name, "unreadable"});
    if (sum && *sum != line.substr(0, 64)) wrong.push_back({name, "hash"});
  }
  for (const std::string& name : unlisted) wrong.push_back({name, "extra"});
  std::ranges::sort(wrong, {}, &WrongFile::name);
  return wrong;
}

Result<void> check_some_checksums(const fs::path& folder, std::span<const std::string_view> names) {
  const auto refuse = [&](std::string_view name, std::string_view why) {
    return fail(ErrorKind::corrupt, fmt::format("cannot use {}: {} {}", printable(folder.string()), name, why),
                "a client that has the whole of the metadata torrent puts it right");
  };
  std::error_code error;
  if (!fs::is_regular_file(folder / k_checksums_name, error)) return refuse(k_checksums_name, "is not there");
  DBR_TRY(const std::string sums, read_file(folder / k_checksums_name, k_most_sums));
  for (const std::string_view name : names) {
    if (!fs::is_regular_file(folder / name, error)) return refuse(name, "is not there");
    DBR_TRY(const std::string sum, hash_file(folder / name));
    const std::string line = fmt::format("{}  {}\n", sum, name);
    const auto at = sums.find(line);
    if (at == std::string::npos || (at > 0 && sums[at - 1] != '\n')) return refuse(name, "is not as published");
  }
  return {};
}

}  // namespace dbr::stages
