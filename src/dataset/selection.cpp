// SPDX-License-Identifier: MIT
#include "dbr/dataset/selection.hpp"

#include <fmt/format.h>

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "dbr/base/log.hpp"
#include "dbr/dataset/release.hpp"
#include "dbr/dataset/states.hpp"
#include "dbr/dataset/tag_index.hpp"
#include "queries.hpp"
#include "settings.hpp"

namespace dbr::dataset {
namespace {

constexpr std::string_view k_setting = "selection";
constexpr std::int64_t k_excluded = static_cast<std::int64_t>(OriginalState::excluded);
// Posts in a transaction.
constexpr int k_portion = 20'000;
constexpr auto k_image_extensions = std::to_array<std::string_view>(
    {"jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "avif", "bmp", "tif", "tiff", "jxl"});

// Equal texts for equal selections.
std::string text_of(const Selection& selection) {
  std::vector<std::string> tags = selection.exclude_tags;
  std::ranges::sort(tags);
  tags.erase(std::ranges::unique(tags).begin(), tags.end());
  const std::string only =
      selection.only ? fmt::format("{} by {}", to_string(*selection.only), selection.sfw_ratings) : "";
  return fmt::format("only={} max_file_size={} images_only={} without={}", only, selection.max_file_size.value_or(-1),
                     selection.skip_non_images, fmt::join(tags, " "));
}

class Selector {
 public:
  static Result<Selector> create(sql::Database& database, const Selection& selection) {
    DBR_TRY(auto tags, TagMatcher::create(database, selection.exclude_tags));
    for (const std::string& name : tags.unknown())
      log::warning("no post has the tag {}, which is to be left out", name);
    return Selector(selection, std::move(tags));
  }

  /// Why it is left out; empty when it is wanted.
  std::string_view reason_against(const WantedOriginal& post) const {
    if (m_selection.only && set_of(post.rating, m_selection.sfw_ratings) != *m_selection.only) return "rating";
    if (post.file_size > m_selection.max_file_size.value_or(std::numeric_limits<ByteCount>::max())) return "size";
    if (m_selection.skip_non_images && std::ranges::find(k_image_extensions, post.file_ext) == k_image_extensions.end())
      return "not_an_image";
    return m_tags.has_any(post.tags) ? "tag" : "";
  }

 private:
  Selector(const Selection& selection, TagMatcher tags) : m_selection(selection), m_tags(std::move(tags)) {}
  const Selection& m_selection;
  TagMatcher m_tags;
};

Result<bool> is_changed(sql::Database& database, const Selection& selection) {
  DBR_TRY(const std::string before, text_setting(database, k_setting));
  return (before.empty() ? text_of({}) : before) != text_of(selection);
}

Result<std::vector<PostId>> next_excluded(sql::Database& database, PostId after) {
  DBR_TRY(auto select, database.prepare(k_set_aside));
  select.bind(1, k_excluded).bind(2, after).bind(3, k_portion);
  std::vector<PostId> ids;
  for (;;) {
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) return ids;
    ids.push_back(select.integer(0));
  }
}

Result<void> take_back(sql::Database& database, const std::function<bool()>& may_go_on) {
  while (may_go_on()) {
    DBR_TRY(const auto ids, next_excluded(database, 0));
    if (ids.empty()) break;
    DBR_TRY(auto transaction, sql::Transaction::begin(database));
    for (const PostId id : ids) DBR_CHECK(record_original(database, {.id = id, .state = OriginalState::wanted}));
    DBR_CHECK(transaction.commit());
  }
  return {};
}

}  // namespace

Result<void> apply_selection(sql::Database& database, const Selection& selection, const PostRange& range,
                             const std::function<bool()>& may_go_on) {
  DBR_TRY(const bool is_other, is_changed(database, selection));
  if (is_other) {
    DBR_CHECK(take_back(database, may_go_on));
    if (!may_go_on()) return {};
    DBR_CHECK(set_setting(database, k_setting, text_of(selection)));
  }
  if (text_of(selection) == text_of({})) return {};
  DBR_TRY(const auto selector, Selector::create(database, selection));
  DBR_TRY(auto queue, WantedOriginals::open(database, range, FetchOrder::oldest));
  for (bool from_start = true; may_go_on(); from_start = false) {
    DBR_TRY(const auto posts, queue.next(from_start, k_portion));
    if (posts.empty()) break;
    DBR_TRY(auto transaction, sql::Transaction::begin(database));
    for (const WantedOriginal& post : posts) {
      const std::string_view reason = selector.reason_against(post);
      if (reason.empty()) continue;
      DBR_CHECK(
          record_original(database, {.id = post.id, .state = OriginalState::excluded, .reason = std::string(reason)}));
    }
    DBR_CHECK(transaction.commit());
  }
  return {};
}

Result<Totals> selected_totals(sql::Database& database, const Selection& selection, const PostRange& range) {
  DBR_TRY(const auto selector, Selector::create(database, selection));
  DBR_TRY(const bool is_other, is_changed(database, selection));
  DBR_TRY(auto queue, WantedOriginals::open(database, range, FetchOrder::oldest));
  Totals totals;
  const auto add = [&](const std::vector<WantedOriginal>& posts) {
    for (const WantedOriginal& post : posts) {
      if (!selector.reason_against(post).empty()) continue;
      ++totals.items;
      totals.bytes += post.file_size;
    }
  };
  for (bool from_start = true;; from_start = false) {
    DBR_TRY(const auto posts, queue.next(from_start, k_portion));
    if (posts.empty()) break;
    add(posts);
  }
  for (PostId after = 0; is_other;) {
    DBR_TRY(auto ids, next_excluded(database, after));
    if (ids.empty()) break;
    after = ids.back();
    std::erase_if(
        ids, [&](PostId id) { return id > range.last || (range.ids && !std::ranges::binary_search(*range.ids, id)); });
    DBR_TRY(const auto posts, originals_of(database, ids));
    add(posts);
  }
  return totals;
}

}  // namespace dbr::dataset
