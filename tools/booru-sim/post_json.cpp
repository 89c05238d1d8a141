// SPDX-License-Identifier: MIT
#include "post_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace dbr::sim {

namespace {

/// Writes `"key":value,`; the caller replaces the last comma.
class Fields {
 public:
  explicit Fields(std::string& out) : m_out(out) { m_out += '{'; }
  ~Fields() { m_out.back() = '}'; }
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;

  void raw(std::string_view key, std::string_view json) {
    fmt::format_to(std::back_inserter(m_out), "\"{}\":{},", key, json);
  }
  void number(std::string_view key, std::int64_t value) {
    fmt::format_to(std::back_inserter(m_out), "\"{}\":{},", key, value);
  }
  void number_or_null(std::string_view key, std::int64_t value) { value == 0 ? raw(key, "null") : number(key, value); }
  void boolean(std::string_view key, bool value) { raw(key, value ? "true" : "false"); }
  void text(std::string_view key, std::string_view value) {
    fmt::format_to(std::back_inserter(m_out), "\"{}\":", key);
    write_quoted(m_out, value);
    m_out += ',';
  }

 private:
  std::string& m_out;
};

constexpr auto k_categories = std::to_array<std::pair<int, std::string_view>>(
    {{0, "general"}, {4, "character"}, {3, "copyright"}, {1, "artist"}, {5, "meta"}});

struct Box {
  int width;
  int height;
};

/// Scaled down to fit, never up.
Box fit(const Asset& asset, int side) {
  const double factor = std::min(1.0, static_cast<double>(side) / std::max({1, asset.width, asset.height}));
  return {std::max(1, static_cast<int>(asset.width * factor)), std::max(1, static_cast<int>(asset.height * factor))};
}

bool has_sample(const Asset& asset) {
  return asset.kind == PictureKind::ugoira || (asset.width > 850 && !is_animated(asset.kind) && asset.ext != "swf");
}

void write_variants(std::string& out, const Asset& asset, const Viewer& viewer) {
  out += '[';
  const auto add = [&](std::string_view type, Box box, std::string_view ext) {
    Fields fields(out);
    fields.text("type", type);
    fields.text("url", file_url(asset, type, viewer));
    fields.number("width", box.width);
    fields.number("height", box.height);
    fields.text("file_ext", ext);
  };
  if (asset.ext != "swf") {
    for (const int side : {180, 360, 720}) {
      add(fmt::format("{0}x{0}", side), fit(asset, side), side == 720 ? "webp" : "jpg");
      out += ',';
    }
  }
  if (has_sample(asset)) {
    const bool is_ugoira = asset.kind == PictureKind::ugoira;
    add("sample", {850, static_cast<int>(850.0 * asset.height / std::max(1, asset.width))}, is_ugoira ? "webm" : "jpg");
    out += ',';
  }
  add("original", {asset.width, asset.height}, asset.ext);
  out += ']';
}

}  // namespace

void write_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '<' || c == '>' || c == '&') {  // Rails escapes what a page could misread
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<int>(c));
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<int>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string file_url(const Asset& asset, std::string_view type, const Viewer& viewer) {
  if (viewer.era == Era::y2018) return fmt::format("/data/__some_tags__{}.{}", asset.md5, asset.ext);
  std::string_view ext = asset.ext;
  std::string_view prefix;
  if (type == "180x180" || type == "360x360") ext = "jpg";
  if (type == "720x720") ext = "webp";
  if (type == "sample") {
    ext = asset.kind == PictureKind::ugoira ? "webm" : "jpg";
    prefix = "sample-";
  }
  return fmt::format("http://{}/{}/{}/{}/{}{}.{}", viewer.host, type, asset.md5.substr(0, 2), asset.md5.substr(2, 2),
                     prefix, asset.md5, ext);
}

void write_asset(std::string& out, const Asset& asset, bool is_withheld, const Viewer& viewer) {
  const bool is_visible = !is_withheld && !asset.is_expunged;
  Dice dice(asset.picture_seed, 7);
  const std::string pixel_hash = dice.hex(32);
  Fields fields(out);
  fields.number("id", asset.id);
  fields.text("created_at", viewer.time(asset.created_at));
  fields.text("updated_at", viewer.time(asset.updated_at));
  if (is_visible) fields.text("md5", asset.md5);
  fields.text("file_ext", asset.ext);
  fields.number("file_size", asset.size);
  fields.number("image_width", asset.width);
  fields.number("image_height", asset.height);
  const double duration = duration_of(asset.kind);
  fields.raw("duration", duration < 0 ? "null" : fmt::format("{}", duration));
  fields.text("status", asset.is_expunged ? "expunged" : "active");
  if (is_visible) fields.text("file_key", dice.hex(9));
  fields.boolean("is_public", true);
  fields.text("pixel_hash", pixel_hash);
  if (is_visible) {
    std::string variants;
    write_variants(variants, asset, viewer);
    fields.raw("variants", variants);
  }
}

void write_post(std::string& out, const World& world, const Post& post, const Viewer& viewer) {
  const Asset& asset = world.asset_of(post);
  const bool is_visible = !world.is_withheld(post);
  const bool is_old = viewer.era != Era::now;
  std::array<int, 6> counts{};
  for (const TagIndex tag : post.tags) ++counts[static_cast<std::size_t>(world.tags[tag].counted_category)];
  const auto time_or_null = [&](Fields& fields, std::string_view key, Moment moment) {
    moment == 0 ? fields.raw(key, "null") : fields.text(key, viewer.time(moment));
  };

  Fields fields(out);
  if (is_visible || viewer.era != Era::y2021) fields.number("id", post.id);
  fields.text("created_at", viewer.time(post.created_at));
  fields.number("uploader_id", post.uploader_id);
  fields.number("score", post.up_score + post.down_score);
  fields.text("source", post.source);
  if (is_visible) fields.text("md5", asset.md5);
  time_or_null(fields, "last_comment_bumped_at", post.last_commented_at);
  fields.text("rating",
              std::string_view(viewer.era != Era::now && post.rating == 'g' ? "s" : std::string_view(&post.rating, 1)));
  fields.number("image_width", asset.width);
  fields.number("image_height", asset.height);
  fields.text("tag_string", world.tag_string(post));
  if (is_old) {
    fields.boolean("is_note_locked", false);
    fields.boolean("is_rating_locked", false);
    fields.boolean("is_status_locked", false);
    fields.text("fav_string", "");
    fields.text("pool_string", "");
    fields.boolean("is_favorited", false);
  }
  fields.number("fav_count", post.fav_count);
  if (is_visible || viewer.era == Era::now) fields.text("file_ext", asset.ext);
  time_or_null(fields, "last_noted_at", post.last_noted_at);
  fields.number_or_null("parent_id", post.parent_id);
  fields.boolean("has_children", post.has_children);
  fields.number_or_null("approver_id", post.approver_id);
  fields.number("tag_count_general", counts[0]);
  fields.number("tag_count_artist", counts[1]);
  fields.number("tag_count_character", counts[4]);
  fields.number("tag_count_copyright", counts[3]);
  fields.number("file_size", asset.size);
  fields.number("up_score", post.up_score);
  fields.number("down_score", post.down_score);
  fields.boolean("is_pending", post.is_pending);
  fields.boolean("is_flagged", post.is_flagged);
  fields.boolean("is_deleted", post.is_deleted);
  fields.number("tag_count", static_cast<std::int64_t>(post.tags.size()));
  fields.text("updated_at", viewer.time(post.updated_at));
  fields.boolean("is_banned", post.is_banned);
  fields.number_or_null("pixiv_id", post.pixiv_id);
  time_or_null(fields, "last_commented_at", post.last_commented_at);
  // The column has no default: rows nobody touched since it was added hold null.
  post.id % 50 == 7 && !post.has_children ? fields.raw("has_active_children", "null")
                                          : fields.boolean("has_active_children", post.has_active_children);
  fields.number("bit_flags", post.bit_flags);
  fields.number("tag_count_meta", counts[5]);
  fields.boolean("has_large", has_sample(asset));
  fields.boolean("has_visible_children", post.has_active_children);
  if (viewer.era == Era::now) {
    std::string media_asset;
    write_asset(media_asset, asset, !is_visible, viewer);
    fields.raw("media_asset", media_asset);
  } else if (viewer.era == Era::y2018) {
    fields.text("uploader_name", fmt::format("user_{}", post.uploader_id));
    fields.raw("children_ids", "null");
    fields.raw("pixiv_ugoira_frame_data", "null");
  }
  for (const auto& [category, name] : k_categories)
    fields.text(fmt::format("tag_string_{}", name), world.tag_string(post, category));
  if (!is_visible) return;
  fields.text("file_url", file_url(asset, "original", viewer));
  fields.text("large_file_url", file_url(asset, has_sample(asset) ? "sample" : "original", viewer));
  fields.text("preview_file_url", file_url(asset, asset.ext == "swf" ? "original" : "180x180", viewer));
}

}  // namespace dbr::sim
