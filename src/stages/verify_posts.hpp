// SPDX-License-Identifier: MIT
// verify, all posts: directory by directory, because that is how the files lie on a disk, in order of ID within each.
#pragma once

#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

#include "dbr/dataset/findings.hpp"
#include "dbr/dataset/held.hpp"
#include "dbr/dataset/layout.hpp"
#include "dbr/pipeline/runner.hpp"
#include "dbr/sql/database.hpp"
#include "support.hpp"
#include "verify_extras.hpp"
#include "verify_post.hpp"

namespace dbr::stages {

struct PostOutcome : pipeline::OutcomeFacts {
  std::vector<dataset::Finding> findings;
  bool has_files = false;  // that the manifest claims
};

class VerifyPosts final : public pipeline::ItemStage<dataset::KnownPost, PostOutcome> {
 public:
  struct Parts {
    const dataset::Layout& layout;
    sql::Database& database;
    dataset::Findings& findings;
    ExtraFinder& extras;
    const StopToken& stop;
  };
  VerifyPosts(const Parts& parts, const CheckSettings& settings, const dataset::Part& part, Scope scope,
              std::int64_t known_posts);

  Result<std::vector<dataset::KnownPost>> next(bool from_start, int limit) override;
  PostOutcome process(const dataset::KnownPost& post) override;
  Result<void> commit(std::vector<PostOutcome>& outcomes) override;
  Result<void> note_left(std::vector<PostOutcome>&) override { return {}; }  // checking meets no errors, only problems
  void leave_worker() override;

  std::int64_t posts() const { return m_posts; }

 private:
  Result<void> load_listed(int limit);
  Result<void> load_buckets();
  Result<void> note(dataset::Finding finding);

  const Parts m_parts;
  const CheckSettings m_settings;
  const dataset::Part m_part;
  const Scope m_scope;
  int m_buckets_at_once = 1;
  int m_next_bucket = 0;
  std::size_t m_next_id = 0;               // in the scope's list
  std::deque<dataset::KnownPost> m_ready;  // read from the manifest, not handed out yet
  std::int64_t m_posts = 0;
};

}  // namespace dbr::stages
