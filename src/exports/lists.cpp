// SPDX-License-Identifier: MIT
#include "dbr/exports/lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "dbr/base/digest.hpp"
#include "dbr/base/file.hpp"
#include "dbr/base/text_file.hpp"
#include "dbr/dataset/files.hpp"
#include "dbr/metadata/post.hpp"
#include "release_rows.hpp"

namespace dbr::exports {
namespace {

// Posts that have one of these tags; no tag has an empty name.
struct TagList {
  std::string_view file;
  std::array<std::string_view, 2> tags;

  bool holds(const dataset::ReleasePost& post) const {
    return std::ranges::any_of(post.tags, [&](const auto& tag) { return tag.name == tags[0] || tag.name == tags[1]; });
  }
};

constexpr std::array k_tag_lists = {TagList{"lists/ai-tagged.txt", {"ai-assisted", "ai-generated"}},
                                    TagList{"lists/monochrome.txt", {"greyscale", "monochrome"}},
                                    TagList{"lists/text-only.txt", {"text-only_page"}}};
constexpr std::string_view k_deleted = "lists/deleted.txt";
constexpr std::string_view k_non_images = "lists/non-images.txt";
constexpr std::string_view k_pixel_duplicates = "lists/pixel-duplicates.tsv";
constexpr std::string_view k_replaced = "lists/replaced.tsv";

Result<TextFile> create(const Context& context, std::string_view name) {
  return TextFile::create(context.folder / name);
}

Result<TextFile> create_table(const Context& context, std::string_view name, std::string_view header) {
  DBR_TRY(auto file, create(context, name));
  DBR_CHECK(file.add_line(header));
  return file;
}

// Pixel hashes and their posts, brought into order by SQLite in its temporary directory: memory stays flat.
class PixelHashes {
 public:
  static Result<PixelHashes> create() {
    DBR_TRY(auto database,
            sql::Database::open_scratch("CREATE TABLE pixels (hash BLOB NOT NULL, post_id INTEGER NOT NULL); BEGIN"));
    return PixelHashes(std::move(database));
  }
  Result<void> add(std::string_view hash, PostId id) {
    DBR_TRY(auto insert, m_database.prepare("INSERT INTO pixels VALUES (?, ?)"));
    return insert.bind_blob(1, from_hex(hash)).bind(2, id).run();
  }
  Result<void> write_duplicates(const Context& context) {
    DBR_TRY(auto file, create_table(context, k_pixel_duplicates, "pixel_hash\tid"));
    DBR_TRY(auto select, m_database.prepare("SELECT hash, post_id FROM pixels ORDER BY hash, post_id"));
    std::string hash;
    PostId first = 0;  // of this hash, while it is the only one
    for (;;) {
      DBR_TRY(const bool is_row, select.step());
      if (!is_row) return file.commit();
      const PostId id = select.integer(1);
      if (select.text(0) != hash) {
        hash = select.text(0);
        first = id;
        continue;
      }
      if (first != 0) DBR_CHECK(file.add_line(fmt::format("{}\t{}", to_hex(hash), first)));
      first = 0;
      DBR_CHECK(file.add_line(fmt::format("{}\t{}", to_hex(hash), id)));
    }
  }

 private:
  explicit PixelHashes(sql::Database database) : m_database(std::move(database)) {}
  sql::Database m_database;
};

Result<void> write_non_images(const Context& context, PostId last) {
  DBR_TRY(auto file, create(context, k_non_images));
  DBR_CHECK(dataset::for_each_left_out(context.manifest, last, [&](const dataset::LeftOut& item) -> Result<void> {
    const bool is_one = item.form == dataset::Form::ml && item.state == to_string(dataset::MlState::not_a_still_image);
    return is_one ? file.add_line(std::to_string(item.id)) : Result<void>();
  }));
  return file.commit();
}

Result<void> write_replaced(const Context& context, const PostSet& posts) {
  DBR_TRY(auto file, create_table(context, k_replaced, "id\tnumber\tfile_ext\tsize\tmd5\tsha256\tsource_md5"));
  DBR_CHECK(dataset::for_each_replaced(context.manifest, [&](const dataset::ReplacedFile& f) -> Result<void> {
    if (!posts.contains(f.id)) return {};
    return file.add_line(
        fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}", f.id, f.number, f.file_ext, f.size, f.md5, f.sha256, f.source_md5));
  }));
  return file.commit();
}

}  // namespace

std::vector<std::string> list_files() {
  std::vector<std::string> names;
  for (const std::string_view name : {k_deleted, k_non_images, k_pixel_duplicates, k_replaced}) {
    names.emplace_back(name);
  }
  for (const TagList& list : k_tag_lists) names.emplace_back(list.file);
  std::ranges::sort(names);
  return names;
}

Result<void> write_lists(const Context& context, PostId last) {
  PostSet posts;
  DBR_TRY(PixelHashes pixels, PixelHashes::create());
  DBR_TRY(auto deleted, create(context, k_deleted));
  std::vector<TextFile> tagged;
  for (const TagList& list : k_tag_lists) {
    DBR_TRY(auto file, create(context, list.file));
    tagged.push_back(std::move(file));
  }
  const auto add = [&](const dataset::ReleasePost& post) -> Result<void> {
    posts.add(post.id);
    for (std::size_t i = 0; i < tagged.size(); ++i) {
      if (k_tag_lists[i].holds(post)) DBR_CHECK(tagged[i].add_line(std::to_string(post.id)));
    }
    const metadata::RecordFacts facts = metadata::read_facts(post.json);
    if (facts.is_deleted) DBR_CHECK(deleted.add_line(std::to_string(post.id)));
    return facts.pixel_hash.empty() ? Result<void>() : pixels.add(facts.pixel_hash, post.id);
  };
  DBR_CHECK(for_each_post(context, "lists/", add));
  DBR_CHECK(deleted.commit());
  for (TextFile& file : tagged) DBR_CHECK(file.commit());
  DBR_CHECK(pixels.write_duplicates(context));
  DBR_CHECK(write_non_images(context, last));
  DBR_CHECK(write_replaced(context, posts));
  return sync_directory(context.folder);  // the folder lists/ may be new
}

}  // namespace dbr::exports
