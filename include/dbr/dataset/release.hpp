// SPDX-License-Identifier: MIT
// A release: the set of files chosen by one query over the manifest, placed in the shared tree, numbered when
// published. Its life: placed (draft) -> exported -> published (finished). docs/dataset-format.md has the rules.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dbr/base/result.hpp"
#include "dbr/base/time.hpp"
#include "dbr/dataset/layout.hpp"
#include "dbr/metadata/post.hpp"
#include "dbr/sql/database.hpp"

namespace dbr::dataset {

/// Ratings of the sfw set, unless told otherwise.
inline constexpr std::string_view k_sfw_ratings = "gs";

struct ReleaseSpec {
  std::string name;                                      ///< "danbooru2017": letters, digits, '-', '_', '.'
  Timestamp cutoff{};                                    ///< posts created before it
  std::string sfw_ratings = std::string(k_sfw_ratings);  ///< letters in the order of "gsqe", each once
  std::string exclude = {};  ///< what is left out: tags and IDs, one a line, sorted, each once
};

enum class ReleaseState : int { draft = 0, finished = 1 };

struct Release {
  ReleaseSpec spec;
  ReleaseState state = ReleaseState::draft;
  std::int64_t publication = 0;       ///< 0 for a draft that never was published
  std::int64_t placed_version = -1;   ///< metadata_version when its files were placed
  std::string files_sha256;           ///< of the file list's text; empty before it is placed
  std::string exported_files_sha256;  ///< the list the exports were made from
  std::string left_out_sha256 = {};   ///< of left-out.tsv.zst's text when its files were placed
  std::string statistics = {};        ///< statistics.json of the same; the next release's growth is counted from it
};

Result<std::optional<Release>> find_release(sql::Database& database, std::string_view name);
/// The release whose files are in the shared tree.
Result<std::optional<Release>> placed_release(sql::Database& database);
Result<void> save_release(sql::Database& database, const Release& release);
/// The latest cut-off first; of equal ones, the latest publication.
Result<std::vector<Release>> published_releases(sql::Database& database);

/// What stands between a draft and its publication.
struct Unsettled {
  std::int64_t metadata = 0;   ///< posts that could not be read, and 1 when the harvest has not reached the cut-off
  std::int64_t originals = 0;  ///< wanted
  std::int64_t ml_forms = 0;   ///< wanted, their original being there
  std::int64_t total() const { return metadata + originals + ml_forms; }
};
Result<Unsettled> unsettled(sql::Database& database, const ReleaseSpec& spec, PostId last);

/// A file of the release, in the order (series, edition, ID).
struct PlacedFile {
  Series series;
  PostId id = 0;
  std::string path;  ///< relative to the shared folder
  ByteCount size = 0;
  std::string md5;
  std::string sha256;
  std::int64_t edition = 0;
  std::string source_md5;    ///< of what the site sent
  std::int64_t witness = 0;  ///< of the file when it was seen to have these bytes (base/file_witness.hpp); 0: never
};

/// Places the release: what belongs where, in the caller's transaction. Files that stay where they were keep their
/// edition; new and changed ones get the number of the publication to come. Touches no file.
Result<void> place(sql::Database& database, const Layout& layout, const ReleaseSpec& spec, PostId last);

/// How the manifest differs from what is placed: for the one line about a finished release.
struct Drift {
  std::int64_t added = 0, removed = 0, changed = 0;
  std::int64_t total() const { return added + removed + changed; }
};
Result<Drift> drift(sql::Database& database, const Layout& layout, const ReleaseSpec& spec, PostId last);

Result<void> for_each_placed(sql::Database& database, const std::function<Result<void>(const PlacedFile&)>& on_file);
Result<bool> is_placed(sql::Database& database, const Layout::SharedFile& file);

/// Paths that were in a publication of the shared tree and are not placed now, sorted bytewise: what those who have an
/// earlier release hold too much. Drafts in between do not matter.
Result<void> for_each_removed(sql::Database& database, const std::function<Result<void>(std::string_view)>& on_path);

/// Whether what is placed keeps to the set rule, asked in another way than place() decided it.
struct SetAudit {
  std::int64_t checked = 0;  ///< files placed, of both sets
  std::int64_t outside = 0;  ///< of these, in the wrong set by the post's rating, or of no post
};
Result<SetAudit> audit_sets(sql::Database& database, const ReleaseSpec& spec);
/// The same; kind internal, naming a post, when anything is outside.
Result<SetAudit> prove_sets(sql::Database& database, const ReleaseSpec& spec);
/// The post's rating as it is now; empty when it has none, or there is no such post.
Result<std::string> rating_of(sql::Database& database, PostId id);

/// IDs in range without a file in the placed release: the form that is missing and why.
struct LeftOut {
  PostId id = 0;
  Form form = Form::original;
  std::string state;
  std::string reason;
};
Result<void> for_each_left_out(sql::Database& database, PostId last,
                               const std::function<Result<void>(const LeftOut&)>& on_item);
/// The same as lines of left-out.tsv.zst, its header first; returns the SHA-256 of all of them. States may have changed
/// since a release was placed without a file of it having changed.
Result<std::string> for_each_left_out_line(sql::Database& database, PostId last,
                                           const std::function<Result<void>(std::string_view line)>& on_line);
/// Whether the manifest leaves out what it left out when the release was placed, and for the same reasons.
Result<bool> is_left_out_as_placed(sql::Database& database, const Release& release, PostId last);

/// Where the picture lies in its ML form, in pixels from the upper left: the rest is background.
struct ContentBox {
  int x = 0, y = 0, width = 0, height = 0;
};

/// Posts whose original is in the release, in ID order, with their record and placement.
struct ReleasePost {
  PostId id = 0;
  Set set = Set::sfw;
  std::string_view rating = {};  ///< as the site sent it; empty when it is not text. Valid during the call, as
                                 ///< all that follows
  std::string_view json;         ///< empty with PostRecords::left_out
  std::span<const metadata::TagUse> tags;  ///< metadata::by_category
  std::string_view original;               ///< path relative to the shared folder
  ByteCount size = 0;                      ///< of the original, as its digests: of the bytes in the release
  std::string_view md5, sha256;            ///< lower-case hex
  std::string_view ml;                     ///< empty when there is none
  ByteCount ml_size = 0;
  std::optional<ContentBox> box;  ///< of the ML form; nullopt when there is none
};
/// Unpacking records is most of the work: not for those who need only tags and paths.
enum class PostRecords { unpacked, left_out };
Result<void> for_each_release_post(sql::Database& database,
                                   const std::function<Result<void>(const ReleasePost&)>& on_post,
                                   PostRecords records = PostRecords::unpacked);

/// The number that the next publication gets: they count from 1.
Result<std::int64_t> next_publication(sql::Database& database);
/// Gives the draft its publication number and makes it finished. In the caller's transaction.
Result<void> publish(sql::Database& database, Release& release);

/// The set rule, as it is written into the release: "1: sfw = ratings g and s; everything else is nsfw". The number is
/// the rule's version.
std::string set_rule(const ReleaseSpec& spec);
/// `sfw_ratings` as in ReleaseSpec.
Set set_of(std::string_view rating, std::string_view sfw_ratings = k_sfw_ratings);

}  // namespace dbr::dataset
