// SPDX-License-Identifier: MIT
// `sd-scripts`: ML forms with captions beside them, and the two metadata files kohya-ss/sd-scripts reads.
#include <fmt/format.h>

#include "caption.hpp"
#include "dbr/base/atomic_file.hpp"
#include "dbr/image/outline.hpp"
#include "link_tree.hpp"
#include "release_rows.hpp"
#include "writers.hpp"

namespace dbr::exports {
namespace {

constexpr std::string_view k_format = "sd-scripts";
constexpr std::string_view k_json = "metadata.json";
constexpr std::string_view k_jsonl = "metadata.jsonl";

using Ordered = nlohmann::ordered_json;

// [width, height] of an ML form, which depends on the settings it was made with.
Result<Ordered> size_of(const std::filesystem::path& picture) {
  // Far more than comes before the frame header of a JPEG that we made.
  constexpr std::size_t k_head = 4096;
  DBR_TRY(const FileHead head, read_head(picture, k_head));
  const image::Outline outline = image::outline(head.bytes);
  if (outline.width > 0 && outline.height > 0) return Ordered::array({outline.width, outline.height});
  return fail(ErrorKind::corrupt, fmt::format("cannot read the size of {}: it is no JPEG of ours", picture.string()),
              "dbr verify finds what else is damaged");
}

std::string to_text(const Ordered& value) {
  return value.dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

Result<void> write_post(const Context& context, const dataset::ReleasePost& post, std::string_view caption,
                        LinkTree& tree, AtomicFile& json, AtomicFile& jsonl, std::string_view separator) {
  const auto stored = context.layout.stored(dataset::Form::ml, post.id, "jpg");
  const std::string name = name_in_tree(context.layout, post);
  const std::string picture = name + ".jpg";
  DBR_CHECK(tree.link(context, post.id, picture));
  // A caption file without a line is refused by its reader, so the line is there even when it is empty.
  DBR_CHECK(tree.write(name + ".txt", fmt::format("{}\n", caption)));
  DBR_TRY(const Ordered size, size_of(stored));
  const Ordered box = content_box(post);
  const Ordered entry = {{"tags", caption}, {"image_size", size}, {"content_box", box}};
  DBR_CHECK(json.write(fmt::format("{}{}: {}", separator, to_text(picture), to_text(entry))));
  const Ordered line = {{"image_path", picture}, {"caption", caption}, {"image_size", size}, {"content_box", box}};
  return jsonl.write(to_text(line) + "\n");
}

}  // namespace

std::vector<std::string> sd_scripts_files(const dataset::Release&) {
  return {"sfw/", "nsfw/", std::string(k_json), std::string(k_jsonl)};
}

Result<void> write_sd_scripts(const Context& context) {
  DBR_TRY(LinkTree tree, LinkTree::create(context.folder));
  DBR_TRY(AtomicFile json, AtomicFile::create(tree.path() / k_json));
  DBR_TRY(AtomicFile jsonl, AtomicFile::create(tree.path() / k_jsonl));
  std::int64_t refused = 0;
  std::string_view separator = "{\n";
  const auto on_post = [&](const dataset::ReleasePost& post) -> Result<void> {
    if (post.ml.empty()) return {};
    const Caption caption = make_caption(post.tags);
    refused += caption.refused;
    DBR_CHECK(write_post(context, post, caption.text, tree, json, jsonl, separator));
    separator = ",\n";
    return {};
  };
  DBR_CHECK(for_each_post(context, k_format, on_post, dataset::PostRecords::left_out));
  DBR_CHECK(json.write(separator == "{\n" ? "{}\n" : "\n}\n"));
  DBR_CHECK(json.commit());
  DBR_CHECK(jsonl.commit());
  warn_of_refused(k_format, refused);
  return tree.commit();
}

}  // namespace dbr::exports
