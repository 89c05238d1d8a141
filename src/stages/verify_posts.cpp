// SPDX-License-Identifier: MIT
#include "verify_posts.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "dbr/image/ml_form.hpp"

namespace dbr::stages {
namespace {

using dataset::Finding;
using dataset::KnownPost;
using dataset::Role;

// So many posts are in memory at once, some 400 bytes each. Each portion is one walk through the tables.
constexpr std::int64_t k_portion = 200'000;

bool has_something_to_check(const KnownPost& post) {
  return !post.file_ext.empty() || post.has_ml() || !post.placed.empty();
}

}  // namespace

VerifyPosts::VerifyPosts(const Parts& parts, const CheckSettings& settings, const dataset::Part& part, Scope scope,
                         std::int64_t known_posts)
    : m_parts(parts), m_settings(settings), m_part(part), m_scope(std::move(scope)) {
  const std::int64_t buckets = m_parts.layout.buckets();
  const std::int64_t posts = std::max<std::int64_t>(known_posts / part.count, 1);
  m_buckets_at_once = static_cast<int>(std::clamp(buckets * k_portion / posts, std::int64_t{1}, buckets));
}

Result<std::vector<KnownPost>> VerifyPosts::next(bool from_start, int limit) {
  if (from_start) {
    m_next_bucket = 0;
    m_next_id = 0;
    m_ready.clear();
  }
  if (m_scope.ids) {
    DBR_CHECK(load_listed(limit));
  } else {
    while (m_ready.empty() && m_next_bucket < m_parts.layout.buckets()) DBR_CHECK(load_buckets());
  }
  const auto count = std::min<std::size_t>(m_ready.size(), static_cast<std::size_t>(limit));
  const auto end = m_ready.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<KnownPost> items(std::make_move_iterator(m_ready.begin()), std::make_move_iterator(end));
  m_ready.erase(m_ready.begin(), end);
  return items;
}

Result<void> VerifyPosts::load_listed(int limit) {
  while (m_next_id < m_scope.ids->size() && static_cast<int>(m_ready.size()) < limit) {
    const PostId id = (*m_scope.ids)[m_next_id++];
    if (id > m_scope.last || !is_in_part(m_part, id, m_parts.layout.buckets())) continue;
    DBR_TRY(auto post, dataset::find_known(m_parts.database, id, m_settings.kind));
    if (post && has_something_to_check(*post)) m_ready.push_back(std::move(*post));
  }
  return {};
}

// The posts of the next few buckets; and what lies in their directories that is of no post.
Result<void> VerifyPosts::load_buckets() {
  const int buckets = m_parts.layout.buckets();
  const int first = m_next_bucket;
  const int last = std::min(first + m_buckets_at_once, buckets) - 1;
  m_next_bucket = last + 1;
  std::vector<KnownPost> posts;
  DBR_CHECK(dataset::for_each_known(m_parts.database, buckets, m_part, first, last, m_settings.kind,
                                    [&](KnownPost post) { posts.push_back(std::move(post)); }));
  const auto bucket_of = [&](const KnownPost& post) { return static_cast<int>(post.id % buckets); };
  std::ranges::stable_sort(posts, {}, bucket_of);
  for (int bucket = first; bucket <= last; ++bucket) {
    // With more parts than buckets, a directory holds several of them.
    if (m_part.count <= buckets && bucket % m_part.count != m_part.number) continue;
    const auto of_bucket = std::ranges::equal_range(posts, bucket, {}, bucket_of);
    DBR_CHECK(m_parts.extras.check_bucket(bucket, {of_bucket.begin(), of_bucket.end()}));
  }
  std::erase_if(posts, [&](const KnownPost& post) { return post.id > m_scope.last || !has_something_to_check(post); });
  std::ranges::move(posts, std::back_inserter(m_ready));
  return {};
}

PostOutcome VerifyPosts::process(const KnownPost& post) {
  PostCheck check = check_post(m_parts.layout, post, m_settings, m_parts.stop);
  PostOutcome outcome{{.id = post.id, .bytes = check.bytes, .is_failure = !check.findings.empty()}};
  if (check.is_cut) outcome.error = Error{ErrorKind::cancelled, "stopped"};
  outcome.findings = std::move(check.findings);
  outcome.has_files = post.has_original() || !post.placed.empty();
  return outcome;
}

Result<void> VerifyPosts::commit(std::vector<PostOutcome>& outcomes) {
  for (PostOutcome& outcome : outcomes) {
    m_posts += outcome.has_files ? 1 : 0;
    for (Finding& finding : outcome.findings) DBR_CHECK(note(std::move(finding)));
  }
  return {};
}

void VerifyPosts::leave_worker() {
  if (m_settings.depth >= Depth::decode) image::release_thread();
}

// With the digest of what should be there, by which a renamed file is known again.
Result<void> VerifyPosts::note(Finding finding) {
  DBR_TRY(const auto post, dataset::find_known(m_parts.database, finding.id, DigestKind::sha256));
  if (!post) return {};
  const auto path = m_parts.layout.root() / finding.path;
  const dataset::Bytes* expected = finding.role == Role::ml ? &post->ml : &post->original;
  for (const auto& placed : post->placed) {
    const auto its_path =
        m_parts.layout.shared() / m_parts.layout.shared_path(placed.series, post->id, placed.file_ext);
    if (finding.role == Role::placed && its_path == path) expected = &placed.bytes;
  }
  finding.sha256 = to_hex(std::string_view(expected->digest.data(), expected->digest.size()));
  if (finding.role == Role::original && !post->has_original()) {
    // A killed fetch-images may have got as far as the new file, not its row.
    DBR_TRY(const bool is_unrecorded, m_parts.extras.is_unrecorded(path));
    if (is_unrecorded) return {};
  }
  return m_parts.findings.add(finding);
}

}  // namespace dbr::stages
