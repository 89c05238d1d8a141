// SPDX-License-Identifier: MIT
// What belongs where: one query chooses the files of a release, and place() writes down where they go.
#include <fmt/format.h>

#include <algorithm>

#include "dbr/base/digest.hpp"
#include "dbr/dataset/exclusions.hpp"
#include "dbr/dataset/record_reader.hpp"
#include "dbr/dataset/release.hpp"
#include "dbr/dataset/states.hpp"
#include "dbr/dataset/volumes.hpp"
#include "dbr/metadata/post.hpp"
#include "queries.hpp"

namespace dbr::dataset {
namespace {

// The one query. Nothing enters that was not verified: only bytes whose digest is known, of posts the site still shows.
constexpr std::string_view k_release_files =
    "SELECT p.id, p.rating, o.file_ext, o.size, o.md5, o.sha256, coalesce(m.state, 0) = 2, m.size, m.md5, m.sha256, "
    "o.source_md5, p.tags FROM post p CROSS JOIN original o ON o.post_id = p.id LEFT JOIN ml m ON m.post_id = p.id "
    "WHERE p.id <= ? AND p.created_at < ? AND p.state IN (0, 1) AND p.original IN (1, 2) ORDER BY p.id";

// A directory with more files is slow to list everywhere and too much for some file systems' tools.
constexpr std::int64_t k_most_files_in_a_directory = 50'000;

Result<void> for_each_desired(sql::Database& database, const Layout& layout, const ReleaseSpec& spec, PostId last,
                              const std::function<Result<void>(const PlacedFile&)>& on_file) {
  DBR_TRY(const auto exclusions, ExclusionMatcher::create(database, spec.exclude));
  DBR_TRY(auto select, database.prepare(k_release_files));
  select.bind(1, last).bind(2, spec.cutoff.time_since_epoch().count());
  for (;;) {
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) return {};
    const PostId id = select.integer(0);
    if (!exclusions.reason_against(id, select.text(11)).empty()) continue;
    const Set set = set_of(select.text(1), spec.sfw_ratings);
    const auto make = [&](Form form, std::string_view extension, int column) {
      const Series series{set, form};
      return PlacedFile{series,
                        id,
                        layout.shared_path(series, id, extension),
                        select.integer(column),
                        std::string(select.text(column + 1)),
                        std::string(select.text(column + 2)),
                        0,
                        std::string(form == Form::original ? select.text(10) : "")};
    };
    DBR_CHECK(on_file(make(Form::original, select.text(2), 3)));
    if (select.integer(6) != 0) DBR_CHECK(on_file(make(Form::ml, "jpg", 7)));
  }
}

Result<void> check_directory_sizes(sql::Database& database, int buckets) {
  DBR_TRY(const auto most, database.integer(fmt::format("SELECT max(n) FROM (SELECT count(*) AS n FROM placed "
                                                        "GROUP BY series, post_id % {})",
                                                        buckets)));
  if (most.value_or(0) < k_most_files_in_a_directory) return {};
  const std::int64_t enough = *most * buckets / (k_most_files_in_a_directory / 2) + 1;
  return fail(ErrorKind::config,
              fmt::format("cannot place the files: a bucket would hold {} of them; fewer than {} are allowed", *most,
                          k_most_files_in_a_directory),
              fmt::format("a dataset with {} buckets would do; the number is set when a dataset is created", enough));
}

// metadata::by_category, of tags that stay where they are, into strings that are used again.
class TagsByCategory {
 public:
  std::span<const metadata::TagUse> of(std::vector<const metadata::TagUse*>& uses) {
    // No database or text file can hold U+0000, and the site, on PostgreSQL, has no such tag.
    std::erase_if(uses, [](const auto* use) { return use->name.find('\0') != std::string::npos; });
    const auto is_named_before = [](const auto* a, const auto* b) { return a->name < b->name; };
    const auto is_misplaced = [&](const auto* a, const auto* b) { return !is_named_before(a, b); };
    // In the order of names no tag can come twice.
    if (std::ranges::adjacent_find(uses, is_misplaced) != uses.end()) {
      std::vector<metadata::TagUse> copies;
      for (const auto* use : uses) copies.push_back(*use);
      m_tags = metadata::by_category(std::move(copies));
      return m_tags;
    }
    const auto category_of = [](const metadata::TagUse* use) {
      return use->category == metadata::k_unknown_category ? static_cast<int>(metadata::TagCategory::general)
                                                           : use->category;
    };
    std::ranges::stable_sort(uses, {}, category_of);
    m_tags.resize(std::max(m_tags.size(), uses.size()));
    for (std::size_t i = 0; i < uses.size(); ++i) {
      m_tags[i] = *uses[i];
      m_tags[i].category = category_of(uses[i]);
    }
    return std::span(m_tags).first(uses.size());
  }

 private:
  std::vector<metadata::TagUse> m_tags;
};

}  // namespace

std::string set_rule(const ReleaseSpec& spec) {
  std::string letters;
  for (const char letter : spec.sfw_ratings) letters += fmt::format("{}{}", letters.empty() ? "" : " and ", letter);
  return fmt::format("1: sfw = rating{} {}; everything else is nsfw", spec.sfw_ratings.size() > 1 ? "s" : "", letters);
}

Set set_of(std::string_view rating, std::string_view sfw_ratings) {
  return rating.size() == 1 && sfw_ratings.find(rating) != std::string_view::npos ? Set::sfw : Set::nsfw;
}

Result<void> place(sql::Database& database, const Layout& layout, const ReleaseSpec& spec, PostId last) {
  DBR_TRY(const std::int64_t edition, next_publication(database));
  // Rows are not deleted before the next publication, and remember what was published last: whatever drafts came
  // between, bytes that are where they were published keep that edition.
  DBR_CHECK(database.execute("UPDATE placement SET is_placed = 0"));
  DBR_TRY(auto upsert,
          database.prepare("INSERT INTO placement (series, post_id, path, size, md5, sha256, edition, is_placed, "
                           "source_md5) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, nullif(?8, '')) ON CONFLICT (series, "
                           "post_id) DO UPDATE SET "
                           "witness = iif(sha256 = ?6 AND path = ?3, witness, NULL), "
                           "edition = CASE WHEN sha256 = ?6 AND path = ?3 THEN edition "
                           "WHEN last_sha256 = ?6 AND last_path = ?3 THEN last_edition ELSE ?7 END, "
                           "last_path = iif(edition < ?7 AND (sha256 <> ?6 OR path <> ?3), path, last_path), "
                           "last_sha256 = iif(edition < ?7 AND (sha256 <> ?6 OR path <> ?3), sha256, last_sha256), "
                           "last_edition = iif(edition < ?7 AND (sha256 <> ?6 OR path <> ?3), edition, last_edition), "
                           "path = ?3, size = ?4, md5 = ?5, sha256 = ?6, is_placed = 1, source_md5 = nullif(?8, '')"));
  DBR_CHECK(for_each_desired(database, layout, spec, last, [&](const PlacedFile& file) {
    return upsert.bind(1, index_of(file.series))
        .bind(2, file.id)
        .bind(3, file.path)
        .bind(4, file.size)
        .bind(5, file.md5)
        .bind(6, file.sha256)
        .bind(7, edition)
        .bind(8, file.source_md5)
        .run();
  }));
  return check_directory_sizes(database, layout.buckets());
}

Result<Drift> drift(sql::Database& database, const Layout& layout, const ReleaseSpec& spec, PostId last) {
  Drift found;
  std::int64_t matched = 0;
  DBR_TRY(auto select, database.prepare(k_placed_path));
  DBR_CHECK(for_each_desired(database, layout, spec, last, [&](const PlacedFile& file) -> Result<void> {
    select.bind(1, index_of(file.series)).bind(2, file.id);
    DBR_TRY(const bool is_placed, select.step());
    if (!is_placed) {
      ++found.added;
      return {};
    }
    ++matched;
    if (select.text(0) != file.path || select.text(1) != file.sha256) ++found.changed;
    select.reset();
    return {};
  }));
  DBR_TRY(const auto placed, database.integer("SELECT count(*) FROM placed"));
  found.removed = placed.value_or(0) - matched;
  return found;
}

Result<void> for_each_placed(sql::Database& database, const std::function<Result<void>(const PlacedFile&)>& on_file) {
  for (const Series series : k_series) DBR_CHECK(for_each_placed(database, series, {}, k_end_of_series, on_file));
  return {};
}

Result<bool> is_placed(sql::Database& database, const Layout::SharedFile& file) {
  DBR_TRY(auto select, database.prepare(k_placed_path));
  select.bind(1, index_of(file.series)).bind(2, file.id);
  DBR_TRY(const bool is_row, select.step());
  return is_row && select.text(0).ends_with("." + file.extension);
}

Result<void> for_each_left_out(sql::Database& database, PostId last,
                               const std::function<Result<void>(const LeftOut&)>& on_item) {
  DBR_TRY(const auto release, placed_release(database));
  DBR_TRY(const auto exclusions, ExclusionMatcher::create(database, release ? release->spec.exclude : ""));
  DBR_TRY(auto select,
          database.prepare("SELECT p.id, p.state, p.original, coalesce(o.reason, ''), "
                           "coalesce(m.state, iif(p.original = 0, 0, 5)), coalesce(m.reason, ''), "
                           "EXISTS (SELECT 1 FROM placed a WHERE a.series IN (0, 2) AND a.post_id = p.id), "
                           "EXISTS (SELECT 1 FROM placed a WHERE a.series IN (1, 3) AND a.post_id = p.id), p.tags "
                           "FROM post p LEFT JOIN original o ON o.post_id = p.id LEFT JOIN ml m ON m.post_id = p.id "
                           "WHERE p.id <= ? ORDER BY p.id"));
  select.bind(1, last);
  for (;;) {
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) return {};
    const auto post = static_cast<metadata::PostState>(select.integer(1));
    const auto original = static_cast<OriginalState>(select.integer(2));
    const auto ml = static_cast<MlState>(select.integer(4));
    if (select.integer(6) == 0) {
      const bool is_visible = post == metadata::PostState::live || post == metadata::PostState::deleted;
      const bool is_held = has_bytes(original) && is_visible;
      const std::string_view wish =
          is_held ? exclusions.reason_against(select.integer(0), select.text(8)) : std::string_view();
      // Bytes are held, but the post was hidden since, is not wanted in this release, or was created after the cut-off
      // despite its ID.
      const std::string_view state = post == metadata::PostState::unread ? metadata::to_string(post)
                                     : !has_bytes(original)              ? to_string(original)
                                     : !is_visible                       ? metadata::to_string(post)
                                     : !wish.empty()                     ? to_string(OriginalState::excluded)
                                                                         : std::string_view("after_cutoff");
      DBR_CHECK(on_item(
          {select.integer(0), Form::original, std::string(state), std::string(wish.empty() ? select.text(3) : wish)}));
    } else if (select.integer(7) == 0) {
      DBR_CHECK(on_item({select.integer(0), Form::ml, std::string(to_string(ml)), std::string(select.text(5))}));
    }
  }
}

Result<std::string> for_each_left_out_line(sql::Database& database, PostId last,
                                           const std::function<Result<void>(std::string_view line)>& on_line) {
  Digest digest(DigestKind::sha256);
  const auto tell = [&](std::string_view line) {
    digest.update(line);
    return on_line(line);
  };
  DBR_CHECK(tell("id\tform\tstate\treason\n"));
  DBR_CHECK(for_each_left_out(database, last, [&](const LeftOut& item) {
    return tell(fmt::format("{}\t{}\t{}\t{}\n", item.id, to_string(item.form), item.state, item.reason));
  }));
  return digest.finish_hex();
}

Result<bool> is_left_out_as_placed(sql::Database& database, const Release& release, PostId last) {
  DBR_TRY(const std::string now,
          for_each_left_out_line(database, last, [](std::string_view) { return Result<void>(); }));
  return now == release.left_out_sha256;
}

Result<void> for_each_release_post(sql::Database& database,
                                   const std::function<Result<void>(const ReleasePost&)>& on_post,
                                   PostRecords records) {
  DBR_TRY(auto reader, RecordReader::create(database));
  TagsByCategory tags;
  DBR_TRY(auto select,
          database.prepare("SELECT " DBR_POST_RECORD
                           ", p.id, a.series, a.path, a.size, a.md5, a.sha256, coalesce(b.path, ''), b.size, "
                           "m.box_x, m.box_y, m.box_width, m.box_height "
                           "FROM post p CROSS JOIN placed a ON a.series IN (0, 2) AND a.post_id = p.id "
                           "LEFT JOIN placed b ON b.series = a.series + 1 AND b.post_id = p.id "
                           "LEFT JOIN ml m ON m.post_id = b.post_id ORDER BY p.id"));
  const auto pixels = [&](int column) { return static_cast<int>(select.integer(column)); };
  for (;;) {
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) return {};
    DBR_TRY(auto uses, reader.tags(select.text(3)));
    std::string json;
    if (records == PostRecords::unpacked) {
      DBR_TRY(json, reader.post(select, uses));
    }
    DBR_CHECK(on_post({.id = select.integer(6),
                       .set = k_series[static_cast<std::size_t>(select.integer(7))].set,
                       .rating = select.text(5),
                       .json = json,
                       .tags = tags.of(uses),
                       .original = select.text(8),
                       .size = select.integer(9),
                       .md5 = select.text(10),
                       .sha256 = select.text(11),
                       .ml = select.text(12),
                       .ml_size = select.integer(13),
                       .box = select.text(12).empty()
                                  ? std::nullopt
                                  : std::optional(ContentBox{pixels(14), pixels(15), pixels(16), pixels(17)})}));
  }
}

}  // namespace dbr::dataset
