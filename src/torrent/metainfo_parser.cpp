// SPDX-License-Identifier: MIT
// Reads v1 metainfo (BEP 3, 12, 19) from anybody, value by value. Unknown keys are passed over; what we could only
// misread (v2, hybrid, pad files, symbolic links) is refused.
#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <utility>

#include "dbr/base/digest.hpp"
#include "dbr/base/text.hpp"
#include "dbr/torrent/bencode.hpp"
#include "dbr/torrent/metainfo.hpp"
#include "file_list.hpp"
#include "rules.hpp"

namespace dbr::torrent {

namespace {

using Type = BencodeReader::Type;

constexpr std::size_t k_most_urls = 10'000;  // a string takes more memory than two bytes of a file

Result<std::string> read_text(BencodeReader& in, std::string_view key) {
  DBR_TRY(const std::string_view text, in.string());
  if (!is_utf8(text)) return unusable(fmt::format("'{}' is not UTF-8", key));
  return std::string(text);
}

/// What clients do without is taken where it is as it should be, and passed over otherwise.
Result<std::string> read_optional_text(BencodeReader& in) {
  DBR_TRY(const Type type, in.type());
  if (type != Type::string) {
    DBR_CHECK(in.skip());
    return std::string();
  }
  DBR_TRY(const std::string_view text, in.string());
  return std::string(is_utf8(text) ? text : std::string_view());
}

Result<std::optional<std::int64_t>> read_optional_integer(BencodeReader& in) {
  DBR_TRY(const Type type, in.type());
  if (type == Type::integer) return in.integer();
  DBR_CHECK(in.skip());
  return std::nullopt;
}

/// A list of URLs, or one instead of it. Empty ones mean none.
Result<void> read_urls(BencodeReader& in, std::string_view key, std::vector<std::string>& urls) {
  DBR_TRY(const Type type, in.type());
  if (type != Type::list) {
    DBR_TRY(std::string url, read_optional_text(in));
    if (!url.empty()) urls.push_back(std::move(url));
    return {};
  }
  DBR_CHECK(in.enter(Type::list));
  for (;;) {
    DBR_TRY(const bool has_more, in.has_item());
    if (!has_more) return {};
    DBR_TRY(std::string url, read_optional_text(in));
    if (url.empty()) continue;
    if (urls.size() == k_most_urls) return unusable(fmt::format("'{}' has more than {} entries", key, k_most_urls));
    urls.push_back(std::move(url));
  }
}

/// BEP 12: lists of URLs; some write URLs only.
Result<void> read_tiers(BencodeReader& in, std::vector<std::vector<std::string>>& tiers) {
  DBR_TRY(const Type type, in.type());
  if (type != Type::list) {
    DBR_CHECK(in.skip());
    return {};
  }
  std::size_t count = 0;
  DBR_CHECK(in.enter(Type::list));
  for (;;) {
    DBR_TRY(const bool has_more, in.has_item());
    if (!has_more) return {};
    std::vector<std::string> urls;
    DBR_CHECK(read_urls(in, "announce-list", urls));
    if (urls.empty()) continue;
    count += urls.size();
    if (count > k_most_urls) return unusable(fmt::format("'announce-list' has more than {} entries", k_most_urls));
    tiers.push_back(std::move(urls));
  }
}

/// What of the info dictionary can only be judged together.
Result<void> check_info(Metainfo& result, std::optional<ByteCount> length, bool has_files) {
  if (!is_safe_component(result.name)) return unusable("its name is missing or not a file name");
  if (result.piece_length <= 0) return unusable("its piece length is missing or not positive");
  if (length.has_value() == has_files) return unusable("it needs either 'length' or 'files'");
  // The single-file form has no folder: its one file lies under the torrent's own name.
  result.is_single_file = length.has_value();
  if (length) result.files.push_back({result.name, *length});
  if (const auto fault = find_fault(result.files)) return unusable(*fault);
  const ByteCount total = total_size(result.files);
  if (total == 0) return unusable("it holds no byte");
  const std::size_t count = count_pieces(total, result.piece_length);
  // Divided, not multiplied: a hostile size must not overflow its way to equality.
  if (result.pieces.size() % k_sha1_size != 0 || result.pieces.size() / k_sha1_size != count) {
    return unusable(fmt::format("{} bytes of piece hashes do not fit {} pieces", result.pieces.size(), count));
  }
  return {};
}

bool is_reuse_key(std::string_view key) {
  return key == "similar" || key == "collections";
}

Result<void> read_info(BencodeReader& in, Metainfo& result) {
  std::optional<ByteCount> length;
  bool has_files = false;
  DBR_CHECK(in.enter(Type::dict));
  for (;;) {
    DBR_TRY(const auto key, in.key());
    if (!key) break;
    if (key == "file tree" || key == "meta version") {
      return unusable("it is a v2 or hybrid torrent (BEP 52); only v1 is read");
    }
    if (key == "files") {
      DBR_CHECK(read_file_list(in, result.files));
      has_files = true;
    } else if (key == "length") {
      DBR_TRY(length, in.integer());
    } else if (key == "name" || key == "name.utf-8") {  // clients prefer the latter, which comes later
      DBR_TRY(result.name, read_text(in, *key));
    } else if (key == "piece length") {
      DBR_TRY(result.piece_length, in.integer());
    } else if (key == "pieces") {
      DBR_TRY(result.pieces, in.string());
    } else if (key == "private") {
      DBR_TRY(const auto flag, read_optional_integer(in));
      result.is_private = flag.value_or(0) != 0;
    } else if (key == "source") {
      DBR_TRY(result.source, read_optional_text(in));
    } else {
      if (is_reuse_key(*key)) result.reuse_keys.emplace_back(*key);
      DBR_CHECK(in.skip());
    }
  }
  return check_info(result, length, has_files);
}

enum class Depth { whole, without_info };

Result<Metainfo> read_document(std::string_view document, Depth depth) {
  BencodeReader in(document);
  Metainfo result;
  std::string announce;
  DBR_CHECK(in.enter(Type::dict));
  for (;;) {
    DBR_TRY(const auto key, in.key());
    if (!key) break;
    if (key == "announce") {
      DBR_TRY(announce, read_optional_text(in));
    } else if (key == "announce-list") {
      DBR_CHECK(read_tiers(in, result.trackers));
    } else if (key == "comment") {
      DBR_TRY(result.comment, read_optional_text(in));
    } else if (key == "created by") {
      DBR_TRY(result.created_by, read_optional_text(in));
    } else if (key == "creation date") {
      DBR_TRY(result.creation_date, read_optional_integer(in));
    } else if (key == "info") {
      const std::size_t begin = in.position();
      if (depth == Depth::whole) {
        DBR_CHECK(read_info(in, result));
      } else {
        DBR_CHECK(in.skip());
      }
      const std::string_view info = document.substr(begin, in.position() - begin);
      if (!info.starts_with('d')) return unusable("'info' is no dictionary");
      result.infohash = digest_hex(DigestKind::sha1, info);
      result.info_size = static_cast<ByteCount>(info.size());
    } else if (key == "url-list") {
      DBR_CHECK(read_urls(in, *key, result.web_seeds));
    } else {
      if (is_reuse_key(*key)) result.reuse_keys.emplace_back(*key);
      DBR_CHECK(in.skip());
    }
  }
  DBR_CHECK(in.finish());
  if (result.infohash.empty()) return unusable("'info' is missing");
  // BEP 12: the list takes the place of the one.
  if (result.trackers.empty() && !announce.empty()) result.trackers.push_back({std::move(announce)});
  result.document_size = static_cast<ByteCount>(document.size());
  result.items = in.items();
  return result;
}

}  // namespace

Result<MetainfoSummary> summarize_metainfo(std::string_view document) {
  DBR_TRY(Metainfo info, read_document(document, Depth::without_info));
  return MetainfoSummary{std::move(info.infohash), std::move(info.trackers)};
}

Result<Metainfo> parse_metainfo(std::string_view document) {
  return read_document(document, Depth::whole);
}

}  // namespace dbr::torrent
