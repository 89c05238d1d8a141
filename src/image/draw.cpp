// SPDX-License-Identifier: MIT
// Content decides what a file is, the container's outline whether it may be decoded; then the short cut draws it if it
// can, or else the complete lane.
#include "draw.hpp"

#include <limits>
#include <stdexcept>
#include <utility>

#include "containers.hpp"
#include "fast_lane.hpp"
#include "lap.hpp"
#include "verdict.hpp"
#include "vips_lane.hpp"

namespace dbr::image {
namespace {

void check(const MlSettings& settings) {
  if (settings.size < 1 || settings.size > k_largest_size || settings.quality < 1 || settings.quality > 100 ||
      settings.max_pixels < 1 || settings.max_memory < 1) {
    throw std::invalid_argument("make_ml_form: settings out of range");
  }
}

class Drawing {
 public:
  Drawing(std::string_view bytes, const Outline& seen, const MlSettings& settings, MlForm& form, Dependence& on)
      : m_bytes(bytes), m_seen(seen), m_settings(settings), m_form(form), m_depends_on(on) {}

  /// False when the form says why not.
  bool draw(Raster& canvas) {
    const auto background = m_settings.background ? m_settings.background : choose_background();
    const auto window = background ? draw_window(*background) : std::nullopt;
    if (!window) return false;
    if (m_form.had_alpha) {
      m_form.background = background;
      m_depends_on.background = true;
    }
    m_depends_on.form = true;
    m_depends_on.lane = m_seen.is_plain;
    m_form.box = m_plan.box;
    m_form.state = MlState::done;
    canvas = compose(*window, m_plan);
    return true;
  }

 private:
  /// A JPEG decoder that warns within the scans has met damage: the picture is grey or garbled from there on. Where the
  /// header alone makes it warn, and in the other formats, whose warnings are about metadata, only errors count.
  Strictness strictness() const {
    if (m_seen.truncated) return Strictness::nothing;
    return m_seen.kind == Kind::jpeg && !m_seen.odd_header ? Strictness::warnings : Strictness::errors;
  }

  std::nullopt_t refuse_corrupt() {
    const std::string words = take_error_text();
    const char* const why = m_seen.truncated                                        ? reason::k_truncated
                            : m_seen.kind == Kind::png && has_bad_checksum(m_bytes) ? reason::k_bad_checksum
                                                                                    : reason::k_corrupt;
    refuse(m_form, why, words.empty() ? "the decoder gives no reason" : words);
    return std::nullopt;
  }

  /// The header, read by the complete lane; null when the form says why not.
  Image open() {
    take_error_text();  // what earlier pictures left there, although they were done
    Image source = load(m_seen.kind, m_bytes, strictness());
    if (!source) {
      refuse_corrupt();
    } else if (source.width() > m_seen.width || source.height() > m_seen.height) {
      // The memory it was admitted for is not what it would take. An AVIF may have been turned by its decoder.
      const bool is_turned = source.width() <= m_seen.height && source.height() <= m_seen.width;
      if (m_seen.kind != Kind::avif || !is_turned) {
        refuse(m_form, reason::k_corrupt, "the picture is larger than its header says");
        source = Image();
      }
    } else if (is_too_large({source.width(), source.height()}, m_settings, m_form, m_depends_on)) {
      source = Image();
    }
    return source;
  }

  std::optional<Colour> choose_background() {
    if (m_seen.kind == Kind::jpeg) return Colour{};
    Lap lap;
    Image source = open();
    if (!source) return std::nullopt;
    if (!has_alpha(source)) return Colour{};
    const auto chosen = contrasting_background(std::move(source));
    m_form.time.decode += lap();
    if (!chosen) refuse_corrupt();
    return chosen;
  }

  std::optional<Raster> draw_window(Colour background) {
    if (m_seen.is_plain && m_settings.lane != Lane::vips) {
      if (auto window = draw_plain(background)) return window;
    }
    return draw_any(background);
  }

  std::optional<Raster> draw_plain(Colour background) {
    Image header;
    if (m_seen.has_profile) {
      header = open();
      if (!header || colour_of(header) != "rgb" || has_alpha(header)) return std::nullopt;
    }
    make_plan_for({static_cast<int>(m_seen.width), static_cast<int>(m_seen.height)});
    const FastJob job{m_plan, background, m_settings.lane != Lane::scalar};
    auto drawn = m_seen.kind == Kind::jpeg ? draw_plain_jpeg(m_bytes, job, m_form.time)
                                           : draw_plain_png(m_bytes, job, m_form.time);
    if (!drawn) return std::nullopt;
    m_form.colour = drawn->is_grey ? "grey" : "rgb";
    m_form.had_alpha = drawn->has_alpha;
    if (header && note_profile(profile_of(header))) {
      Lap lap;
      to_rgb(drawn->window);
      drawn->window = apply_profile(std::move(drawn->window), header);
      m_form.time.resample += lap();
    }
    return std::move(drawn->window);
  }

  /// Whether there is one to be applied.
  bool note_profile(Profile profile) {
    m_form.had_profile = profile == Profile::fit;
    if (profile == Profile::unfit) m_form.detail = "the embedded profile does not fit the picture: ignored";
    return m_form.had_profile;
  }

  std::optional<Raster> draw_any(Colour background) {
    Lap lap;
    Image source = open();
    if (!source) return std::nullopt;
    make_plan_for({source.width(), source.height()});
    m_form.colour = colour_of(source);
    m_form.had_alpha = has_alpha(source);
    note_profile(profile_of(source));
    // What fails for being enlarged need not fail otherwise.
    m_depends_on.form = m_plan.scaled.width > m_plan.source.width || m_plan.scaled.height > m_plan.source.height;
    auto window = draw_complete(std::move(source), m_plan, background);
    m_form.time.decode += lap();
    if (!window) return refuse_corrupt();
    if (m_seen.truncated) m_form.detail = "the file ends before the picture does: what there is was taken";
    return window;
  }

  void make_plan_for(Extent source) {
    m_plan = make_plan(source, m_seen.orientation, m_settings);
    m_form.source_width = source.width;
    m_form.source_height = source.height;
  }

  const std::string_view m_bytes;
  const Outline& m_seen;
  const MlSettings& m_settings;
  MlForm& m_form;
  Dependence& m_depends_on;
  Plan m_plan;
};

}  // namespace

MlForm draw(std::string_view bytes, const Outline& outline, const MlSettings& settings, Raster& canvas) {
  check(settings);
  MlForm form;
  form.kind = outline.kind;
  constexpr std::int64_t k_most = std::numeric_limits<int>::max();
  form.source_width = static_cast<int>(std::min(outline.width, k_most));
  form.source_height = static_cast<int>(std::min(outline.height, k_most));
  form.orientation = outline.orientation;
  Dependence depends_on;
  const auto file_size = static_cast<std::int64_t>(bytes.size());
  if (!is_settled_by_outline(outline, file_size, settings, form, depends_on)) {
    Drawing(bytes, outline, settings, form, depends_on).draw(canvas);
  }
  form.settings_hash = settings_hash(settings, depends_on);
  return form;
}

}  // namespace dbr::image
