// SPDX-License-Identifier: MIT
// One pair of functions a format: which files it makes, and making them. formats.cpp lists them.
#pragma once

#include <string>
#include <vector>

#include "dbr/exports/format.hpp"

namespace dbr::exports {

std::vector<std::string> sqlite_files(const dataset::Release& release);
Result<void> write_sqlite(const Context& context);

std::vector<std::string> sql_files(const dataset::Release& release);
Result<void> write_sql(const Context& context);

std::vector<std::string> slim_sqlite_files(const dataset::Release& release);
Result<void> write_slim_sqlite(const Context& context);

std::vector<std::string> slim_tsv_files(const dataset::Release& release);
Result<void> write_slim_tsv(const Context& context);

std::vector<std::string> jsonl_files(const dataset::Release& release);
Result<void> write_jsonl(const Context& context);

std::vector<std::string> legacy_files(const dataset::Release& release);
Result<void> write_legacy(const Context& context);

std::vector<std::string> csv_files(const dataset::Release& release);
Result<void> write_csv(const Context& context);
std::vector<std::string> hakubooru_files(const dataset::Release& release);
Result<void> write_hakubooru(const Context& context);

std::vector<std::string> sd_scripts_files(const dataset::Release& release);
Result<void> write_sd_scripts(const Context& context);

std::vector<std::string> imagefolder_files(const dataset::Release& release);
Result<void> write_imagefolder(const Context& context);

std::vector<std::string> deepdanbooru_files(const dataset::Release& release);
Result<void> write_deepdanbooru(const Context& context);

}  // namespace dbr::exports
