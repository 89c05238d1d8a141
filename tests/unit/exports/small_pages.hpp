// SPDX-License-Identifier: MIT
// The small release with its list of what was left out, and its pages.
#pragma once

#include "dbr/base/file.hpp"
#include "dbr/exports/pages.hpp"
#include "exports/statistics.hpp"
#include "unit/exports/small_release.hpp"

namespace dbr::exports::test {

class SmallPages : public SmallRelease {
 public:
  SmallPages() {
    auto file = must(ZstdFile::create(folder() / "left-out.tsv.zst"));
    must(
        file.write("id\tform\tstate\treason\n2\t512px\tnot_a_still_image\tvideo\n3\toriginal\texpunged\t\n"
                   "4\toriginal\twanted\t\n5\toriginal\texpunged\t\n"));
    must(file.commit());
  }

  /// A finished release that came before.
  void publish_earlier() {
    dataset::Release earlier;
    earlier.spec = {"danbooru2016", start_of_year(2017)};
    earlier.state = dataset::ReleaseState::finished;
    earlier.publication = 1;
    earlier.statistics = R"({"posts": 2, "tags": {"instances": 20, "unique": 5}, "bytes": {"total": 0}})";
    must(dataset::save_release(manifest.database, earlier));
    must(dataset::save_release(manifest.database, release));
  }

  Context context(StopToken stop = StopSource().token()) {
    return {manifest.database, release, manifest.layout(), folder(), std::move(stop), [this] { ++posts_reported; }};
  }

  Document statistics() { return must(make_statistics(context())); }

  std::string page(std::string_view name, std::vector<const Format*> chosen = {}) {
    release.statistics = must(write_pages(context(), chosen, false));
    return must(read_file(folder() / name));
  }
};

}  // namespace dbr::exports::test
