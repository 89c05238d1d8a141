// SPDX-License-Identifier: MIT
// The choice of a container walker by kind.
#include "containers.hpp"

namespace dbr::image {

namespace {

Outline walk(Kind kind, std::string_view bytes) {
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

}  // namespace

Outline outline(std::string_view bytes) {
  const Kind kind = sniff(bytes.substr(0, k_sniff_size));
  Outline out = walk(kind, bytes);
  out.kind = kind;
  // Headers without an extent are the complete lane's to refuse: no geometry is to be made of them.
  out.is_plain = out.is_plain && out.width > 0 && out.height > 0;
  return out;
}

}  // namespace dbr::image
