// SPDX-License-Identifier: MIT
// A post in the shape of the data sets of 2017 to 2020 (API contract, section 6.2): what the readers written for them
// take apart key by key. docs/dataset-format.md says where its values come from.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "dbr/dataset/release.hpp"
#include "release_rows.hpp"
#include "tag_table.hpp"

namespace dbr::exports {

/// Appends the JSON object: one line without its end, of ASCII only, so that readers need not know its encoding.
void append_legacy_row(std::string& line, const dataset::ReleasePost& post, const Json& record,
                       std::span<const TagTable::UsedTag> tags, std::span<const std::int64_t> pools);

}  // namespace dbr::exports
