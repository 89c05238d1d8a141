// SPDX-License-Identifier: MIT
#include "file_urls.hpp"
#include "rows.hpp"
#include "tag_strings.hpp"

namespace dbr::bench {
namespace {

/// The API's milliseconds went in, so no more come out.
Utc to_millisecond(Moment moment) {
  return {moment / 1000 * 1000};
}

}  // namespace

void write_2021(Out& out, const Post& post, const Vocabulary& vocabulary) {
  const TagStrings tags(post, vocabulary);
  const auto number_unless_none = [&](std::string_view key, std::uint32_t number) {
    if (number != 0) out.add(",\"", key, "\":\"", number, '"');
  };
  const auto time_unless_never = [&](std::string_view key, Moment moment) {
    if (moment != 0) out.add(",\"", key, "\":\"", to_millisecond(moment), '"');
  };
  out.add('{');
  if (!post.is_banned) out.add(R"("id":")", post.id, R"(",)");
  out.add(R"("created_at":")", to_millisecond(post.created), R"(","uploader_id":")", post.uploader, R"(","score":")",
          post.up_score + post.down_score, R"(","source":")", post.source.view(), '"');
  if (!post.is_banned) out.add(R"(,"md5":")", std::string_view(post.md5.data(), post.md5.size()), '"');
  time_unless_never("last_comment_bumped_at", post.last_commented);
  out.add(R"(,"rating":")", post.rating == 'g' ? 's' : post.rating, R"(","image_width":")", post.width,
          R"(","image_height":")", post.height, R"(","tag_string":")");
  tags.write_all(out);
  out.add(R"(","fav_count":")", post.fav_count, '"');
  if (!post.is_banned) out.add(R"(,"file_ext":")", extension(post), '"');
  time_unless_never("last_noted_at", post.last_noted);
  number_unless_none("parent_id", post.parent);
  out.add(R"(,"has_children":)", post.has_children);
  number_unless_none("approver_id", post.approver);
  out.add(R"(,"tag_count_general":")", tags.count(general), R"(","tag_count_artist":")", tags.count(artist),
          R"(","tag_count_character":")", tags.count(character), R"(","tag_count_copyright":")", tags.count(copyright),
          R"(","file_size":")", post.file_size, R"(","up_score":")", post.up_score, R"(","down_score":")",
          post.down_score, R"(","is_pending":)", post.is_pending, R"(,"is_flagged":)", post.is_flagged,
          R"(,"is_deleted":)", post.is_deleted, R"(,"tag_count":")", post.tag_count, R"(","updated_at":")",
          to_millisecond(post.updated), R"(","is_banned":)", post.is_banned);
  number_unless_none("pixiv_id", post.source.pixiv_id);
  time_unless_never("last_commented_at", post.last_commented);
  out.add(R"(,"has_active_children":)", post.has_children, R"(,"bit_flags":")", post.bit_flags,
          R"(","tag_count_meta":")", tags.count(meta), R"(","has_large":)", has_sample(post),
          R"(,"has_visible_children":)", post.has_children);
  tags.write_split(out);
  if (!post.is_banned) write_three_urls(out, post);
  out.add('}');
}

}  // namespace dbr::bench
