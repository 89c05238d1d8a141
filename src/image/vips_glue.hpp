// SPDX-License-Identifier: MIT
// Owning handles over libvips objects, and its error text. A null Image means that an operation failed.
#pragma once

#include <vips/vips.h>

#include <memory>
#include <string>

namespace dbr::image {

/// One reference to a VipsImage.
class Image {
 public:
  Image() = default;
  explicit Image(VipsImage* owned) : m_image(owned) {}

  explicit operator bool() const { return m_image != nullptr; }
  VipsImage* get() const { return m_image.get(); }
  int width() const { return vips_image_get_width(m_image.get()); }
  int height() const { return vips_image_get_height(m_image.get()); }
  int bands() const { return vips_image_get_bands(m_image.get()); }

 private:
  struct Unref {
    void operator()(VipsImage* image) const { g_object_unref(image); }
  };
  std::unique_ptr<VipsImage, Unref> m_image;
};

/// Runs a vips operation whose out parameter is a VipsImage**: `make([&](VipsImage** out) { return vips_x(in, out, …);
/// })`.
template <typename Operation>
Image make(Operation operation) {
  VipsImage* out = nullptr;
  if (operation(&out) != 0) {
    return Image();
  }
  return Image(out);
}

/// Takes and clears the library's error text, as one printable line. The text is the process's, not the thread's: when
/// two pictures fail at once, one may get the other's words. For people to read, never to decide on.
std::string take_error_text();

}  // namespace dbr::image
