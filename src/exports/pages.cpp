// SPDX-License-Identifier: MIT
#include "dbr/exports/pages.hpp"

#include "dbr/base/atomic_file.hpp"
#include "readme.hpp"
#include "report.hpp"
#include "statistics.hpp"

namespace dbr::exports {

std::vector<std::string> page_files() {
  return {std::string(k_statistics_file), std::string(k_readme_file), std::string(k_report_file)};
}

Result<std::string> write_pages(const Context& context, std::span<const Format* const> formats,
                                bool optimizes_originals) {
  DBR_TRY(const Document statistics, make_statistics(context));
  const std::string text = print_document(statistics);
  DBR_CHECK(write_file_atomically(context.folder / k_statistics_file, text));
  const ReadmeFacts facts{formats, context.folder, context.layout.buckets(), optimizes_originals};
  DBR_CHECK(write_file_atomically(context.folder / k_readme_file, make_readme(context.release, statistics, facts)));
  DBR_CHECK(write_file_atomically(context.folder / k_report_file, make_report_page(statistics)));
  return text;
}

}  // namespace dbr::exports
