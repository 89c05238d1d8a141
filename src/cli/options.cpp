// SPDX-License-Identifier: MIT
// The table itself. Order is the order of help.
#include "dbr/cli/options.hpp"

#include <algorithm>
#include <array>

#include "setters.hpp"
#include "validate.hpp"

namespace dbr::cli {
namespace {

using Text = std::string_view;

constexpr Text k_on_or_off = "a switch: true or false";
constexpr Text k_file = "the name of a file";

constexpr std::array k_options = {
    // global
    Option{.name = "root",
           .value = "DIR",
           .help = "the dataset's folder (default: the current one)",
           .allowed = "the name of a folder",
           .in_files = false,
           .set = [](Values& v, Text t) { return set_path(t, v.settings.root); }},
    Option{.name = "config",
           .value = "FILE",
           .help = "settings to read instead of ~/.config/dbr/config.toml",
           .allowed = k_file,
           .in_files = false,
           .set = [](Values& v, Text t) { return set_path(t, v.own.config); }},
    Option{.name = "jobs",
           .letter = 'j',
           .value = "N",
           .help = "threads or connections (default: fits the stage)",
           .allowed = "a whole number from 1 to 256",
           .set = [](Values& v, Text t) { return set_whole(t, 1, 256, v.settings.jobs); }},
    Option{.name = "quiet",
           .letter = 'q',
           .help = "say nothing but warnings and errors",
           .allowed = k_on_or_off,
           .excludes = "verbose",
           .set = [](Values& v, Text t) { return set_switch(t, v.own.quiet); },
           .clear = [](Values& v) { v.own.quiet = false; }},
    Option{.name = "verbose",
           .letter = 'v',
           .help = "say more about what is going on",
           .allowed = k_on_or_off,
           .excludes = "quiet",
           .set = [](Values& v, Text t) { return set_switch(t, v.own.verbose); },
           .clear = [](Values& v) { v.own.verbose = false; }},
    Option{.name = "json",
           .help = "the report as one JSON document on standard output",
           .allowed = k_on_or_off,
           .set = [](Values& v, Text t) { return set_switch(t, v.settings.json); }},
    Option{.name = "log-format",
           .value = "FORMAT",
           .help = "of messages: text, or json for an object a line",
           .allowed = "text or json",
           .set = set_log_format},
    Option{.name = "dry-run",
           .letter = 'n',
           .help = "say what would be done, and do nothing",
           .allowed = k_on_or_off,
           .set = [](Values& v, Text t) { return set_switch(t, v.settings.dry_run); }},
    Option{.name = "color",
           .value = "WHEN",
           .help = "auto, always or never (NO_COLOR holds too)",
           .allowed = "auto, always or never",
           .set = set_color},
    Option{.name = "version",
           .help = "print the version",
           .allowed = k_on_or_off,
           .in_environment = false,
           .in_files = false,
           .set = [](Values& v, Text t) { return set_switch(t, v.own.version); }},
    Option{.name = "help",
           .letter = 'h',
           .help = "print this help, or with a command that command's",
           .allowed = k_on_or_off,
           .in_environment = false,
           .in_files = false,
           .set = [](Values& v, Text t) { return set_switch(t, v.own.help); }},
    // site
    Option{.name = "site",
           .value = "URL",
           .group = Group::site,
           .help = "default https://danbooru.donmai.us",
           .allowed = "an http or https address without user name or query",
           .set = set_site},
    Option{.name = "tps",
           .value = "R",
           .group = Group::site,
           .help = "API requests a second (default 1)",
           .allowed = "a number above 0",
           .set = set_tps},
    Option{.name = "limit-rate",
           .value = "BYTES",
           .group = Group::site,
           .help = "bytes a second for downloads, such as 500k or 20M",
           .allowed = "a size of at least 1k, such as 500k or 20M",
           .set = [](Values& v, Text t) { return set_bytes_at_least(t, 1024, v.settings.limit_rate); }},
    Option{.name = "contact",
           .value = "TEXT",
           .group = Group::site,
           .help = "how the site can reach you; goes into the User-Agent",
           .allowed = "one line of 1 to 200 characters",
           .set = [](Values& v, Text t) { return set_line(t, 200, v.settings.contact); }},
    Option{.name = "allow-host",
           .value = "HOST",
           .group = Group::site,
           .help = "a further host files may come from",
           .allowed = "a host name without scheme or port",
           .is_repeatable = true,
           .set = add_allowed_hosts,
           .clear = [](Values& v) { v.settings.allow_hosts.clear(); }},
    // items
    Option{.name = "max-duration",
           .value = "D",
           .group = Group::items,
           .help = "stop after this time, such as 90s, 15m, 8h, 2d",
           .allowed = "a time such as 90s, 15m, 8h or 2d",
           .set = set_duration},
    Option{.name = "max-errors",
           .value = "N",
           .group = Group::items,
           .help = "stop once this many items have failed",
           .allowed = "a whole number above 0",
           .set = [](Values& v,
                     Text t) { return set_whole(t, std::int64_t{1}, std::int64_t{1} << 62, v.settings.max_errors); }},
    Option{.name = "ids",
           .value = "FILE",
           .group = Group::items,
           .help = "only these posts, one ID a line; - is standard input",
           .allowed = "the name of a file, or - for standard input",
           .set = set_ids},
    Option{.name = "sweep",
           .group = Group::items,
           .help = "read all metadata again, not only what is new or changed",
           .allowed = k_on_or_off,
           .set = [](Values& v, Text t) { return set_switch(t, v.settings.sweep); }},
    // release
    Option{.name = "year",
           .value = "Y",
           .group = Group::release,
           .help = "the release of all posts up to the end of this year",
           .allowed = "a year from 2005 to 9999",
           .excludes = "as-of",
           .set = [](Values& v, Text t) { return set_whole(t, 2005, 9999, v.settings.year); },
           .clear = [](Values& v) { v.settings.year.reset(); }},
    Option{.name = "as-of",
           .value = "DATE",
           .group = Group::release,
           .help = "the release of all posts made before this day or moment",
           .allowed = "a date such as 2018-01-01, or a moment such as 2018-01-01T12:00:00Z",
           .excludes = "year",
           .set = set_as_of,
           .clear = [](Values& v) { v.settings.as_of.reset(); }},
    Option{.name = "name",
           .value = "NAME",
           .group = Group::release,
           .help = "what the release is called (default: danbooru and the year or date)",
           .allowed = "letters, digits, dots, dashes and underscores, not starting with a dot",
           .set = set_name},
    Option{.name = "finish",
           .group = Group::release,
           .help = "finish it even if items can still be retried",
           .allowed = k_on_or_off,
           .set = [](Values& v, Text t) { return set_switch(t, v.settings.finish); }},
    Option{.name = "reissue",
           .group = Group::release,
           .help = "change a release that is already finished",
           .allowed = k_on_or_off,
           .set = [](Values& v, Text t) { return set_switch(t, v.settings.reissue); }},
    // dataset
    Option{.name = "buckets",
           .value = "N",
           .group = Group::dataset,
           .help = "folders files are spread over; for a new dataset only (default 1000)",
           .allowed = "a whole number from 1 to 10000",
           .set = [](Values& v, Text t) { return set_whole(t, 1, 10000, v.settings.buckets); }},
    // downscale
    Option{.name = "quality",
           .value = "Q",
           .group = Group::downscale,
           .help = "of the JPEGs made (default 90)",
           .allowed = "a whole number from 1 to 100",
           .set = set_quality},
    // exports
    Option{.name = "format",
           .value = "NAME",
           .group = Group::exports,
           .help = "formats to write, with commas between (default: all)",
           .allowed = "sqlite, slim-sqlite, slim-tsv or jsonl, several with commas between",
           .is_repeatable = true,
           .set = [](Values& v, Text t) { return append_list(t, is_format, v.settings.formats); },
           .clear = [](Values& v) { v.settings.formats.clear(); }},
    // torrent
    Option{.name = "tracker",
           .value = "URL|NAME",
           .group = Group::torrent,
           .help = "a tracker; each is a tier of its own",
           .allowed = "an http, https or udp address, academictorrents or nyaa",
           .is_repeatable = true,
           .set = set_tracker,
           .clear = [](Values& v) { v.settings.trackers.clear(); }},
    Option{.name = "web-seed",
           .value = "URL",
           .group = Group::torrent,
           .help = "where the files can be had by HTTP",
           .allowed = "an http or https address",
           .is_repeatable = true,
           .set = set_web_seed,
           .clear = [](Values& v) { v.settings.web_seeds.clear(); }},
    Option{.name = "piece-size",
           .value = "BYTES",
           .group = Group::torrent,
           .help = "default: fits the size",
           .allowed = "a power of two from 16K to 64M",
           .set = set_piece_size},
    Option{.name = "comment",
           .value = "TEXT",
           .group = Group::torrent,
           .help = "a line to put into the torrents",
           .allowed = "one line of 1 to 1000 characters",
           .set = [](Values& v, Text t) { return set_line(t, 1000, v.settings.comment); }},
    Option{.name = "draft",
           .group = Group::torrent,
           .help = "make torrents of a release that is not finished, to try",
           .allowed = k_on_or_off,
           .set = [](Values& v, Text t) { return set_switch(t, v.settings.draft); }},
    // credentials: never a flag, because others can read a command line
    Option{.name = "login",
           .value = "NAME",
           .group = Group::credentials,
           .help = "the user's name on the site",
           .allowed = "one line of 1 to 200 characters",
           .in_flags = false,
           .is_secret = true,
           .set = [](Values& v, Text t) { return set_line(t, 200, v.settings.login); }},
    Option{.name = "api-key",
           .value = "KEY",
           .group = Group::credentials,
           .help = "the user's API key",
           .allowed = "one line of 1 to 200 characters",
           .in_flags = false,
           .is_secret = true,
           .excludes = "api-key-file",
           .set = [](Values& v, Text t) { return set_line(t, 200, v.settings.api_key); },
           .clear = [](Values& v) { v.settings.api_key.clear(); }},
    Option{.name = "api-key-file",
           .value = "FILE",
           .group = Group::credentials,
           .help = "a file that holds the API key and that only you can read",
           .allowed = k_file,
           .in_flags = false,
           .excludes = "api-key",
           .set = [](Values& v, Text t) { return set_path(t, v.own.api_key_file); },
           .clear = [](Values& v) { v.own.api_key_file.clear(); }},
};

std::string with_underscores(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '-', '_');
  return text;
}

}  // namespace

std::span<const Option> options() {
  return k_options;
}

const Option* find_option(std::string_view name) {
  const auto found =
      std::find_if(k_options.begin(), k_options.end(), [&](const Option& option) { return option.name == name; });
  return found == k_options.end() ? nullptr : &*found;
}

const Option* find_option(char letter) {
  const auto found = std::find_if(k_options.begin(), k_options.end(),
                                  [&](const Option& option) { return option.letter != 0 && option.letter == letter; });
  return found == k_options.end() ? nullptr : &*found;
}

std::string environment_name(const Option& option) {
  std::string name = "DBR_" + with_underscores(option.name);
  for (char& c : name) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return name;
}

std::string file_key(const Option& option) {
  return with_underscores(option.name);
}

}  // namespace dbr::cli
