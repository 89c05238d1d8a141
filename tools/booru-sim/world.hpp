// SPDX-License-Identifier: MIT
// Everything the stand-in site knows. Equal seeds and sizes give equal worlds; later changes carry the real time.
// Readers hold `mutex` shared, changes hold it alone.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dbr/base/ids.hpp"
#include "dice.hpp"
#include "json.hpp"
#include "moment.hpp"
#include "options.hpp"
#include "pictures.hpp"

namespace dbr::sim {

/// A file on the CDN. Replaced ones stay, under their old md5.
struct Asset {
  std::int64_t id = 0;
  PostId post_id = 0;  // 0 once the post has another
  Moment created_at = 0;
  Moment updated_at = 0;
  PictureKind kind = PictureKind::baseline_jpeg;
  std::uint64_t picture_seed = 0;
  std::string path = {};        // --images: where the bytes are
  std::string md5 = {};         // what the site says
  std::string served_md5 = {};  // of the bytes at its URL
  std::string ext = {};
  ByteCount size = 0;
  int width = 0;
  int height = 0;
  bool is_absent = false;    // 404 on the CDN
  bool is_expunged = false;  // and the site knows
};

struct Tag {
  std::int64_t id = 0;
  std::string name;
  int category = 0;
  int counted_category = 0;  // what its posts' tag_count_* go by: a job follows a new category later
  Moment created_at = 0;
  Moment updated_at = 0;
  std::int64_t post_count = 0;
  bool is_deprecated = false;
  bool is_restricted = false;  // on the site's private list: posts with it hide their files
};

using TagIndex = std::uint32_t;

struct Post {
  PostId id = 0;
  Moment created_at = 0;
  Moment updated_at = 0;
  Moment last_noted_at = 0;  // 0 means null, here and below
  Moment last_commented_at = 0;
  std::int64_t uploader_id = 1;
  std::int64_t approver_id = 0;
  std::int64_t pixiv_id = 0;
  PostId parent_id = 0;
  std::string source;
  std::vector<TagIndex> tags;  // sorted by name
  std::uint32_t asset = 0;
  int up_score = 0;
  int down_score = 0;
  int fav_count = 0;
  unsigned bit_flags = 0;
  char rating = 's';
  bool has_children = false;
  bool has_active_children = false;
  bool is_pending = false;
  bool is_flagged = false;
  bool is_deleted = false;
  bool is_banned = false;
  bool is_expunged = false;  // the row is gone; kept here for the truth
};

constexpr unsigned k_taken_down = 4;

struct World {
  explicit World(const Options& chosen) : options(chosen), dice(chosen.seed, 99) {}

  const Options options;
  mutable std::shared_mutex mutex;
  std::vector<Post> posts;    // ascending by id
  std::vector<Asset> assets;  // ascending by id
  std::vector<Tag> tags;      // ascending by id
  std::unordered_map<std::string, TagIndex> tag_by_name;
  std::unordered_map<std::string, std::uint32_t> asset_by_md5;
  std::map<std::string, std::vector<Json>, std::less<>> rows;  // the other tables, ascending by id; moments as numbers
  Dice dice;                                                   // for changes
  Moment last_change = 0;
  std::vector<TagIndex> recategorised;  // the job for them has not run

  Post* find_post(PostId id);
  const Post* find_post(PostId id) const;
  const Asset& asset_of(const Post& post) const { return assets[post.asset]; }
  bool is_restricted(const Post& post) const;
  /// Nobody but the site's staff gets md5 and URLs of these.
  bool is_withheld(const Post& post) const;
  std::string tag_string(const Post& post, int category = -1) const;

  /// Appends a row with the next id (ids have gaps) in front of `fields`.
  Json& add_row(std::string_view table, Json fields);
  /// The row with this id, or nullptr.
  Json* find_row(std::string_view table, std::int64_t id);
  /// Moves the parent's updated_at if a flag changes.
  void refresh_children_flags(PostId parent, Moment at);
};

/// Seconds for what moves, negative for what does not.
double duration_of(PictureKind kind);
bool is_animated(PictureKind kind);

std::unique_ptr<World> make_world(const Options& options);

/// The steps of make_world, in order.
void add_tags(World& world);
void add_posts(World& world);
void count_tags(World& world);
void add_tables(World& world);
void add_feeds(World& world);

/// One post with everything drawn from `dice` except its file and id; also used for posts that arrive later.
Post draw_post(const World& world, Dice& dice, Moment created_at);
/// The file itself: size, md5 and sides, made or invented (--metadata-only).
void draw_picture(const World& world, Asset& asset, Dice dice);
/// Registers the asset by md5; an md5 that is taken is replaced by an invented one, because it is unique on the site.
void admit_asset(World& world, std::uint32_t index, Dice dice);

}  // namespace dbr::sim
