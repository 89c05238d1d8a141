// SPDX-License-Identifier: MIT
// Any bytes are posts and records, or an error; what was accepted packs and unpacks to what can be read again.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "dbr/metadata/dump_row.hpp"
#include "dbr/metadata/post.hpp"
#include "dbr/metadata/record.hpp"

namespace {

using namespace dbr::metadata;

std::string unpacked(const Packed& packed, const PackBase& base) {
  const auto json = unpack(packed, base);
  if (!json) __builtin_trap();
  return *json;
}

void check(const Packed& packed, PackBase base, bool is_from_dump = false) {
  const std::string json = unpacked(packed, base);
  base.is_from_dump = is_from_dump;
  const auto again = pack(json, base);
  if (!again || again->shape != packed.shape || again->values != packed.values || again->tags != packed.tags) {
    __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)parse_records(text);
  if (const auto any = pack(text, {})) {
    check(*any, {});
    // The other parser must see the same values.
    const auto before = nlohmann::json::parse(text, nullptr, false);
    if (nlohmann::json::parse(unpacked(*any, {}), nullptr, false) != before) __builtin_trap();
  }
  if (const auto page = parse_posts(text)) {
    for (const auto& post : page->posts) check(post.record, base_of(post));
  }
  std::string padded(text);
  padded.append(DumpRowReader::k_padding, '\0');
  const std::string_view row(padded.data(), size);
  DumpRowReader reader;
  (void)reader.recognise(row, "x.json");
  if (const auto post = reader.read_post(row)) check(post->record, base_of(*post), true);
  if (const auto record = reader.read_record(row)) check(record->record, {});
  // Bytes of a damaged manifest: a shape, then values.
  if (size > 1) {
    const std::size_t cut = std::min<std::size_t>(data[0], size - 1);
    (void)unpack(text.substr(1, cut), text.substr(1 + cut), {}, [] { return nullptr; });
  }
  return 0;
}
