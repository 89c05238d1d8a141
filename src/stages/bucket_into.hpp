// SPDX-License-Identifier: MIT
// `bucket --release NAME --into DIR`: a finished release laid out again in another folder, from its own file list, as
// far as its bytes are still held. The dataset's own shared tree is never touched.
#pragma once

#include "dbr/stages/command.hpp"

namespace dbr::stages {

Result<Report> lay_out_into(const Context& context);

}  // namespace dbr::stages
