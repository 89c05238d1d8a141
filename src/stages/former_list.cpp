// SPDX-License-Identifier: MIT
#include "former_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>
#include <vector>

#include "dbr/base/digest.hpp"
#include "dbr/base/zstd_file.hpp"

namespace dbr::stages {
namespace {

enum Column : std::size_t { path_column, id_column, size_column, sha256_column };
constexpr std::array<std::string_view, 4> k_columns = {"path", "id", "size", "sha256"};

std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> cells;
  for (;;) {
    const std::size_t end = line.find('\t');
    cells.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return cells;
    line.remove_prefix(end + 1);
  }
}

bool read_number(std::string_view text, std::int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= 0;
}

}  // namespace

Result<void> read_file_list(const std::filesystem::path& path, const dataset::Layout& layout,
                            const std::function<Result<void>(const ListedFile&)>& on_file) {
  std::int64_t number = 0;
  std::array<std::size_t, k_columns.size()> places{};
  std::size_t width = 0;
  const auto refuse = [&](std::string_view cause) {
    return fail(ErrorKind::corrupt, fmt::format("cannot read {}: line {} {}", path.string(), number, cause));
  };
  DBR_CHECK(read_zstd_lines(path, [&](std::string_view line) -> Result<void> {
    ++number;
    const auto cells = split(line);
    if (number == 1) {
      width = cells.size();
      for (std::size_t i = 0; i < k_columns.size(); ++i) {
        const auto found = std::ranges::find(cells, k_columns[i]);
        if (found == cells.end()) return refuse(fmt::format("has no column {}", k_columns[i]));
        places[i] = static_cast<std::size_t>(found - cells.begin());
      }
      return {};
    }
    if (cells.size() != width) return refuse("has another number of columns than the first");
    ListedFile listed{.path = cells[places[path_column]], .sha256 = cells[places[sha256_column]]};
    const auto file = layout.parse_shared_path(listed.path);
    if (!file) return refuse("names no path of this dataset's layout");
    listed.file = *file;
    std::int64_t id = 0;
    if (!read_number(cells[places[id_column]], id) || id != file->id) return refuse("has another ID than its path");
    if (!read_number(cells[places[size_column]], listed.size)) return refuse("has no size");
    if (!is_hex(listed.sha256, 32)) return refuse("has no SHA-256");
    return on_file(listed);
  }));
  return number > 0 ? Result<void>() : refuse("is missing: there is no header");
}

}  // namespace dbr::stages
