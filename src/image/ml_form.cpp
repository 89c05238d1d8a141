// SPDX-License-Identifier: MIT
#include "dbr/image/ml_form.hpp"

#include <fmt/format.h>

#include "draw.hpp"
#include "jpeg_writer.hpp"
#include "lap.hpp"
#include "verdict.hpp"

namespace dbr::image {

std::string to_string(Colour colour) {
  return fmt::format("#{:02x}{:02x}{:02x}", colour.red, colour.green, colour.blue);
}

MlForm make_ml_form(std::string_view bytes, const Outline& outline, const MlSettings& settings) {
  Raster canvas;
  MlForm form = draw(bytes, outline, settings, canvas);
  if (form.state != MlState::done) return form;
  Lap lap;
  form.jpeg = write_jpeg(canvas, settings);
  form.time.encode = lap();
  if (form.jpeg.empty()) refuse(form, reason::k_internal, "the JPEG encoder failed");
  return form;
}

}  // namespace dbr::image
