// SPDX-License-Identifier: MIT
// path: where the files of a post lie in the store, one line each.
#include "dbr/dataset/files.hpp"
#include "stages.hpp"
#include "support.hpp"

namespace dbr::stages {

Result<Report> path(const Context& context) {
  const dataset::Layout& layout = context.dataset.layout();
  DBR_TRY(auto database, context.dataset.connect());
  if (context.settings.positional.empty()) return fail(ErrorKind::usage, "path: name at least one post ID");
  Json files = Json::array();
  std::string text;
  ExitCode code = ExitCode::ok;
  for (const std::string& word : context.settings.positional) {
    DBR_TRY(const PostId id, parse_id(word));
    DBR_TRY(const auto held, dataset::find_held(database, id));
    if (!held) {
      // Nothing is printed for it, so that the output can be used as it is; the code tells.
      code = ExitCode::items_left;
      continue;
    }
    const auto original = layout.stored(dataset::Form::original, id, held->file_ext);
    Json entry = {{"id", id}, {"original", original.string()}};
    text += original.string() + "\n";
    if (held->has_ml) {
      const auto ml = layout.stored(dataset::Form::ml, id, "jpg");
      entry["512px"] = ml.string();
      text += ml.string() + "\n";
    }
    files.push_back(std::move(entry));
  }
  return Report{std::move(text), Json{{"command", "path"}, {"files", files}}.dump(), code};
}

}  // namespace dbr::stages
