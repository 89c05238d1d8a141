// SPDX-License-Identifier: MIT
// `imagefolder`: ML forms as Hugging Face datasets' imagefolder loads them, each set a folder with its own metadata, so
// that either can be loaded alone. Every row has every column with one type and no null: types are guessed from the
// first rows.
#include <array>
#include <optional>

#include "caption.hpp"
#include "dbr/base/atomic_file.hpp"
#include "field_values.hpp"
#include "link_tree.hpp"
#include "release_rows.hpp"
#include "writers.hpp"

namespace dbr::exports {
namespace {

constexpr std::string_view k_format = "imagefolder";

using Ordered = nlohmann::ordered_json;
using metadata::TagCategory;

// As the site's own tag_string_general and its like.
std::string names_of(std::span<const metadata::TagUse> tags, TagCategory category) {
  std::string names;
  for (const metadata::TagUse& tag : tags) {
    if (tag.category != static_cast<int>(category)) continue;
    if (!names.empty()) names += ' ';
    names += tag.name;
  }
  return names;
}

// `file_name` is relative to the file the row is in.
Ordered row_of(const dataset::ReleasePost& post, const Json& record, std::string file_name, std::string caption) {
  const auto number = [&](const char* key) { return number_in(record, key).value_or(0); };
  Ordered row = {{"file_name", std::move(file_name)},
                 {"id", post.id},
                 {"set", to_string(post.set)},
                 {"rating", text_in(record, "rating")},
                 {"score", number("score")},
                 {"fav_count", number("fav_count")},
                 {"created_at", time_in(record, "created_at")},
                 {"image_width", number("image_width")},
                 {"image_height", number("image_height")},
                 {"content_box", content_box(post)},
                 {"text", std::move(caption)}};
  for (const TagCategory category : metadata::k_tag_categories) {
    row["tag_string_" + std::string(to_string(category))] = names_of(post.tags, category);
  }
  return row;
}

}  // namespace

std::vector<std::string> imagefolder_files(const dataset::Release&) {
  return {"train/"};
}

Result<void> write_imagefolder(const Context& context) {
  const std::string split = "train/";
  DBR_TRY(LinkTree tree, LinkTree::create(context.folder));
  // Only for sets that have pictures: an empty one is no metadata to its reader, and an error.
  std::array<std::optional<AtomicFile>, 2> rows;
  std::int64_t refused = 0;
  const auto on_post = [&](const dataset::ReleasePost& post) -> Result<void> {
    if (post.ml.empty()) return {};
    DBR_TRY(const Json record, parse_record(k_format, post.json));
    const std::string name = name_in_tree(context.layout, post) + ".jpg";
    DBR_CHECK(tree.link(context, post.id, split + name));
    auto& file = rows.at(static_cast<std::size_t>(post.set));
    const std::string set(to_string(post.set));
    if (!file) {
      DBR_TRY(AtomicFile fresh, AtomicFile::create(tree.path() / split / set / "metadata.jsonl"));
      file.emplace(std::move(fresh));
    }
    Caption caption = make_caption(post.tags);
    refused += caption.refused;
    const Ordered row = row_of(post, record, name.substr(set.size() + 1), std::move(caption.text));
    return file->write(row.dump(-1, ' ', false, Ordered::error_handler_t::replace) + "\n");
  };
  DBR_CHECK(for_each_post(context, k_format, on_post));
  for (auto& file : rows) {
    if (file) DBR_CHECK(file->commit());
  }
  warn_of_refused(k_format, refused);
  return tree.commit();
}

}  // namespace dbr::exports
