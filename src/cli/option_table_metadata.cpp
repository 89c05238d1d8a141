// SPDX-License-Identifier: MIT
// Options: dumps, and asking for posts.
#include <array>

#include "option_tables.hpp"
#include "setters.hpp"
#include "validate.hpp"

namespace dbr::cli {
namespace {

using Text = std::string_view;

constexpr std::array k_options = {
    // dumps
    Option{.name = "from",
           .value = "DUMP",
           .group = Group::dumps,
           .help = "read a dump: a file, gs://BUCKET/OBJECT or bigquery:PROJECT.DATASET.TABLE",
           .allowed = "a file, gs://BUCKET/OBJECT or bigquery:PROJECT.DATASET.TABLE",
           .in_environment = false,
           .in_files = false,
           .is_repeatable = true,
           .set = add_dump,
           .clear = [](Values& v) { v.settings.from.clear(); }},
    Option{.name = "google-project",
           .value = "PROJECT",
           .group = Group::dumps,
           .help = "the Google Cloud project that pays for reading",
           .allowed = "one line of UTF-8, 1 to 200 bytes",
           .set = [](Values& v, Text t) { return set_line(t, 200, v.settings.google_project); }},
    Option{.name = "google-storage-url",
           .value = "URL",
           .group = Group::dumps,
           .help = "in place of https://storage.googleapis.com",
           .allowed = k_plain_url,
           .set = [](Values& v, Text t) { return set_plain_url(t, v.settings.google_storage_url); }},
    Option{.name = "bigquery-url",
           .value = "URL",
           .group = Group::dumps,
           .help = "in place of https://bigquery.googleapis.com",
           .allowed = k_plain_url,
           .set = [](Values& v, Text t) { return set_plain_url(t, v.settings.bigquery_url); }},
    // posts
    Option{.name = "tags",
           .value = "QUERY",
           .group = Group::posts,
           .help = "with these tags, and without those after a dash: \"1girl -solo\"",
           .allowed = "tags with spaces between",
           .in_environment = false,
           .in_files = false,
           .set = [](Values& v, Text t) { return set_line(t, 10'000, v.settings.tags); }},
    Option{.name = "rating",
           .value = "LIST",
           .group = Group::posts,
           .help = "with one of these ratings, with commas between",
           .allowed = "g, s, q or e, several with commas between",
           .in_environment = false,
           .in_files = false,
           .is_repeatable = true,
           .set = [](Values& v, Text t) { return append_list(t, is_rating, v.settings.ratings); },
           .clear = [](Values& v) { v.settings.ratings.clear(); }},
    Option{.name = "state",
           .value = "LIST",
           .group = Group::posts,
           .help = "live, deleted, withheld, expunged (default: all but expunged)",
           .allowed = "live, deleted, withheld or expunged, several with commas between",
           .in_environment = false,
           .in_files = false,
           .is_repeatable = true,
           .set = [](Values& v, Text t) { return append_list(t, is_post_state, v.settings.states); },
           .clear = [](Values& v) { v.settings.states.clear(); }},
    Option{.name = "created",
           .value = "FROM..TO",
           .group = Group::posts,
           .help = "created on these days, such as 2017-01-01..2017-06-30",
           .allowed = "two dates or moments with .. between, either of which may be left out",
           .in_environment = false,
           .in_files = false,
           .set = set_created},
    Option{
        .name = "pool",
        .value = "ID",
        .group = Group::posts,
        .help = "the posts of this pool, in its order",
        .allowed = "a pool's number",
        .in_environment = false,
        .in_files = false,
        .set = [](Values& v, Text t) { return set_whole(t, std::int64_t{1}, std::int64_t{1} << 40, v.settings.pool); }},
    Option{.name = "count",
           .group = Group::posts,
           .help = "print only how many there are",
           .allowed = k_on_or_off,
           .in_environment = false,
           .in_files = false,
           .set = [](Values& v, Text t) { return set_switch(t, v.settings.count); }},
    Option{.name = "ids-only",
           .group = Group::posts,
           .help = "print only their IDs, one a line",
           .allowed = k_on_or_off,
           .in_environment = false,
           .in_files = false,
           .set = [](Values& v, Text t) { return set_switch(t, v.settings.ids_only); }},
    Option{.name = "sweep",
           .group = Group::items,
           .help = "read all metadata again, not only what is new or changed",
           .allowed = k_on_or_off,
           .set = [](Values& v, Text t) { return set_switch(t, v.settings.sweep); }},
};

}  // namespace

std::span<const Option> metadata_options() {
  return k_options;
}

}  // namespace dbr::cli
