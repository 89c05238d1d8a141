// SPDX-License-Identifier: MIT
// The table of subcommands: everything the command line knows of them.
#include "dbr/stages/command.hpp"

#include <array>

#include "stages.hpp"

namespace dbr::stages {

std::span<const Command> commands() {
  using dataset::Access;
  static const std::array k_commands = {
      Command{"fetch-metadata",
              "harvest posts, tags, pools, notes and the other tables",
              "Reads the site's tables from where the last run stopped, in pages, at the stated rate. With --year or "
              "--as-of it stops at that date. Once everything is there it reads what is new and what changed. --sweep "
              "reads everything again, which alone finds new scores. A killed run goes on at the page it was at.",
              Access::create,
              {"site", "tps", "contact", "max-duration", "ids", "sweep", "from", "google-project", "google-storage-url",
               "bigquery-url", "year", "as-of", "name", "buckets", "optimize-originals"},
              fetch_metadata,
              "[DUMP...]"},
      Command{"fetch-images",
              "download originals, md5-checked",
              "Downloads every wanted original into the store. A file gets its name only after its md5 was checked; a "
              "post without a file gets a state that says why (see dbr status). What --only, --exclude-tags, "
              "--max-file-size and --skip-non-images leave out is marked excluded, until a run is asked for it again.",
              Access::write,
              {"site",         "tps",          "cdn-tps",       "limit-rate",      "contact", "allow-host",
               "max-duration", "max-errors",   "max-transfer",  "reserve",         "order",   "only",
               "sfw-ratings",  "exclude-tags", "max-file-size", "skip-non-images", "ids",     "year",
               "as-of",        "name"},
              fetch_images},
      Command{"retry",
              "send what failed back to be tried again",
              "Originals that are absent, mismatch, refused or quarantined, and ML forms that failed, become wanted "
              "again: all of them, or those that --reason and --ids name (states and reasons as dbr status names "
              "them). The next fetch-images, downscale or build tries them.",
              Access::write,
              {"reason", "ids", "year", "as-of", "name"},
              retry},
      Command{"downscale",
              "make the 512px letterboxed JPEGs",
              "Makes the ML form of every stored original: upright, sRGB, on black, shrunk to fit 512x512 and centred. "
              "Animations, videos and what no decoder reads get a reason instead. Changed settings redo exactly the "
              "forms that depend on them.",
              Access::write,
              {"size", "fit", "enlarge", "background", "quality", "subsampling", "progressive", "on-truncated", "lane",
               "memory", "max-duration", "max-errors", "ids", "year", "as-of", "name"},
              downscale},
      Command{
          "bucket",
          "place a release's files: set, bucket, edition",
          "Chooses the files of the release, lays out the shared folder danbooru/ by hard links (or as --link says), "
          "and writes the file list and the list of what was left out. --exclude names files of tags and IDs that stay "
          "out of the release; it belongs into dbr.toml, since each run places a draft anew. A finished release is "
          "left "
          "alone unless --reissue is given. --release NAME --into DIR lays out a finished release in another folder, "
          "as far as its bytes are still held.",
          Access::write,
          {"year", "as-of", "name", "reissue", "sfw-ratings", "exclude", "link", "release", "into"},
          bucket},
      Command{
          "export-db",
          "write the databases people load",
          "Writes what people load beside the release's file list: full and slim SQLite, SQL, TSV, JSON Lines in the "
          "site's field names, the shape of old releases and CSV. What trainers load is written when --format names "
          "it; their trees of pictures can also be made of a finished release. Always with them: lists of posts, "
          "statistics.json, README.md and report.html.",
          Access::write,
          {"format", "year", "as-of", "name", "sfw-ratings", "exclude"},
          export_db},
      Command{
          "make-torrent",
          "publish a release and make its torrents",
          "Publishes the release when nothing in it can still be retried (--finish settles for what there is): writes "
          "its SHA256SUMS, numbers the publication, and makes the torrents: one a series, or volumes that clients "
          "load. "
          "A full volume is sealed and keeps its infohash until a file of it is removed or changes; what is new goes "
          "into the last one. Only bytes that were in no torrent before are read.",
          Access::write,
          {"tracker", "web-seed", "piece-size", "comment", "source", "creation-date", "single", "volume-files",
           "readers", "draft", "finish", "year", "as-of", "name", "sfw-ratings", "exclude"},
          make_torrent},
      Command{"build",
              "all of the above, overlapped and resumable",
              "Does the whole job. With --year Y or --as-of DATE it ends in a release; without, it keeps everything up "
              "to now harvested, stored and downscaled, which is what cron runs. Run it again after any interruption.",
              Access::create,
              {"site",         "tps",           "cdn-tps",
               "limit-rate",   "contact",       "allow-host",
               "max-duration", "max-errors",    "max-transfer",
               "reserve",      "order",         "only",
               "exclude-tags", "max-file-size", "skip-non-images",
               "sweep",        "year",          "as-of",
               "name",         "buckets",       "optimize-originals",
               "size",         "fit",           "enlarge",
               "background",   "quality",       "subsampling",
               "progressive",  "on-truncated",  "lane",
               "memory",       "format",        "tracker",
               "web-seed",     "piece-size",    "comment",
               "source",       "creation-date", "single",
               "volume-files", "readers",       "finish",
               "reissue",      "sfw-ratings",   "exclude",
               "link"},
              build},
      Command{"status",
              "what is done, what is left, what failed and why",
              "Counts every stage's states; each stage adds up to the number of IDs. Works beside a running dbr.",
              Access::read,
              {},
              status},
      Command{"stats",
              "the numbers of a release",
              "Prints what a release's statistics.json says as a table; --json prints the document itself. Without a "
              "name it is the release in the shared folder; of earlier ones the manifest keeps the numbers. Works "
              "beside a running dbr.",
              Access::read,
              {"year", "as-of", "name"},
              stats},
      Command{
          "verify",
          "check everything stored and shared, and repair it",
          "Compares every stored and shared file with the manifest: its size, its hash (the default depth), whether it "
          "decodes, and with pieces also the torrents. Finds what is missing, damaged, renamed or of no post, and "
          "finished releases that differ from their SHA256SUMS. With --repair the bad goes to store/quarantine/ and is "
          "queued to be fetched or made again. Exit code 4 when anything was wrong, repaired or not.",
          Access::write,
          {"depth", "subset", "repair", "ids", "max-duration", "year", "as-of", "name"},
          verify},
      Command{"diff",
              "what changed between two releases",
              "Compares two releases by their own lists: files added, removed, replaced and moved between the sets, "
              "posts tagged and rated anew. R is a release's name, or the folder of its metadata when there is a "
              "slash in it (./danbooru2017): a manifest is not needed. --lists writes them out, paths as rsync "
              "--files-from reads them; -v names each.",
              Access::none,
              {"lists"},
              diff,
              "R1 R2"},
      Command{"posts",
              "print posts as they were received, one JSON object a line",
              "Prints posts by ID, by --ids, by --pool or by a filter: tags with aliases and implications resolved, "
              "rating, state, day of creation. Without any of these, all of them. Works beside a running dbr.",
              Access::read,
              {"ids", "tags", "rating", "state", "created", "pool", "count", "ids-only"},
              posts,
              "[ID...]"},
      Command{"records",
              "print rows of another table as they were received",
              "Prints the rows of tags, tag_aliases, tag_implications, pools, notes, artist_commentaries, artists, "
              "artist_urls or users, one JSON object a line: those named, or all. Works beside a running dbr.",
              Access::read,
              {},
              records,
              "TABLE [ID...]"},
      Command{"path",
              "where a post's files lie",
              "Prints the stored files of the posts named, one path a line.",
              Access::read,
              {},
              path,
              "ID..."},
      Command{
          "torrent show",
          "what .torrent files hold",
          "Prints name, infohash, sizes, pieces, trackers, web seeds and the magnet link of each .torrent, of whatever "
          "making; with --files every file as SIZE, a tab, and PATH. A file that is no sound v1 torrent is named with "
          "the reason, and the exit code is 4.",
          Access::none,
          {"files"},
          torrent_show,
          "FILE..."},
      Command{
          "torrent lint",
          "which clients load .torrent files, and what harms people",
          "Says for each client whether it loads the .torrent, with the number that decides, and warns of what goes "
          "wrong later: names that Windows cannot have, paths that differ only by case, private torrents, keys that "
          "make clients overwrite data. Of several files it also says which hold the same path, and whether their "
          "names differ. Exit code 4 when a client refuses whose limit was measured, or an error was found; what is "
          "risky or a warning leaves it 0.",
          Access::none,
          {},
          torrent_lint,
          "FILE..."},
      Command{
          "torrent plan",
          "what an update costs those who have the old data",
          "Counts what a client fetches that holds the data of the torrents --against names, in the order they were "
          "loaded in, and loads these instead: the pieces with a byte of a new or changed file. Files of the same path "
          "and size are taken as unchanged unless the torrents' own hashes tell; --data reads them. Without a FILE it "
          "is the release in danbooru/, draft or finished, whose files are known.",
          Access::none,
          {"against", "data", "readers", "piece-size", "volume-files", "single"},
          torrent_plan,
          "[FILE...]"},
      Command{
          "torrent verify",
          "compare downloaded files with a .torrent, file by file",
          "DIR is where a client saved the torrent's folder, or that folder itself. Prints what is not right, one file "
          "a line: missing, wrong_size, not_a_file, unreadable, damaged, or doubtful, which shares a piece with such a "
          "file and may be right; a tab, the path, a tab, what was found. --files lists those that are ok, too. Reads "
          "with many threads and writes nothing into DIR. An interrupted run goes on where it was. Exit code 4 when "
          "anything is not ok.",
          Access::none,
          {"readers", "files"},
          torrent_verify,
          "FILE DIR"},
      Command{
          "torrent prune",
          "remove downloaded files that the newest release no longer has",
          "DIR is where a client saved the releases' folder, or that folder itself. Removes what removed.txt of the "
          "newest release in it names, and folders that are empty then; prints what it removed. A file that one of the "
          "torrents named, or the release itself, lists is never removed; nor is anything that is no file of a "
          "release. "
          "With --dry-run it only says what would go.",
          Access::none,
          {},
          torrent_prune,
          "DIR [FILE...]"},
  };
  return k_commands;
}

}  // namespace dbr::stages
