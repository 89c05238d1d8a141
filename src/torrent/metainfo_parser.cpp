// SPDX-License-Identifier: MIT
// Reads v1 metainfo (BEP 3, 12, 19) from anybody. Unknown keys are ignored; what we could only misread (v2, hybrid, pad
// files, symbolic links) is refused.
#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <utility>

#include "dbr/base/digest.hpp"
#include "dbr/torrent/bencode.hpp"
#include "dbr/torrent/metainfo.hpp"
#include "rules.hpp"

namespace dbr::torrent {

namespace {

tl::unexpected<Error> refuse(std::string_view cause) {
  return fail(ErrorKind::corrupt, fmt::format("not a usable torrent: {}", cause));
}

/// Null when the key is absent; an Error when its value is of another type.
template <class T>
Result<const T*> optional_field(const BencodeDict& dict, std::string_view key) {
  const auto found = dict.find(key);
  if (found == dict.end()) return nullptr;
  const T* value = std::get_if<T>(&found->second.value);
  if (value == nullptr) return refuse(fmt::format("'{}' is of the wrong type", key));
  return value;
}

template <class T>
Result<const T*> required_field(const BencodeDict& dict, std::string_view key) {
  DBR_TRY(const T* value, optional_field<T>(dict, key));
  if (value == nullptr) return refuse(fmt::format("'{}' is missing", key));
  return value;
}

Result<std::string> parse_text(const BencodeDict& dict, std::string_view key) {
  DBR_TRY(const std::string* text, optional_field<std::string>(dict, key));
  if (text == nullptr) return std::string();
  if (!is_utf8(*text)) return refuse(fmt::format("'{}' is not UTF-8", key));
  return *text;
}

Result<std::vector<std::string>> parse_texts(const BencodeList& list, std::string_view key) {
  std::vector<std::string> texts;
  for (const BencodeValue& item : list) {
    const auto* text = std::get_if<std::string>(&item.value);
    if (text == nullptr || !is_utf8(*text)) return refuse(fmt::format("'{}' holds something that is not text", key));
    texts.push_back(*text);
  }
  return texts;
}

Result<std::vector<std::vector<std::string>>> parse_trackers(const BencodeDict& top) {
  std::vector<std::vector<std::string>> tiers;
  DBR_TRY(const BencodeList* list, optional_field<BencodeList>(top, "announce-list"));
  if (list != nullptr) {
    for (const BencodeValue& item : *list) {
      const auto* tier = std::get_if<BencodeList>(&item.value);
      if (tier == nullptr) return refuse("'announce-list' holds something that is not a list");
      DBR_TRY(auto urls, parse_texts(*tier, "announce-list"));
      if (!urls.empty()) tiers.push_back(std::move(urls));
    }
  }
  DBR_TRY(std::string announce, parse_text(top, "announce"));
  if (tiers.empty() && !announce.empty()) tiers.push_back({std::move(announce)});
  return tiers;
}

/// BEP 19 allows one string instead of a list; an empty one means none.
Result<std::vector<std::string>> parse_web_seeds(const BencodeDict& top) {
  const auto found = top.find("url-list");
  if (found == top.end()) return std::vector<std::string>();
  if (const auto* list = std::get_if<BencodeList>(&found->second.value)) return parse_texts(*list, "url-list");
  DBR_TRY(std::string url, parse_text(top, "url-list"));
  return url.empty() ? std::vector<std::string>() : std::vector<std::string>{std::move(url)};
}

Result<File> parse_file(const BencodeValue& item) {
  const auto* dict = std::get_if<BencodeDict>(&item.value);
  if (dict == nullptr) return refuse("'files' holds something that is not a dictionary");
  DBR_TRY(const std::string attributes, parse_text(*dict, "attr"));
  if (attributes.find_first_of("lp") != std::string::npos) return refuse("it has pad files or symbolic links (BEP 47)");
  DBR_TRY(const std::int64_t* length, required_field<std::int64_t>(*dict, "length"));
  DBR_TRY(const BencodeList* path, required_field<BencodeList>(*dict, "path"));
  DBR_TRY(const std::vector<std::string> parts, parse_texts(*path, "path"));
  File file{.path = {}, .size = *length};
  for (const std::string& part : parts) {
    // Checked here too: joined, a component with a '/' could no longer be told from two.
    if (!is_safe_component(part)) return refuse("a path has a component that is empty, '.', '..' or not a file name");
    if (!file.path.empty()) file.path += '/';
    file.path += part;
  }
  return file;
}

/// The single-file form has no folder: its one file is listed under the torrent's own name.
Result<std::vector<File>> parse_files(const BencodeDict& info, const std::string& name) {
  DBR_TRY(const std::int64_t* length, optional_field<std::int64_t>(info, "length"));
  DBR_TRY(const BencodeList* list, optional_field<BencodeList>(info, "files"));
  if ((length == nullptr) == (list == nullptr)) return refuse("it needs either 'length' or 'files'");
  std::vector<File> files;
  if (length != nullptr) {
    files.push_back({name, *length});
    return files;
  }
  files.reserve(list->size());
  for (const BencodeValue& item : *list) {
    DBR_TRY(File file, parse_file(item));
    files.push_back(std::move(file));
  }
  return files;
}

Result<void> parse_info(const BencodeDict& info, Metainfo& result) {
  if (info.contains("meta version")) return refuse("it is a v2 or hybrid torrent (BEP 52); only v1 is read");
  DBR_TRY(result.name, parse_text(info, "name"));
  if (!is_safe_component(result.name)) return refuse("its name is not a file name");
  DBR_TRY(const std::int64_t* piece_length, required_field<std::int64_t>(info, "piece length"));
  if (*piece_length <= 0) return refuse("its piece length is not positive");
  result.piece_length = *piece_length;
  DBR_TRY(result.files, parse_files(info, result.name));
  if (const auto fault = find_fault(result.files)) return refuse(*fault);
  const ByteCount total = total_size(result.files);
  if (total == 0) return refuse("it holds no byte");
  DBR_TRY(const std::string* pieces, required_field<std::string>(info, "pieces"));
  const std::size_t count = count_pieces(total, result.piece_length);
  // Divided, not multiplied: a hostile size must not overflow its way to equality.
  if (pieces->size() % k_sha1_size != 0 || pieces->size() / k_sha1_size != count) {
    return refuse(fmt::format("{} bytes of piece hashes do not fit {} pieces", pieces->size(), count));
  }
  result.pieces = *pieces;
  return {};
}

/// Where the value that begins at `at` ends; nullopt when the document ends before.
std::optional<std::size_t> end_of_value(std::string_view document, std::size_t at) {
  for (std::size_t depth = 0; at < document.size();) {
    const char type = document[at];
    if (type == 'l' || type == 'd') {
      ++depth;
      ++at;
    } else if (type == 'e' && depth > 0) {
      --depth;
      ++at;
    } else if (type == 'i') {
      at = document.find('e', at);
      if (at == std::string_view::npos) return std::nullopt;
      ++at;
    } else {
      std::size_t length = 0;
      const auto [end, error] = std::from_chars(document.data() + at, document.data() + document.size(), length);
      at = static_cast<std::size_t>(end - document.data()) + 1;
      if (error != std::errc() || at > document.size() || *end != ':' || length > document.size() - at) {
        return std::nullopt;
      }
      at += length;
    }
    if (depth == 0) return at;
  }
  return std::nullopt;
}

}  // namespace

Result<MetainfoSummary> summarize_metainfo(std::string_view document) {
  if (!document.starts_with('d')) return refuse("it is no dictionary");
  std::size_t at = 1;
  while (at < document.size() && document[at] != 'e') {
    const auto key_end = end_of_value(document, at);
    const auto end = key_end ? end_of_value(document, *key_end) : std::nullopt;
    if (!end) break;
    if (document.substr(at, *key_end - at) == "4:info") {
      const std::string_view info = document.substr(*key_end, *end - *key_end);
      // All but the info dictionary is small, and read as strictly as any.
      std::string rest(document.substr(0, *key_end));
      rest.append("de").append(document.substr(*end));
      DBR_TRY(const BencodeValue root, parse_bencode(rest));
      const auto* top = std::get_if<BencodeDict>(&root.value);
      if (top == nullptr) break;
      MetainfoSummary summary{.infohash = digest_hex(DigestKind::sha1, info), .trackers = {}};
      DBR_TRY(summary.trackers, parse_trackers(*top));
      return summary;
    }
    at = *end;
  }
  return refuse("it is cut short or has no 'info'");
}

Result<Metainfo> parse_metainfo(std::string_view document) {
  DBR_TRY(const BencodeValue root, parse_bencode(document));
  const auto* top = std::get_if<BencodeDict>(&root.value);
  if (top == nullptr) return refuse("it is not a dictionary");
  Metainfo result;
  DBR_TRY(const BencodeDict* info, required_field<BencodeDict>(*top, "info"));
  DBR_CHECK(parse_info(*info, result));
  const BencodeValue& span = top->find("info")->second;
  result.infohash = digest_hex(DigestKind::sha1, document.substr(span.begin, span.end - span.begin));
  DBR_TRY(result.comment, parse_text(*top, "comment"));
  DBR_TRY(result.trackers, parse_trackers(*top));
  DBR_TRY(result.web_seeds, parse_web_seeds(*top));
  return result;
}

}  // namespace dbr::torrent
