// SPDX-License-Identifier: MIT
// The Atom feed of releases (RFC 4287), and the text that announces one. No clock: a release is as old as its cut-off.
#include <fmt/format.h>

#include "dbr/base/digest.hpp"
#include "dbr/base/units.hpp"
#include "dbr/exports/pages.hpp"
#include "markup.hpp"
#include "readme.hpp"

namespace dbr::exports {
namespace {

// A UUID made from a name (the layout of RFC 4122, version 8: made our way), so that equal things have equal ids.
std::string urn_of(std::string_view name) {
  std::string hex = digest_hex(DigestKind::sha256, name).substr(0, 32);
  hex[12] = '8';
  hex[16] = "89ab"[static_cast<unsigned char>(hex[16]) % 4];
  return fmt::format("urn:uuid:{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                     hex.substr(16, 4), hex.substr(20));
}

std::string summary_of(const Document& statistics) {
  const Document& tags = statistics.at("tags");
  return fmt::format("{} posts, {} tag instances ({} different tags), {} with {} still images at 512px.",
                     count_text(statistics.at("posts")), count_text(tags.at("instances")),
                     count_text(tags.at("unique")), format_bytes(statistics.at("bytes").at("total").get<ByteCount>()),
                     count_text(statistics.at("stills")));
}

std::string signed_count(const Document& number) {
  return (number.get<std::int64_t>() > 0 ? "+" : "") + count_text(number);
}

// Plain text: what can be put into any forum as it is.
std::string announcement(const FeedEntry& entry, const Document& statistics) {
  const std::string title = title_of(entry.release.spec.name);
  const Document& tags = statistics.at("tags");
  const Document& bytes = statistics.at("bytes");
  std::string text = fmt::format(
      "{} is released: all posts until {}, as far as their files could be had and checked.\n\n"
      "* {} posts, {} tag instances of {} different tags, {} a post (median {})\n"
      "* {} of originals, and {} still images at 512px in {}: {} in all\n"
      "* {}\n",
      title, last_day_of(statistics.at("cutoff").get<std::string>()), count_text(statistics.at("posts")),
      count_text(tags.at("instances")), count_text(tags.at("unique")), decimal_text(tags.at("mean"), 1),
      decimal_text(tags.at("median"), 1), format_bytes(bytes.at("original").get<ByteCount>()),
      count_text(statistics.at("stills")), format_bytes(bytes.at("512px").get<ByteCount>()),
      format_bytes(bytes.at("total").get<ByteCount>()),
      pixels_text(statistics.at("pixels").at("total").get<std::int64_t>()));
  for (const Document& set : statistics.at("sets")) {
    text +=
        fmt::format("* {}: {} posts, {} stills, {}\n", set.at("set").get<std::string>(), count_text(set.at("posts")),
                    count_text(set.at("stills")), format_bytes(set.at("bytes").get<ByteCount>()));
  }
  const Document& growth = statistics.at("growth");
  if (!growth.is_null()) {
    text += fmt::format(
        "\nSince {}: {} posts, {} tag instances, {} different tags, {} bytes. Who has it adds the new "
        "torrents over the same folder.\n",
        growth.at("previous").get<std::string>(), signed_count(growth.at("posts").at("change")),
        signed_count(growth.at("tag_instances").at("change")), signed_count(growth.at("unique_tags").at("change")),
        signed_count(growth.at("bytes").at("change")));
  }
  if (!entry.torrents.empty()) text += "\nTorrents:\n";
  for (const FeedTorrent& torrent : entry.torrents) {
    text += fmt::format("* {}\n  infohash {}\n  {}\n", torrent.path.substr(torrent.path.find('/') + 1),
                        torrent.infohash, torrent.magnet);
  }
  return fmt::format("{}\nSets: rule {}.\n{}\n\nCite as: {}\n", text, statistics.at("set_rule").get<std::string>(),
                     k_legal_note, citation_of(statistics));
}

std::string entry_of(const FeedEntry& entry, const Document& statistics) {
  const std::string title = title_of(entry.release.spec.name);
  std::string xml = fmt::format(
      "  <entry>\n    <id>{}</id>\n    <title>{}</title>\n    <updated>{}</updated>\n    <summary>{}</summary>\n",
      urn_of(fmt::format("dbr release {} {} {}", entry.release.spec.name, entry.release.publication,
                         entry.release.files_sha256)),
      escape_markup(fmt::format("{}: {} posts, {} tags, {}", title,
                                short_count(statistics.at("posts").get<std::int64_t>()),
                                short_count(statistics.at("tags").at("instances").get<std::int64_t>()),
                                format_bytes(statistics.at("bytes").at("total").get<ByteCount>()))),
      format_timestamp(entry.release.spec.cutoff), escape_markup(summary_of(statistics)));
  for (const FeedTorrent& torrent : entry.torrents) {
    xml += fmt::format(
        "    <link rel=\"enclosure\" type=\"application/x-bittorrent\" href=\"{}\" length=\"{}\" title=\"{}\"/>\n"
        "    <link rel=\"related\" href=\"{}\" title=\"{}\"/>\n",
        escape_markup(torrent.path), torrent.size, escape_markup(torrent.path.substr(torrent.path.find('/') + 1)),
        escape_markup(torrent.magnet), torrent.infohash);
  }
  // HTML inside XML: escaped once for each.
  return xml + fmt::format("    <content type=\"html\">{}</content>\n  </entry>\n",
                           escape_markup("<pre>" + escape_markup(announcement(entry, statistics)) + "</pre>"));
}

}  // namespace

Result<std::string> make_feed(std::span<const FeedEntry> entries) {
  std::string body;
  for (const FeedEntry& entry : entries) {
    const Document statistics = Document::parse(entry.release.statistics, nullptr, false);
    if (!statistics.is_object()) {
      return fail(ErrorKind::corrupt, fmt::format("the statistics of {} are damaged", entry.release.spec.name));
    }
    body += entry_of(entry, statistics);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
      "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n"
      "  <id>{}</id>\n  <title>Releases of {}</title>\n  <updated>{}</updated>\n"
      "  <author><name>Anonymous</name></author>\n  <generator>dbr</generator>\n{}</feed>\n",
      urn_of("dbr releases"), dataset::k_shared_name, format_timestamp(entries.front().release.spec.cutoff), body);
}

}  // namespace dbr::exports
