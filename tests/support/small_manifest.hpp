// SPDX-License-Identifier: MIT
// A dataset of a few posts in a scratch directory, built through the dataset room: what its tests and those of the
// rooms above start from. No file of a post exists; only what the manifest says about it.
#pragma once

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "dbr/base/digest.hpp"
#include "dbr/dataset/dataset.hpp"
#include "dbr/dataset/files.hpp"
#include "dbr/dataset/post_query.hpp"
#include "dbr/dataset/posts.hpp"
#include "dbr/dataset/release.hpp"
#include "dbr/dataset/wanted_originals.hpp"
#include "dbr/metadata/dump_row.hpp"
#include "must.hpp"
#include "scratch.hpp"

namespace dbr::test {

/// The md5 our made-up site gives the file with this content.
std::string md5_of(std::string_view bytes);
/// A live post as the site sends it, without the fields no test here needs.
nlohmann::ordered_json post_record(PostId id, std::string_view rating = "g");
/// The same post when it is banned: today's site leaves these keys out.
nlohmann::ordered_json hidden(nlohmann::ordered_json record);
/// The post's original, if it is wanted.
std::optional<dataset::WantedOriginal> wanted_original(sql::Database& database, PostId id);
/// All the queue holds, asked for two at a time.
std::vector<PostId> ids_of(dataset::WantedOriginals& queue);
/// What became of the post's ML form, as `status` counts it.
dataset::MlState ml_state(sql::Database& database, PostId id);

class SmallManifest {
 public:
  SmallManifest();

  const dataset::Layout& layout() const { return m_dataset.layout(); }

  /// `snapshot`: from a dump.
  void put(const nlohmann::ordered_json& record, std::int64_t snapshot = 0);
  /// As received.
  nlohmann::json post(PostId id);
  std::string record(metadata::Table table, std::int64_t id);
  void put_gap(PostId id);
  void put(metadata::Table table, const nlohmann::ordered_json& record, std::int64_t snapshot = 0);

  /// As fetch-images would after getting these bytes; by default those the site promised.
  void store_original(PostId id, std::string_view bytes, std::string_view extension = "png");
  void store_original(PostId id) { store_original(id, std::to_string(id)); }

  void set_original(PostId id, dataset::OriginalState state, std::string_view reason = "");

  void set_ml(PostId id, dataset::MlState state, std::string_view bytes = "", std::string_view settings = "s1");
  void make_ml(PostId id) { set_ml(id, dataset::MlState::done, "ml of " + std::to_string(id)); }

  /// A post with both its files.
  void put_complete(const nlohmann::ordered_json& record);

  std::int64_t integer(std::string_view sql) { return must(database.integer(sql)).value_or(-1); }

 private:
  /// In one transaction.
  void write(const std::function<void(dataset::MetadataWriter&)>& body);

  Scratch m_scratch;
  dataset::Dataset m_dataset;

 public:
  sql::Database database;
};

inline const dataset::ReleaseSpec k_spec_2017{"danbooru2017", start_of_year(2018)};

}  // namespace dbr::test
