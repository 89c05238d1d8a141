// SPDX-License-Identifier: MIT
// The posts: nine in ten before 2018, the moments around that new year spelled out, every state and every kind of file.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <thread>

#include "dbr/base/digest.hpp"
#include "image_folder.hpp"
#include "picture_files.hpp"
#include "world.hpp"

namespace dbr::sim {

namespace {

const Moment k_begin = moment("2005-05-24T03:35:31.425Z");
const Moment k_new_year = moment("2018-01-01");
const Moment k_last_post = moment("2018-06-15");
const Moment k_world_end = moment("2018-06-18");

/// The posts around the end of 2017, as the difference to it in UTC; Eastern midnight is five hours later.
constexpr auto k_around_new_year =
    std::to_array<Moment>({-14'400 * k_second, -3'600 * k_second, -k_second, -1'000, -500, 0, 400, k_second,
                           7'200 * k_second, 18'000 * k_second - 1'000, 18'000 * k_second, 18'000 * k_second + 300});
constexpr std::size_t k_before_new_year = 5;

/// The site grew: half of the posts before 2018 are from its last four years. Moments never go back, and now and
/// then two posts share a millisecond.
Moment next_moment(std::size_t index, std::size_t count, Moment previous, Dice& dice) {
  const std::size_t split = count * 9 / 10;
  const std::size_t slot = index + k_before_new_year - split;  // wraps around for earlier posts
  if (count >= 40 && slot < k_around_new_year.size()) return k_new_year + k_around_new_year[slot];
  if (index % 97 == 50) return previous / 1000 * 1000 + 999;
  const bool is_before = index < split;
  const double part = is_before ? std::sqrt(static_cast<double>(index) / static_cast<double>(split))
                                : static_cast<double>(index - split) / static_cast<double>(count - split);
  const Moment low = is_before ? k_begin : k_new_year + 20'000 * k_second;
  const Moment high = is_before ? k_new_year - 20'000 * k_second : k_last_post;
  const Moment jitter = index == 0 ? 0 : dice.between(0, 4'000 * k_second);
  return std::max(previous, low + static_cast<Moment>(static_cast<double>(high - low) * part) + jitter);
}

/// Four in five are ordinary; the rest goes round all kinds, so each appears often enough to be met.
PictureKind kind_of(std::size_t index, Dice& dice) {
  const auto kinds = all_picture_kinds();
  if (index % 6 == 3) return kinds[index / 6 % kinds.size()];
  return dice.chance(0.66) ? PictureKind::baseline_jpeg : PictureKind::rgb_png;
}

void draw_states(const World& world, Post& post, Dice& dice, bool is_new) {
  post.is_deleted = dice.chance(0.04);
  post.is_banned = dice.chance(0.02);
  if (dice.chance(0.004)) post.bit_flags |= k_taken_down;
  if (dice.chance(0.02)) post.bit_flags |= 1;
  if (post.created_at < moment("2014-01-01")) post.bit_flags |= 2;  // once has_cropped, never cleared
  post.is_flagged = !post.is_deleted && dice.chance(0.005);
  post.is_pending = is_new && !post.is_deleted;
  if (dice.chance(0.01))
    post.tags.push_back(world.tag_by_name.at(dice.chance(0.5) ? "private_list_one" : "private_list_two"));
}

void sort_tags(const World& world, Post& post) {
  std::sort(post.tags.begin(), post.tags.end(),
            [&](TagIndex a, TagIndex b) { return world.tags[a].name < world.tags[b].name; });
  post.tags.erase(std::unique(post.tags.begin(), post.tags.end()), post.tags.end());
}

void add_files(World& world) {
  const auto draw_every = [&world](std::size_t first, std::size_t step) {
    for (std::size_t i = first; i < world.assets.size(); i += step) {
      draw_picture(world, world.assets[i], Dice(world.options.seed, 1'000'000 + i));
    }
  };
  std::jthread half(draw_every, 1, 2);
  draw_every(0, 2);
  half.join();
  for (std::uint32_t i = 0; i < world.assets.size(); ++i) {
    admit_asset(world, i, Dice(world.options.seed, 3'000'000 + i));
  }
}

void add_parents(World& world, Dice& dice) {
  for (std::size_t i = 2; i < world.posts.size(); ++i) {
    if (!dice.chance(0.06)) continue;
    const auto back = dice.between(1, std::min<std::int64_t>(50, static_cast<std::int64_t>(i)));
    Post& parent = world.posts[i - static_cast<std::size_t>(back)];
    world.posts[i].parent_id = parent.id;
    parent.has_children = true;
    parent.has_active_children = parent.has_active_children || !world.posts[i].is_deleted;
  }
}

}  // namespace

void draw_picture(const World& world, Asset& asset, Dice dice) {
  if (!asset.path.empty()) return;  // image_folder.cpp did it
  asset.ext = extension(asset.kind);
  if (world.options.metadata_only) {
    asset.size = dice.between(20'000, 3'000'000);
    asset.width = static_cast<int>(dice.between(200, 4000));
    asset.height = static_cast<int>(dice.between(200, 4000));
    asset.served_md5 = asset.md5 = dice.hex(32);
    return;
  }
  const Picture picture = make_picture(asset.kind, asset.picture_seed);
  asset.size = static_cast<ByteCount>(picture.bytes.size());
  asset.width = picture.width;
  asset.height = picture.height;
  asset.served_md5 = asset.md5 = digest_hex(DigestKind::md5, picture.bytes);
}

void admit_asset(World& world, std::uint32_t index, Dice dice) {
  Asset& asset = world.assets[index];
  if (dice.chance(0.003) && asset.path.empty()) asset.md5 = dice.hex(32);
  if (dice.chance(0.003) && asset.path.empty()) asset.is_absent = true;
  while (!world.asset_by_md5.emplace(asset.md5, index).second) asset.md5 = dice.hex(32);
}

void add_posts(World& world) {
  Dice dice(world.options.seed, 2);
  auto files = find_images(world.options.images);
  const std::size_t count = files.empty() ? world.options.posts : std::min(files.size(), world.options.posts);
  PostId id = 0;
  Moment previous = 0;
  world.posts.reserve(count);
  world.assets.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    id += i > 0 && dice.chance(0.05) ? dice.between(2, 3) : 1;
    const Moment created = next_moment(i, count, previous, dice);
    previous = created;
    Post post = draw_post(world, dice, created);
    post.id = id;
    post.asset = static_cast<std::uint32_t>(i);
    post.updated_at =
        std::min(k_world_end, created + (dice.chance(0.7) ? dice.between(0, 700 * k_day) : dice.between(0, k_day)));
    // Of a folder's pictures none is withheld: who serves them wants to see them come back.
    if (files.empty()) draw_states(world, post, dice, i + 1 + std::min<std::size_t>(20, count / 50) > count);
    sort_tags(world, post);
    Asset asset = files.empty() ? Asset{.kind = kind_of(i, dice)} : std::move(files[i]);
    asset.id = id + 500'000;
    asset.post_id = id;
    asset.picture_seed = dice.next();
    asset.created_at = created - k_second * 90;
    asset.updated_at = asset.created_at + k_second;
    world.assets.push_back(std::move(asset));
    world.posts.push_back(std::move(post));
  }
  add_files(world);
  add_parents(world, dice);
  world.last_change = k_world_end;
}

}  // namespace dbr::sim
