// SPDX-License-Identifier: MIT
// The choice of a container walker by kind, and is_animated() over it.
#include "containers.hpp"

namespace dbr::image {

Outline outline(Kind kind, std::string_view bytes) {
  switch (kind) {
    case Kind::jpeg:
      return outline_jpeg(bytes);
    case Kind::png:
      return outline_png(bytes);
    case Kind::gif:
      return outline_gif(bytes);
    case Kind::webp:
      return outline_webp(bytes);
    case Kind::avif:
      return outline_avif(bytes);
    case Kind::empty:
    case Kind::bmp:
    case Kind::mp4:
    case Kind::webm:
    case Kind::flash:
    case Kind::zip:
    case Kind::html:
    case Kind::unknown:
      break;
  }
  return {};
}

bool is_animated(Kind kind, std::string_view bytes) {
  return outline(kind, bytes).animated;
}

}  // namespace dbr::image
