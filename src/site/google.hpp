// SPDX-License-Identifier: MIT
// Google's public copies of the site's tables (contract, section 6.1): objects of a bucket, and tables.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "dbr/http/client.hpp"
#include "dbr/site/dump.hpp"

namespace dbr::site {

struct GoogleObject {
  std::string bucket;
  std::string object;
};
/// "gs://BUCKET/OBJECT"; kind usage otherwise.
Result<GoogleObject> parse_google_object(std::string_view name);

struct GoogleTable {
  std::string project;
  std::string dataset;
  std::string table;
};
/// "bigquery:PROJECT.DATASET.TABLE"; kind usage otherwise. A project may have dots of its own (domain.org:project).
Result<GoogleTable> parse_google_table(std::string_view name);

/// As open_dump().
Result<std::unique_ptr<Dump>> open_google_object(const std::string& name, const DumpSettings& settings,
                                                 const StopToken& stop);
Result<std::unique_ptr<Dump>> open_google_table(const std::string& name, const DumpSettings& settings,
                                                const StopToken& stop);

/// A request to `base` + `target`, with the token, that stays with the host of `base`. Kind config when the token
/// cannot be one, usage when `base` is no URL.
Result<http::Request> make_google_request(std::string_view base, std::string_view target, const DumpSettings& settings);

/// What Google's refusals mean here: names `name`, and the variables that hold the token and the project.
Error google_error(Error error, std::string_view name);

}  // namespace dbr::site
