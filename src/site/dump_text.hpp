// SPDX-License-Identifier: MIT
// A dump made of text: finds out by looking what the bytes are, and reads the parts one after the other.
#pragma once

#include <memory>
#include <string>

#include "dbr/site/dump.hpp"
#include "dump_source.hpp"

namespace dbr::site {

/// `name` is for people. Looks at the first bytes at once.
Result<std::unique_ptr<Dump>> open_text_dump(std::unique_ptr<ByteSource> source, std::string name,
                                             const DumpSettings& settings, const StopToken& stop);

}  // namespace dbr::site
