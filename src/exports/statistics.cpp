// SPDX-License-Identifier: MIT
#include "statistics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "dbr/base/zstd_file.hpp"
#include "release_counts.hpp"

namespace dbr::exports {
namespace {

constexpr std::int64_t k_schema_version = 1;
constexpr std::int64_t k_million_millions = 1'000'000'000'000;
constexpr std::size_t k_top_tags = 20;
constexpr std::size_t k_common_sizes = 10;

struct OtherDataset {
  std::string_view name;
  std::int64_t images, labels;
};
// From their papers: Russakovsky et al. 2015 (the training images, each of one class), Lin et al. 2014.
constexpr std::array k_others = {OtherDataset{"ImageNet (ILSVRC 2012)", 1'281'167, 1'281'167},
                                 OtherDataset{"MS COCO", 328'000, 2'500'000}};

Document edge_of(const ReleaseCounts::Edge& edge) {
  if (edge.id == 0) return nullptr;
  return {{"id", edge.id}, {"created_at", format_timestamp(edge.created_at)}};
}

Result<Document> tags_of(const ReleaseCounts& counts) {
  std::array<std::vector<TagTable::UsedTag>, metadata::k_tag_categories.size()> used;
  DBR_CHECK(counts.tags.for_each_used([&](const TagTable::UsedTag& tag) -> Result<void> {
    used[index_of_category(tag.category)].push_back(tag);
    return {};
  }));
  std::size_t unique = 0;
  Document categories = Document::array();
  for (std::size_t index = 0; index < used.size(); ++index) {
    auto& tags = used[index];
    unique += tags.size();
    const auto top = tags.begin() + static_cast<std::ptrdiff_t>(std::min(tags.size(), k_top_tags));
    std::ranges::partial_sort(tags, top, {},
                              [](const TagTable::UsedTag& tag) { return std::tuple(-tag.posts, tag.name); });
    Document list = Document::array();
    for (auto tag = tags.begin(); tag != top; ++tag) list.push_back({{"name", tag->name}, {"posts", tag->posts}});
    const metadata::TagCategory category = metadata::k_tag_categories[index];
    const Tally& per_post = counts.category_tags_per_post[index];
    categories.push_back({{"category", static_cast<int>(category)},
                          {"name", to_string(category)},
                          {"instances", per_post.sum()},
                          {"unique", tags.size()},
                          {"mean", per_post.mean()},
                          {"median", per_post.median()},
                          {"top", std::move(list)}});
  }
  return Document{{"instances", counts.tags_per_post.sum()},
                  {"unique", unique},
                  {"mean", counts.tags_per_post.mean()},
                  {"median", counts.tags_per_post.median()},
                  {"categories", std::move(categories)}};
}

Document bytes_of(const ReleaseCounts& counts, ByteCount originals, ByteCount ml_forms) {
  return {{"original", originals},
          {"512px", ml_forms},
          {"total", originals + ml_forms},
          {"terabytes", decimal(originals + ml_forms, k_million_millions)},
          {"original_of_stills", counts.originals_of_stills},
          {"512px_percent", decimal(100 * ml_forms, counts.originals_of_stills)},
          {"512px_percent_of_all", decimal(100 * ml_forms, originals)}};
}

Document ratings_of(const ReleaseCounts& counts) {
  const auto tenths = percents_in_tenths(counts.ratings);
  Document list = Document::array();
  for (std::size_t index = 0; index < counts.ratings.size(); ++index) {
    list.push_back({{"rating", index < k_ratings.size() ? k_ratings[index] : "unknown"},
                    {"posts", counts.ratings[index]},
                    {"percent", decimal(tenths[index], 10)}});
  }
  return list;
}

Document sets_of(const ReleaseCounts& counts) {
  Document list = Document::array();
  for (const dataset::Set set : {dataset::Set::sfw, dataset::Set::nsfw}) {
    const auto& set_counts = counts.sets[static_cast<std::size_t>(set)];
    list.push_back({{"set", to_string(set)},
                    {"posts", set_counts.posts},
                    {"stills", set_counts.stills},
                    {"files", set_counts.posts + set_counts.stills},
                    {"original_bytes", set_counts.originals},
                    {"512px_bytes", set_counts.ml_forms},
                    {"bytes", set_counts.originals + set_counts.ml_forms}});
  }
  return list;
}

Document formats_of(const ReleaseCounts& counts) {
  using Entry = std::pair<std::string, ReleaseCounts::FormatCounts>;
  std::vector<Entry> formats(counts.formats.begin(), counts.formats.end());
  std::ranges::stable_sort(formats, std::ranges::greater{}, [](const Entry& entry) { return entry.second.files; });
  Document list = Document::array();
  for (const auto& [extension, format] : formats) {
    list.push_back({{"extension", extension}, {"files", format.files}, {"bytes", format.bytes}});
  }
  return list;
}

Document years_of(const ReleaseCounts& counts) {
  Document list = Document::array();
  if (counts.years.empty()) return list;
  for (int year = counts.years.begin()->first; year <= counts.years.rbegin()->first; ++year) {
    const auto found = counts.years.find(year);
    list.push_back({{"year", year}, {"posts", found == counts.years.end() ? 0 : found->second}});
  }
  return list;
}

Document dimensions_of(const ReleaseCounts& counts) {
  Document common = Document::array();
  for (const auto& size : counts.sizes.most_common(k_common_sizes)) {
    common.push_back({{"width", size.width}, {"height", size.height}, {"posts", size.posts}});
  }
  return {{"orientations", {{"landscape", counts.landscape}, {"portrait", counts.portrait}, {"square", counts.square}}},
          {"megapixels", counts.megapixels.document("posts")},
          {"common", std::move(common)}};
}

Document spread_of(const Tally& tally) {
  return {{"posts", tally.count()},
          {"mean", tally.mean()},
          {"median", tally.median()},
          {"lowest", tally.lowest()},
          {"highest", tally.highest()}};
}

// Counted in the very list that ships.
Result<Document> left_out_of(const Context& context) {
  std::map<std::tuple<bool, std::string, std::string>, std::int64_t> groups;  // false, so first: originals
  bool is_header = true;
  DBR_CHECK(read_zstd_lines(context.folder / "left-out.tsv.zst", [&](std::string_view line) -> Result<void> {
    if (context.stop.is_stopping()) {
      return fail(ErrorKind::cancelled, fmt::format("interrupted while writing {}", k_statistics_file));
    }
    if (std::exchange(is_header, false)) return {};
    const auto next = [&] {
      const std::string_view cell = line.substr(0, line.find('\t'));
      line.remove_prefix(std::min(line.size(), cell.size() + 1));
      return std::string(cell);
    };
    next();  // the ID
    const std::string form = next();
    std::string state = next();
    ++groups[{form != to_string(dataset::Form::original), std::move(state), next()}];
    return {};
  }));
  std::array<std::int64_t, 2> totals{};
  Document list = Document::array();
  for (const auto& [group, ids] : groups) {
    const auto& [is_ml, state, reason] = group;
    totals[is_ml ? 1 : 0] += ids;
    list.push_back({{"form", to_string(is_ml ? dataset::Form::ml : dataset::Form::original)},
                    {"state", state},
                    {"reason", reason},
                    {"ids", ids}});
  }
  return Document{{"original", totals[0]}, {"512px", totals[1]}, {"by_reason", std::move(list)}};
}

Result<Document> growth_of(const Context& context, const Document& now) {
  DBR_TRY(const auto releases, dataset::published_releases(context.manifest));
  const auto previous = std::ranges::find_if(releases, [&](const dataset::Release& release) {
    return release.spec.cutoff < context.release.spec.cutoff && !release.statistics.empty();
  });
  if (previous == releases.end()) return Document(nullptr);
  const Document then = Document::parse(previous->statistics, nullptr, false);
  Document growth = {{"previous", previous->spec.name}, {"previous_cutoff", format_timestamp(previous->spec.cutoff)}};
  const auto compare = [&](const char* name, const nlohmann::ordered_json::json_pointer& where) {
    const std::int64_t before = then.value(where, std::int64_t{0});
    const std::int64_t after = now.value(where, std::int64_t{0});
    growth[name] = {{"before", before},
                    {"now", after},
                    {"change", after - before},
                    {"percent", decimal(100 * (after - before), before)}};
  };
  using Pointer = Document::json_pointer;
  compare("posts", Pointer("/posts"));
  compare("tag_instances", Pointer("/tags/instances"));
  compare("unique_tags", Pointer("/tags/unique"));
  compare("bytes", Pointer("/bytes/total"));
  return growth;
}

Document comparison_of(std::int64_t stills, std::int64_t tag_instances) {
  Document list = Document::array();
  for (const OtherDataset& other : k_others) {
    list.push_back({{"dataset", other.name},
                    {"images", other.images},
                    {"labels", other.labels},
                    {"images_ratio", decimal(stills, other.images)},
                    {"labels_ratio", decimal(tag_instances, other.labels)}});
  }
  return list;
}

}  // namespace

Result<Document> make_statistics(const Context& context) {
  DBR_TRY(TagTable tags, TagTable::load(context, k_statistics_file));
  ReleaseCounts counts(std::move(tags));
  DBR_CHECK(for_each_post(context, k_statistics_file, [&](const dataset::ReleasePost& post) -> Result<void> {
    DBR_TRY(const Json row, parse_record(k_statistics_file, post.json));
    return counts.add(post, row);
  }));
  const auto& [sfw, nsfw] = counts.sets;
  const std::int64_t posts = sfw.posts + nsfw.posts;
  const std::int64_t stills = sfw.stills + nsfw.stills;
  const ByteCount originals = sfw.originals + nsfw.originals;
  const ByteCount ml_forms = sfw.ml_forms + nsfw.ml_forms;
  const dataset::ReleaseSpec& spec = context.release.spec;
  DBR_TRY(const dataset::SetAudit audit, dataset::audit_sets(context.manifest, spec));
  DBR_TRY(Document tag_numbers, tags_of(counts));
  DBR_TRY(Document left_out, left_out_of(context));
  Document document = {
      {"schema_version", k_schema_version},
      {"release", spec.name},
      {"cutoff", format_timestamp(spec.cutoff)},
      {"set_rule", dataset::set_rule(spec)},
      {"first", edge_of(counts.first)},
      {"last", edge_of(counts.last)},
      {"posts", posts},
      {"stills", stills},
      {"files", posts + stills},
      {"tags", std::move(tag_numbers)},
      {"bytes", bytes_of(counts, originals, ml_forms)},
      {"pixels",
       {{"posts", counts.measured},
        {"total", counts.pixels},
        {"terapixels", decimal(counts.pixels, k_million_millions)},
        {"mean", decimal(counts.pixels, counts.measured)}}},
      {"ratings", ratings_of(counts)},
      {"sets", sets_of(counts)},
      {"audit", {{"checked", audit.checked}, {"outside", audit.outside}}},
      {"formats", formats_of(counts)},
      {"years", years_of(counts)},
      {"dimensions", dimensions_of(counts)},
      {"file_sizes",
       {{"original",
         {{"mean", decimal(originals, posts)}, {"ranges", counts.original_sizes.document("files", "bytes")}}},
        {"512px", {{"mean", decimal(ml_forms, stills)}, {"ranges", counts.ml_sizes.document("files", "bytes")}}}}},
      {"tags_per_post", counts.tag_ranges.document("posts")},
      {"scores", spread_of(counts.scores)},
      {"favourites", spread_of(counts.favourites)},
      {"left_out", std::move(left_out)}};
  DBR_TRY(document["growth"], growth_of(context, document));
  document["comparison"] = comparison_of(stills, counts.tags_per_post.sum());
  return document;
}

}  // namespace dbr::exports
