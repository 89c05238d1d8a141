// SPDX-License-Identifier: MIT
// The tag fields the 2021 dump and the API share: one string of all tags, one for each category, and counts.
#pragma once

#include <array>
#include <cstdint>

#include "out.hpp"
#include "post.hpp"

namespace dbr::bench {

class TagStrings {
 public:
  TagStrings(const Post& post, const Vocabulary& vocabulary) : m_post(post), m_vocabulary(vocabulary) {
    for (std::uint32_t at = 0; at < post.tag_count; ++at) ++m_counts[vocabulary.category(post.tags[at])];
  }

  std::uint32_t count(Category category) const { return m_counts[category]; }

  void write_all(Out& out) const {
    for (std::uint32_t at = 0; at < m_post.tag_count; ++at) out.add(m_vocabulary.name(m_post.tags[at]), ' ');
    out.drop_last();
  }
  void write(Out& out, Category category) const {
    if (m_counts[category] == 0) return;
    for (std::uint32_t at = 0; at < m_post.tag_count; ++at) {
      if (m_vocabulary.category(m_post.tags[at]) == category) out.add(m_vocabulary.name(m_post.tags[at]), ' ');
    }
    out.drop_last();
  }
  /// `,"tag_string_general":"…"` and the others, in the API's order.
  void write_split(Out& out) const {
    out.add(R"(,"tag_string_general":")");
    write(out, general);
    out.add(R"(","tag_string_character":")");
    write(out, character);
    out.add(R"(","tag_string_copyright":")");
    write(out, copyright);
    out.add(R"(","tag_string_artist":")");
    write(out, artist);
    out.add(R"(","tag_string_meta":")");
    write(out, meta);
    out.add('"');
  }

 private:
  const Post& m_post;
  const Vocabulary& m_vocabulary;
  std::array<std::uint32_t, k_categories> m_counts{};
};

}  // namespace dbr::bench
