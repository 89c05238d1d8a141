// SPDX-License-Identifier: MIT
// Everything a user can set, resolved: flag, environment, ROOT/dbr.toml, the user's file, default, in this order.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dbr/base/ids.hpp"
#include "dbr/base/time.hpp"
#include "dbr/image/ml_form.hpp"

namespace dbr::stages {

struct Settings {
  // every command
  std::filesystem::path root = ".";
  std::optional<int> jobs;  ///< threads or connections; each stage has its own default
  bool dry_run = false;
  bool json = false;

  // commands that use the site
  std::string site = "https://danbooru.donmai.us";
  double tps = 1.0;                     ///< API requests a second
  std::optional<double> cdn_tps;        ///< file requests a second
  std::optional<ByteCount> limit_rate;  ///< bytes a second from the CDN
  std::string login;                    ///< with api_key: sent to the site's host only, never logged
  std::string api_key;
  std::string contact;                   ///< goes into the User-Agent, so that the site can reach the operator
  std::vector<std::string> allow_hosts;  ///< further hosts files may come from

  // stages over items
  std::optional<std::chrono::milliseconds> max_duration;
  std::optional<std::int64_t> max_errors;
  std::optional<std::filesystem::path> ids;  ///< one ID a line; "-" is stdin

  // fetch-images
  std::string order;                       ///< old, new or small; empty: old
  std::string only;                        ///< sfw or nsfw; empty: both
  std::vector<std::string> exclude_tags;   ///< posts with one of these tags are left out
  std::optional<ByteCount> max_file_size;  ///< larger files are left out
  bool skip_non_images = false;
  std::optional<ByteCount> max_transfer;  ///< bytes this run may fetch
  std::optional<ByteCount> reserve;       ///< bytes to leave free on the disk

  // retry
  std::vector<std::string> reasons;  ///< states or reasons; empty: all failures

  // fetch-metadata --from
  std::vector<std::string> from;  ///< dumps to read
  std::string google_storage_url = "https://storage.googleapis.com";
  std::string bigquery_url = "https://bigquery.googleapis.com";
  std::string google_token;    ///< sent to these hosts only, never logged
  std::string google_project;  ///< that pays for reading

  // posts
  std::string tags;                  ///< "1girl -solo"
  std::vector<std::string> ratings;  ///< empty: all
  std::vector<std::string> states;   ///< names of metadata::PostState; empty: all the site shows
  std::optional<Timestamp> created_from;
  std::optional<Timestamp> created_before;
  std::optional<std::int64_t> pool;
  bool count = false;
  bool ids_only = false;
  // fetch-metadata from the site
  bool sweep = false;  ///< read everything again

  // the release
  std::optional<int> year;
  std::optional<Timestamp> as_of;  ///< posts created before it
  std::string name;                ///< default: "danbooru" and the year, or the date
  bool finish = false;
  bool reissue = false;
  std::string sfw_ratings = "gs";              ///< letters in the order of "gsqe", each once
  std::vector<std::filesystem::path> exclude;  ///< files of tags and IDs that the release leaves out
  std::string link = "hard";                   ///< hard, reflink or copy: how files get into the shared tree
  std::string release;                         ///< with into: the one to lay out again
  std::filesystem::path into;                  ///< empty: the shared tree

  // the dataset
  std::optional<int> buckets;
  std::optional<bool> optimize_originals;

  // downscale
  image::MlSettings ml;             ///< max_memory is downscale's to fill in
  std::optional<ByteCount> memory;  ///< for downscale; default: half of the machine's

  // export-db
  std::vector<std::string> formats;  ///< names, or "all"; empty: the default ones

  // make-torrent
  std::vector<std::string> trackers;  ///< tiers: URLs or the names "academictorrents", "nyaa", with commas between
  std::vector<std::string> web_seeds;
  std::optional<ByteCount> piece_size;
  std::string comment;
  std::string source;
  std::optional<Timestamp> creation_date;
  std::optional<int> readers;       ///< threads that read files
  std::optional<int> volume_files;  ///< most files in a volume
  bool single = false;              ///< one volume a series, however large
  bool draft = false;

  // torrent show, plan
  bool files = false;                          ///< list them all
  std::vector<std::filesystem::path> against;  ///< torrents that people have already
  std::optional<std::filesystem::path> data;   ///< the folder their data lies in

  // verify
  std::string depth = "hash";  ///< size, hash, decode or pieces
  int subset_number = 1;       ///< of subset_count
  int subset_count = 1;
  bool repair = false;

  // diff
  std::optional<std::filesystem::path> lists;  ///< a folder to write lists of paths and posts to

  /// Where this user's programs keep what outlives a run: $XDG_STATE_HOME/dbr; nullopt when there is no such place.
  std::optional<std::filesystem::path> state_folder;

  // what follows the command's name
  std::vector<std::string> positional;
};

}  // namespace dbr::stages
