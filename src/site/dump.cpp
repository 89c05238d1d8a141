// SPDX-License-Identifier: MIT
#include "dbr/site/dump.hpp"

#include "dump_text.hpp"
#include "google.hpp"

namespace dbr::site {

Result<std::unique_ptr<Dump>> open_dump(std::string_view from, const DumpSettings& settings, const StopToken& stop) {
  const std::string name(from);
  if (from.starts_with("gs://")) return open_google_object(name, settings, stop);
  if (from.starts_with("bigquery:")) return open_google_table(name, settings, stop);
  DBR_TRY(auto source, FileSource::open(name));
  return open_text_dump(std::move(source), name, settings, stop);
}

}  // namespace dbr::site
