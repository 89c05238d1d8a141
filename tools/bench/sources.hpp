// SPDX-License-Identifier: MIT
// Where a picture came from, as uploaders write it: mostly pixiv and twitter, sometimes nothing or anything.
#pragma once

#include "post.hpp"
#include "random.hpp"

namespace dbr::bench {

void draw_source(Random& random, Moment created, Source& source);

}  // namespace dbr::bench
