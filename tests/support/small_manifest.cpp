// SPDX-License-Identifier: MIT
#include "small_manifest.hpp"

namespace dbr::test {

std::string md5_of(std::string_view bytes) {
  return digest_hex(DigestKind::md5, bytes);
}

nlohmann::ordered_json post_record(PostId id, std::string_view rating) {
  const std::string md5 = md5_of(std::to_string(id));
  return {{"id", id},
          {"created_at", "2016-07-01T08:00:00.000-04:00"},
          {"score", 4},
          {"source", ""},
          {"md5", md5},
          {"rating", rating},
          {"image_width", 640},
          {"image_height", 480},
          {"tag_string", "1girl solo"},
          {"tag_string_general", "1girl solo"},
          {"file_ext", "png"},
          {"file_size", 100 + id},
          {"parent_id", nullptr},
          {"is_deleted", false},
          {"is_banned", false},
          {"file_url", "https://cdn.example/original/" + md5 + ".png"}};
}

nlohmann::ordered_json hidden(nlohmann::ordered_json record) {
  record.erase("md5");
  record.erase("file_url");
  record["is_banned"] = true;
  return record;
}

std::optional<dataset::WantedOriginal> wanted_original(sql::Database& database, PostId id) {
  auto queue = must(dataset::WantedOriginals::open(database, {id, {{id}}}, dataset::FetchOrder::oldest));
  auto items = must(queue.next(true, 1));
  if (items.empty()) return std::nullopt;
  return items.front();
}

std::vector<PostId> ids_of(dataset::WantedOriginals& queue) {
  std::vector<PostId> ids;
  for (bool from_start = true;; from_start = false) {
    const auto items = must(queue.next(from_start, 2));
    if (items.empty()) return ids;
    for (const auto& item : items) ids.push_back(item.id);
  }
}

dataset::MlState ml_state(sql::Database& database, PostId id) {
  return static_cast<dataset::MlState>(
      must(database.integer("SELECT coalesce(m.state, iif(p.original = 0, 0, 5)) FROM post p "
                            "LEFT JOIN ml m ON m.post_id = p.id WHERE p.id = " +
                            std::to_string(id)))
          .value_or(-1));
}

SmallManifest::SmallManifest()
    : m_dataset(must(dataset::Dataset::open(m_scratch.path(), dataset::Access::create, "test", {}))),
      database(must(m_dataset.connect())) {
  must(database.execute("PRAGMA synchronous = OFF"));
}

void SmallManifest::put(const nlohmann::ordered_json& record, std::int64_t snapshot) {
  if (snapshot == 0) {
    write([&](dataset::MetadataWriter& writer) { must(writer.put(must(metadata::parse_post(record.dump())))); });
    return;
  }
  std::string json = record.dump();
  json.reserve(json.size() + metadata::DumpRowReader::k_padding);
  metadata::DumpRowReader reader;
  write([&](dataset::MetadataWriter& writer) { must(writer.put(must(reader.read_post(json)), snapshot)); });
}

nlohmann::json SmallManifest::post(PostId id) {
  auto finder = must(dataset::PostFinder::create(database, {}));
  return nlohmann::json::parse(must(finder.find(id)).value().json);
}

std::string SmallManifest::record(metadata::Table table, std::int64_t id) {
  return must(dataset::find_record(database, table, id)).value();
}

void SmallManifest::put_gap(PostId id) {
  write([&](dataset::MetadataWriter& writer) { must(writer.put_gap(id)); });
}

void SmallManifest::put(metadata::Table table, const nlohmann::ordered_json& record, std::int64_t snapshot) {
  const auto page = must(metadata::parse_records("[" + record.dump() + "]"));
  write([&](dataset::MetadataWriter& writer) { must(writer.put(table, page.records.at(0), snapshot)); });
}

void SmallManifest::store_original(PostId id, std::string_view bytes, std::string_view extension) {
  must(dataset::record_original(
      database, {id, dataset::OriginalState::stored, "", "", std::string(extension),
                 static_cast<ByteCount>(bytes.size()), md5_of(bytes), digest_hex(DigestKind::sha256, bytes)}));
}

void SmallManifest::set_original(PostId id, dataset::OriginalState state, std::string_view reason) {
  dataset::OriginalOutcome outcome;
  outcome.id = id;
  outcome.state = state;
  outcome.reason = reason;
  must(dataset::record_original(database, outcome));
}

void SmallManifest::set_ml(PostId id, dataset::MlState state, std::string_view bytes, std::string_view settings) {
  dataset::MlOutcome outcome;
  outcome.id = id;
  outcome.state = state;
  outcome.size = static_cast<ByteCount>(bytes.size());
  outcome.md5 = md5_of(bytes);
  outcome.sha256 = digest_hex(DigestKind::sha256, bytes);
  outcome.settings_hash = settings;
  must(dataset::record_ml(database, outcome));
}

void SmallManifest::put_complete(const nlohmann::ordered_json& record) {
  put(record);
  store_original(record.at("id"), std::to_string(record.at("id").get<PostId>()));
  make_ml(record.at("id"));
}

void SmallManifest::write(const std::function<void(dataset::MetadataWriter&)>& body) {
  auto transaction = must(sql::Transaction::begin(database));
  auto writer = must(dataset::MetadataWriter::create(database));
  body(writer);
  must(writer.finish());
  must(transaction.commit());
}

}  // namespace dbr::test
