// SPDX-License-Identifier: MIT
#include "rows.hpp"

namespace dbr::bench {
namespace {

void write_tag_objects(Out& out, const Post& post, const Vocabulary& vocabulary) {
  for (std::uint32_t at = 0; at < post.tag_count; ++at) out.add(vocabulary.object(post.tags[at]));
  if (post.id % 4000 == 7) out.add(vocabulary.object(post.tags[0]));  // the real ones have a few twice
  out.drop_last();
}

void write_pool_list(Out& out, const Post& post) {
  if (post.pool_count == 0) return;
  for (std::uint32_t at = 0; at < post.pool_count; ++at) out.add('"', post.pools[at], "\",");
  for (std::uint32_t at = 0; at < post.pool_count; ++at)
    out.add(is_series(post.pools[at]) ? R"("series",)" : R"("collection",)");
  out.drop_last();
}

void write_favs(Out& out, const Post& post) {
  if (post.fav_count == 0) return;
  Random random(post.id);
  for (std::int32_t left = post.fav_count; left > 0; --left) out.add('"', 1 + random.low_below(600'000), "\",");
  out.drop_last();
}

}  // namespace

void write_2017(Out& out, const Post& post, const Vocabulary& vocabulary) {
  out.add(R"({"id":")", post.id, R"(","created_at":")", Utc{post.created}, R"(","uploader_id":")", post.uploader,
          R"(","score":")", post.up_score + post.down_score, R"(","source":")", post.source.view());
  if (!post.is_banned) out.add(R"(","md5":")", std::string_view(post.md5.data(), post.md5.size()));
  out.add(R"(","last_commented_at":")", Utc{post.last_commented}, R"(","rating":")",
          post.rating == 'g' ? 's' : post.rating, R"(","image_width":")", post.width, R"(","image_height":")",
          post.height, R"(","is_note_locked":false)");
  if (!post.is_banned) out.add(R"(,"file_ext":")", k_extensions[static_cast<std::size_t>(post.kind)], '"');
  out.add(R"(,"last_noted_at":")", Utc{post.last_noted}, R"(","is_rating_locked":)", post.id % 500 == 3,
          R"(,"parent_id":")", post.parent, R"(","has_children":)", post.has_children, R"(,"approver_id":")",
          post.approver, R"(","file_size":")", post.file_size, R"(","is_status_locked":false,"up_score":")",
          post.up_score, R"(","down_score":")", post.down_score, R"(","is_pending":)", post.is_pending,
          R"(,"is_flagged":)", post.is_flagged, R"(,"is_deleted":)", post.is_deleted, R"(,"updated_at":")",
          Utc{post.updated}, R"(","is_banned":)", post.is_banned, R"(,"pixiv_id":")", post.source.pixiv_id,
          R"(","tags":[)");
  write_tag_objects(out, post, vocabulary);
  out.add(R"(],"pools":[)");
  write_pool_list(out, post);
  out.add(R"(],"favs":[)");
  write_favs(out, post);
  out.add("]}");
}

}  // namespace dbr::bench
