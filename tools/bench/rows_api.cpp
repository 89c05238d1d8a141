// SPDX-License-Identifier: MIT
#include <algorithm>

#include "file_urls.hpp"
#include "rows.hpp"
#include "tag_strings.hpp"

namespace dbr::bench {
namespace {

struct Box {
  std::uint32_t width, height;
};

Box fit(const Post& post, std::uint32_t side) {
  const std::uint32_t longest = std::max(post.width, post.height);
  if (longest <= side) return {post.width, post.height};
  const auto scaled = [&](std::uint32_t value) { return std::max(1U, (value * side + longest / 2) / longest); };
  return {scaled(post.width), scaled(post.height)};
}

void write_variant(Out& out, const FileUrl& url, Box box) {
  out.add(R"({"type":")", url.type, R"(","url":")", url, R"(","width":)", box.width, R"(,"height":)", box.height,
          R"(,"file_ext":")", url.extension, R"("},)");
}

void write_variants(Out& out, const Post& post) {
  if (post.kind != FileKind::swf) {
    write_variant(out, {post, "180x180", "", "jpg"}, fit(post, 180));
    write_variant(out, {post, "360x360", "", "jpg"}, fit(post, 360));
    write_variant(out, {post, "720x720", "", "webp"}, fit(post, 720));
  }
  if (post.kind == FileKind::zip) {
    write_variant(out, sample_url(post), {post.width, post.height});
  } else if (has_sample(post)) {
    write_variant(out, sample_url(post), {850, std::max(1U, 850 * post.height / post.width)});
  }
  if (post.kind == FileKind::webp) write_variant(out, {post, "full", "", "jpg"}, {post.width, post.height});
  write_variant(out, original_url(post), {post.width, post.height});
  out.drop_last();
}

void write_asset(Out& out, const Post& post) {
  const Moment taken = post.created - 90 * k_second;
  const std::string_view pixel_hash(post.pixel_hash.data(), post.pixel_hash.size());
  out.add(R"({"id":)", post.asset_id, R"(,"created_at":")", Eastern{taken}, R"(","updated_at":")",
          Eastern{taken + post.file_size}, '"');
  if (!post.is_banned) out.add(R"(,"md5":")", std::string_view(post.md5.data(), post.md5.size()), '"');
  out.add(R"(,"file_ext":")", extension(post), R"(","file_size":)", post.file_size, R"(,"image_width":)", post.width,
          R"(,"image_height":)", post.height, R"(,"duration":)");
  if (is_moving(post)) {
    // A float: one to three decimals, the last of them not a zero.
    const std::uint32_t tenths = post.duration_ms / 100 % 10;
    out.add(post.duration_ms / 1000, '.', tenths);
    if (post.duration_ms % 10 != 0) out.add(post.duration_ms / 10 % 10, post.duration_ms % 10);
  } else {
    out.add("null");
  }
  out.add(R"(,"status":"active")");
  if (!post.is_banned) out.add(R"(,"file_key":")", std::string_view(post.file_key.data(), post.file_key.size()), '"');
  out.add(R"(,"is_public":true,"pixel_hash":")", pixel_hash, '"');
  if (!post.is_banned) {
    out.add(R"(,"variants":[)");
    write_variants(out, post);
    out.add(']');
  }
  out.add('}');
}

}  // namespace

void write_api(Out& out, const Post& post, const Vocabulary& vocabulary) {
  const TagStrings tags(post, vocabulary);
  const auto number_or_null = [&](std::string_view key, std::uint32_t number) {
    number == 0 ? out.add(",\"", key, "\":null") : out.add(",\"", key, "\":", number);
  };
  const auto time_or_null = [&](std::string_view key, Moment moment) {
    moment == 0 ? out.add(",\"", key, "\":null") : out.add(",\"", key, "\":\"", Eastern{moment}, '"');
  };
  out.add(R"({"id":)", post.id, R"(,"created_at":")", Eastern{post.created}, R"(","uploader_id":)", post.uploader,
          R"(,"score":)", post.up_score + post.down_score, R"(,"source":")", post.source.view(), '"');
  if (!post.is_banned) out.add(R"(,"md5":")", std::string_view(post.md5.data(), post.md5.size()), '"');
  time_or_null("last_comment_bumped_at", post.last_commented);
  out.add(R"(,"rating":")", post.rating, R"(","image_width":)", post.width, R"(,"image_height":)", post.height,
          R"(,"tag_string":")");
  tags.write_all(out);
  out.add(R"(","fav_count":)", post.fav_count, R"(,"file_ext":")", extension(post), '"');
  time_or_null("last_noted_at", post.last_noted);
  number_or_null("parent_id", post.parent);
  out.add(R"(,"has_children":)", post.has_children);
  number_or_null("approver_id", post.approver);
  out.add(R"(,"tag_count_general":)", tags.count(general), R"(,"tag_count_artist":)", tags.count(artist),
          R"(,"tag_count_character":)", tags.count(character), R"(,"tag_count_copyright":)", tags.count(copyright),
          R"(,"file_size":)", post.file_size, R"(,"up_score":)", post.up_score, R"(,"down_score":)", post.down_score,
          R"(,"is_pending":)", post.is_pending, R"(,"is_flagged":)", post.is_flagged, R"(,"is_deleted":)",
          post.is_deleted, R"(,"tag_count":)", post.tag_count, R"(,"updated_at":")", Eastern{post.updated},
          R"(","is_banned":)", post.is_banned);
  number_or_null("pixiv_id", post.source.pixiv_id);
  time_or_null("last_commented_at", post.last_commented);
  out.add(R"(,"has_active_children":)");
  // The column has no default: rows nobody touched since it was added hold null.
  post.id % 50 == 7 && !post.has_children ? out.add("null") : out.add(post.has_children);
  out.add(R"(,"bit_flags":)", post.bit_flags, R"(,"tag_count_meta":)", tags.count(meta), R"(,"has_large":)",
          has_sample(post), R"(,"has_visible_children":)", post.has_children, R"(,"media_asset":)");
  write_asset(out, post);
  tags.write_split(out);
  if (!post.is_banned) write_three_urls(out, post);
  out.add('}');
}

}  // namespace dbr::bench
