// SPDX-License-Identifier: MIT
#include "dbr/dataset/release_lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <tuple>

#include "dbr/base/digest.hpp"
#include "dbr/dataset/layout.hpp"

namespace dbr::dataset {
namespace {

// Takes the first column off the line.
std::string_view take_column(std::string_view& line) {
  const std::string_view column = line.substr(0, line.find('\t'));
  line.remove_prefix(std::min(line.size(), column.size() + 1));
  return column;
}

// IDs, sizes and editions are far below it, and sums of them stay below 2^63.
constexpr std::int64_t k_largest_number = std::int64_t{1} << 40;

bool parse(std::string_view text, std::int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= 0 && number <= k_largest_number;
}

auto order_of(const PlacedFile& file) {
  return std::tuple(file.series.set, file.series.form, file.edition, file.id);
}

}  // namespace

Result<ListLines> ListLines::open(std::filesystem::path path, std::string_view header) {
  DBR_TRY(ZstdLines opened, ZstdLines::open(path));
  ListLines lines(std::move(path), std::move(opened));
  DBR_TRY(const auto first, lines.next());
  const bool is_right =
      first && first->starts_with(header) && (first->size() == header.size() || (*first)[header.size()] == '\t');
  if (!is_right) return lines.refuse("not the header of such a list");
  return lines;
}

Result<std::optional<std::string_view>> ListLines::next() {
  ++m_number;
  return m_lines.next();
}

tl::unexpected<Error> ListLines::refuse(std::string_view what) const {
  return fail(ErrorKind::corrupt, fmt::format("cannot read {}: line {} is {}", m_path.string(), m_number, what),
              "get it again, or check its folder with sha256sum -c SHA256SUMS");
}

bool is_before(const PlacedFile& a, const PlacedFile& b) {
  return order_of(a) < order_of(b);
}

Result<FileList> FileList::open(const std::filesystem::path& folder) {
  DBR_TRY(auto lines, ListLines::open(folder / k_file_list, "path\tid\tsize\tmd5\tsha256\tedition"));
  return FileList(std::move(lines));
}

Result<const PlacedFile*> FileList::next() {
  DBR_TRY(const auto line, m_lines.next());
  if (!line) return nullptr;
  std::string_view rest = *line;
  PlacedFile file{};
  file.path = take_column(rest);
  const auto name = Layout::parse_foreign_path(file.path);
  const bool are_numbers = parse(take_column(rest), file.id) && parse(take_column(rest), file.size);
  file.md5 = take_column(rest);
  file.sha256 = take_column(rest);
  const bool is_file = are_numbers && parse(take_column(rest), file.edition) && name && name->id == file.id &&
                       is_hex(file.md5, 16) && is_hex(file.sha256, 32);
  if (!is_file) return m_lines.refuse("no file of a release");
  file.series = name->series;
  file.source_md5 = take_column(rest);
  if (m_file.id != 0 && !is_before(m_file, file)) return m_lines.refuse("out of order");
  m_file = std::move(file);
  return &m_file;
}

Result<TaggedPosts> TaggedPosts::open(const std::filesystem::path& folder) {
  DBR_TRY(auto lines, ListLines::open(folder / k_tag_list, "path\trating\ttags"));
  return TaggedPosts(std::move(lines));
}

Result<const TaggedPost*> TaggedPosts::next() {
  DBR_TRY(const auto line, m_lines.next());
  if (!line) return nullptr;
  std::string_view rest = *line;
  const auto name = Layout::parse_foreign_path(take_column(rest));
  if (!name || std::ranges::count(*line, '\t') < 2) return m_lines.refuse("no post of a release");
  if (name->id <= m_post.id) return m_lines.refuse("out of order");
  m_post.id = name->id;
  m_post.rating = take_column(rest);
  m_post.tags = take_column(rest);
  return &m_post;
}

}  // namespace dbr::dataset
