// SPDX-License-Identifier: MIT
#include "checksums.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <system_error>

#include "dbr/base/atomic_file.hpp"
#include "dbr/base/digest.hpp"
#include "dbr/base/file.hpp"

namespace dbr::stages {
namespace {

namespace fs = std::filesystem;

Result<std::map<std::string, std::string>> hash_folder(const fs::path& folder) {
  DBR_TRY(const auto names, list_folder(folder));
  std::map<std::string, std::string> sums;
  for (const std::string& name : names) {
    if (name == k_checksums_name) continue;
    Digest digest(DigestKind::sha256);
    DBR_CHECK(
        read_blocks(folder / name, [&](std::span<const std::byte> bytes) { digest.update(bytes); }).map([](auto) {}));
    sums[name] = digest.finish_hex();
  }
  return sums;
}

}  // namespace

Result<std::vector<std::string>> list_folder(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::end(entry); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (entry->is_regular_file(error) && !name.starts_with('.')) names.push_back(name);
  }
  if (error) return fail(error_from_errno(error.value(), "list", folder.string()));
  std::ranges::sort(names);
  return names;
}

Result<void> write_checksums(const fs::path& folder) {
  DBR_TRY(const auto sums, hash_folder(folder));
  std::string text;
  for (const auto& [name, sum] : sums) text += fmt::format("{}  {}\n", sum, name);
  return write_file_atomically(folder / k_checksums_name, text);
}

Result<std::vector<std::string>> check_checksums(const fs::path& folder) {
  DBR_TRY(const std::string text, read_file(folder / k_checksums_name, ByteCount{16} << 20));
  DBR_TRY(auto sums, hash_folder(folder));
  std::vector<std::string> wrong;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const std::string name(line.substr(std::min<std::size_t>(line.size(), 66)));
    const auto found = sums.find(name);
    if (found == sums.end() || found->second != line.substr(0, 64)) wrong.push_back(name);
    if (found != sums.end()) sums.erase(found);
  }
  for (const auto& [name, sum] : sums) wrong.push_back(name);
  return wrong;
}

}  // namespace dbr::stages
