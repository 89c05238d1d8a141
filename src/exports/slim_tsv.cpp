// SPDX-License-Identifier: MIT
// `slim-tsv`: one line a post: path, rating, tags. For cut, awk and pandas.
#include "dbr/base/log.hpp"
#include "dbr/base/zstd_file.hpp"
#include "dbr/metadata/post.hpp"
#include "release_rows.hpp"
#include "writers.hpp"

namespace dbr::exports {
namespace {

constexpr std::string_view k_file = "filename-tags.tsv.zst";

// The format has no escapes: a name that would break a line cannot be in it, and no tag of the site's can be such a
// name.
bool fits_in_a_cell(std::string_view text) {
  return text.find_first_of("\t\n\r") == std::string_view::npos;
}

// The tags between spaces; returns how many could not be written.
std::int64_t append_tags(std::string& line, std::span<const metadata::TagUse> tags) {
  std::int64_t refused = 0;
  std::string_view separator;
  for (const metadata::TagUse& tag : tags) {
    if (!fits_in_a_cell(tag.name)) {
      ++refused;
      continue;
    }
    line.append(separator).append(tag.name);
    separator = " ";
  }
  return refused;
}

}  // namespace

std::vector<std::string> slim_tsv_files(const dataset::Release&) {
  return {std::string(k_file)};
}

Result<void> write_slim_tsv(const Context& context) {
  DBR_TRY(ZstdFile file, ZstdFile::create(context.folder / k_file));
  DBR_CHECK(file.write("path\trating\ttags\n"));
  std::int64_t refused = 0;
  std::string line;
  const auto write_line = [&](const dataset::ReleasePost& post) -> Result<void> {
    line.assign(post.original) += '\t';
    line.append(fits_in_a_cell(post.rating) ? post.rating : std::string_view()) += '\t';
    const std::int64_t refused_here = append_tags(line, post.tags);
    if (refused_here > 0) log::debug("{}: post {} has a tag with a tab or line break", k_file, post.id);
    refused += refused_here;
    line += '\n';
    return file.write(line);
  };
  DBR_CHECK(for_each_post(context, k_file, write_line, dataset::PostRecords::left_out));
  if (refused > 0) {
    log::warning("{} cannot hold tags with tabs or line breaks in their names: {} were left out", k_file, refused);
  }
  return file.commit();
}

}  // namespace dbr::exports
