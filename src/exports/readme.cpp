// SPDX-License-Identifier: MIT
#include "readme.hpp"

#include <fmt/format.h>

#include <array>

#include "dbr/base/units.hpp"
#include "markup.hpp"

namespace dbr::exports {
namespace {

// Files and folders that are no format's, in the order they are listed; only those that are there.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> k_other_files = {{
    {"files.tsv.zst", "every file of the release: path, ID, size, digests, edition"},
    {"left-out.tsv.zst", "every ID in range without a file, and why"},
    {"removed.txt", "every file of an earlier release that is not in this one"},
    {"excluded.txt", "the tags and IDs that were left out on purpose"},
    {"lists/", "lists of posts that people ask for: deleted ones, duplicates, replaced files"},
}};

std::string text_of(const Document& statistics, const char* key) {
  return statistics.at(key).get<std::string>();
}

std::string numbers_of(const Document& statistics) {
  const Document& tags = statistics.at("tags");
  const Document& bytes = statistics.at("bytes");
  std::string rows;
  const auto row = [&](std::string_view name, const std::string& value) {
    rows += fmt::format("| {} | {} |\n", name, value);
  };
  const auto size = [&](const char* key) {
    const auto count = bytes.at(key).get<ByteCount>();
    return fmt::format("{} ({} bytes)", format_bytes(count), format_count(count));
  };
  row("posts (originals)", count_text(statistics.at("posts")));
  row("of these still images with a 512px form", count_text(statistics.at("stills")));
  if (!statistics.at("last").is_null()) {
    row("IDs", fmt::format("{} to {}", statistics.at("first").at("id").get<std::int64_t>(),
                           statistics.at("last").at("id").get<std::int64_t>()));
  }
  row("tag instances", count_text(tags.at("instances")));
  row("different tags", count_text(tags.at("unique")));
  row("tags a post",
      fmt::format("mean {}, median {}", decimal_text(tags.at("mean"), 1), decimal_text(tags.at("median"), 1)));
  row("originals", size("original"));
  row("512px forms", size("512px"));
  row("in all", size("total"));
  row("pixels of the still images' originals", pixels_text(statistics.at("pixels").at("total").get<std::int64_t>()));
  std::string ratings;
  for (const Document& rating : statistics.at("ratings")) {
    if (rating.at("posts") == 0) continue;
    ratings += fmt::format("{}{} {} %", ratings.empty() ? "" : ", ", rating.at("rating").get<std::string>(),
                           decimal_text(rating.at("percent"), 1));
  }
  if (!ratings.empty()) row("ratings", ratings);
  return "| | |\n| --- | --- |\n" + rows;
}

std::string growth_of(const Document& growth) {
  if (growth.is_null()) return {};
  const auto change = [&](const char* key) {
    const auto count = growth.at(key).at("change").get<std::int64_t>();
    return (count > 0 ? "+" : "") + format_count(count);
  };
  return fmt::format("\nSince {}: {} posts, {} tag instances, {} different tags, {} bytes.\n",
                     growth.at("previous").get<std::string>(), change("posts"), change("tag_instances"),
                     change("unique_tags"), change("bytes"));
}

std::string files_of(const ReadmeFacts& facts, const dataset::Release& release) {
  std::string rows = "| file | what |\n| --- | --- |\n";
  const auto row = [&](std::string_view name, std::string_view what) {
    rows += fmt::format("| `{}` | {} |\n", name, what);
  };
  for (const auto& [name, what] : k_other_files) {
    if (std::filesystem::exists(facts.folder / name)) row(name, what);
  }
  for (const Format* format : facts.formats) {
    if (format->is_tree) continue;
    for (const std::string& name : format->files(release)) {
      row(name, fmt::format("format `{}`: {}", format->name, format->summary));
    }
  }
  row("statistics.json", "the numbers of the release, computed from these files");
  row("report.html", "the same with charts; it needs nothing but a browser");
  row("SHA256SUMS", "hashes of all of these; there when the release is finished");
  return rows;
}

std::string gaps_of(const Document& left_out) {
  if (left_out.at("by_reason").empty()) return "None: every ID up to the last has its file in both forms.\n";
  std::string rows = "| form | state | reason | IDs | |\n| --- | --- | --- | ---: | --- |\n";
  for (const Document& group : left_out.at("by_reason")) {
    const auto state = group.at("state").get<std::string>();
    rows += fmt::format("| {} | {} | {} | {} | {} |\n", group.at("form").get<std::string>(), state,
                        group.at("reason").get<std::string>(), count_text(group.at("ids")), meaning_of(state));
  }
  return rows;
}

constexpr std::string_view k_use = R"(## Using it while you seed it

The files are read-only, and they are yours to read in place: point your loader at this tree and at one of the databases here.
Nothing may change them. A client that finds other bytes than the torrent's fetches the file again and gives others nothing
meanwhile; where a dataset was made, the files are hard links (mode 0444) into its store, so an edit would change the store as
well. Write what you derive (crops, latents, captions) elsewhere, and copy a file before you edit it. Do not let a loader
clean up "corrupt" pictures here.

## Updating from an earlier release

The tree has the same name and the same paths year after year. Unload the old torrents (keep the files), then add the new
ones over the same folder: the client checks what is there and fetches what is new or has changed. What the new release no
longer has stays on your disk; `removed.txt` names it, also for those who come from an earlier one than the last.
`dbr torrent prune DIR`, DIR being the folder that holds `danbooru`, deletes just that; without dbr:

    cd danbooru && tr '\n' '\0' < metadata/NAME/removed.txt | xargs -0 rm -f --

## Verifying

    cd danbooru/metadata/NAME && sha256sum -c --quiet SHA256SUMS
    cd danbooru && zstd -dc metadata/NAME/files.tsv.zst |
      awk -F'\t' 'NR > 1 { print $5 "  " $1 }' | sha256sum -c --quiet

)";

std::string with_name(std::string_view text, std::string_view name) {
  std::string replaced(text);
  for (std::size_t at = replaced.find("NAME"); at != std::string::npos; at = replaced.find("NAME", at + name.size())) {
    replaced.replace(at, 4, name);
  }
  return replaced;
}

std::string layout_of(const std::string& name, const ReadmeFacts& facts) {
  return fmt::format(
      "    danbooru/sfw/original/0123/1000123.png     {}\n"
      "    danbooru/sfw/512px/0123/1000123.jpg        its ML form, if it is a still image\n"
      "    danbooru/nsfw/original/…  nsfw/512px/…\n"
      "    danbooru/metadata/{:<25}this folder\n\n"
      "A file is called after its post's ID and lies in the directory ID modulo {}, in four digits. A 512px form is "
      "upright,\n"
      "sRGB, letterboxed on black to 512 × 512, JPEG, unless the releaser chose otherwise.\n",
      facts.optimizes_originals ? "as the site has it; JPEGs with the same pixels in fewer bytes"
                                : "as the site has it, byte for byte",
      name + "/", facts.buckets);
}

}  // namespace

std::string make_readme(const dataset::Release& release, const Document& statistics, const ReadmeFacts& facts) {
  const std::string name = text_of(statistics, "release");
  std::string text = fmt::format(
      "# {}\n\n"
      "All posts created before {}, as far as their files could be had and checked: pictures, tags and everything "
      "else\n"
      "the site says about them.\n\n",
      title_of(name), text_of(statistics, "cutoff"));
  text += numbers_of(statistics) + growth_of(statistics.at("growth"));
  text += "\n## Layout\n\n" + layout_of(name, facts);
  text += fmt::format(
      "\n## Sets\n\nRule {}.\n\n"
      "Between 2005 and 2022-05-22 the letter s meant \"safe\", and g did not exist; since then s is \"sensitive\".\n"
      "Posts rated before keep the letter until somebody rates them again.\n",
      text_of(statistics, "set_rule"));
  text += "\n## Files of this folder\n\n" + files_of(facts, release);
  text += "\n" + with_name(k_use, name);
  text += "## Known gaps\n\n" + gaps_of(statistics.at("left_out"));
  text += fmt::format("\n## Citing it\n\n{}\n\n```bibtex\n{}```\n\n## The law\n\n{}\n", citation_of(statistics),
                      bibtex_of(statistics), k_legal_note);
  return text;
}

}  // namespace dbr::exports
