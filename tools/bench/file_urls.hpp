// SPDX-License-Identifier: MIT
// The CDN's addresses of a post's file and of what was made from it.
#pragma once

#include <cstdint>
#include <string_view>

#include "out.hpp"
#include "post.hpp"

namespace dbr::bench {

constexpr bool is_moving(const Post& post) {
  return post.duration_ms != 0;
}
constexpr bool has_sample(const Post& post) {
  return post.kind == FileKind::zip || (post.width > 850 && !is_moving(post) && post.kind != FileKind::swf);
}

/// `https://cdn.donmai.us/TYPE/ab/cd/PREFIXmd5.ext`
struct FileUrl {
  const Post& post;
  std::string_view type, prefix, extension;
};

inline void put(Out& out, const FileUrl& url) {
  const std::string_view md5(url.post.md5.data(), url.post.md5.size());
  out.add("https://cdn.donmai.us/", url.type, '/', md5.substr(0, 2), '/', md5.substr(2, 2), '/', url.prefix, md5, '.',
          url.extension);
}

inline std::string_view extension(const Post& post) {
  return k_extensions[static_cast<std::size_t>(post.kind)];
}
inline FileUrl original_url(const Post& post) {
  return {post, "original", "", extension(post)};
}
inline FileUrl sample_url(const Post& post) {
  return {post, "sample", "sample-", post.kind == FileKind::zip ? "webm" : "jpg"};
}

/// `,"file_url":…` and the other two.
inline void write_three_urls(Out& out, const Post& post) {
  out.add(R"(,"file_url":")", original_url(post), R"(","large_file_url":")",
          has_sample(post) ? sample_url(post) : original_url(post), R"(","preview_file_url":")",
          post.kind == FileKind::swf ? original_url(post) : FileUrl{post, "180x180", "", "jpg"}, '"');
}

}  // namespace dbr::bench
