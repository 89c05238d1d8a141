// SPDX-License-Identifier: MIT
#include "verify_post.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "dbr/image/ml_form.hpp"
#include "verify_read.hpp"

namespace dbr::stages {
namespace {

using dataset::Bytes;
using dataset::Form;
using dataset::KnownPost;
using dataset::Role;

// Larger ones are not taken into memory: no still picture of the site is.
constexpr ByteCount k_largest_picture = ByteCount{2} << 30;

// The file is broken: not merely of a kind or an extent that no decoder here takes.
bool is_broken_picture(const std::string& bytes) {
  const image::MlForm form = image::make_ml_form(bytes, {});
  constexpr std::array<std::string_view, 5> k_broken = {"truncated", "corrupt", "empty", "html", "garbage"};
  return form.state == image::MlState::failed && std::ranges::find(k_broken, form.reason) != k_broken.end();
}

// One post's files. What has several names is read once.
class PostChecker {
 public:
  PostChecker(const dataset::Layout& layout, const KnownPost& post, const CheckSettings& settings,
              const StopToken& stop, PostCheck& check)
      : m_layout(layout), m_post(post), m_settings(settings), m_stop(stop), m_check(check) {}

  void run() {
    if (m_post.has_original()) {
      check(Role::original, stored(Form::original, m_post.file_ext), m_post.original, may_decode());
    } else if (!m_post.file_ext.empty()) {
      // The row claims nothing, but what is left of the bytes held last should be these.
      const auto path = stored(Form::original, m_post.file_ext);
      if (look_at(path).problem != "missing") check(Role::original, path, m_post.original, false);
    }
    if (m_post.has_ml()) check(Role::ml, stored(Form::ml, "jpg"), m_post.ml, true);
    if (!m_settings.has_tree) return;
    for (const KnownPost::Placed& file : m_post.placed) {
      check(Role::placed, m_layout.shared() / m_layout.shared_path(file.series, m_post.id, file.file_ext), file.bytes,
            false);
    }
  }

 private:
  std::filesystem::path stored(Form form, std::string_view extension) const {
    return m_layout.stored(form, m_post.id, extension);
  }

  // What is known to be no picture, or none that can be decoded, is not tried again.
  bool may_decode() const {
    return m_post.ml_state != dataset::MlState::failed && m_post.ml_state != dataset::MlState::not_a_still_image;
  }

  void check(Role role, const std::filesystem::path& path, const Bytes& expected, bool is_picture) {
    std::string problem = find_problem(path, expected, is_picture);
    if (problem.empty()) return;
    m_check.findings.push_back({.path = path.lexically_relative(m_layout.root()).string(),
                                .problem = std::move(problem),
                                .role = role,
                                .id = m_post.id,
                                .size = expected.size});
  }

  std::string find_problem(const std::filesystem::path& path, const Bytes& expected, bool is_picture) {
    ReadFacts facts = look_at(path);
    if (!facts.problem.empty()) return facts.problem;
    if (facts.size != expected.size) return "size";
    if (m_settings.depth == Depth::size) return "";
    const auto known = std::ranges::find_if(
        m_read, [&](const ReadFacts& other) { return other.inode == facts.inode && other.device == facts.device; });
    if (known != m_read.end()) {
      if (!known->problem.empty()) return known->problem;
      return known->digest == expected.digest ? "" : "hash";
    }
    const bool is_decoded = is_picture && m_settings.depth >= Depth::decode && facts.size <= k_largest_picture;
    facts = read_through(path, m_settings.kind, is_decoded, &m_stop);
    if (facts.is_cut) m_check.is_cut = true;
    const std::string bytes = std::exchange(facts.bytes, {});
    m_read.push_back(facts);
    if (!facts.problem.empty()) return facts.problem;
    m_check.bytes += facts.size;
    if (facts.size != expected.size) return "size";
    if (facts.digest != expected.digest) return "hash";
    return is_decoded && is_broken_picture(bytes) ? "decode" : "";
  }

  const dataset::Layout& m_layout;
  const KnownPost& m_post;
  const CheckSettings& m_settings;
  const StopToken& m_stop;
  PostCheck& m_check;
  std::vector<ReadFacts> m_read;
};

}  // namespace

Depth parse_depth(std::string_view name) {
  if (name == "size") return Depth::size;
  if (name == "decode") return Depth::decode;
  return name == "pieces" ? Depth::pieces : Depth::hash;
}

DigestKind faster_digest() {
  using Clock = std::chrono::steady_clock;
  const std::string bytes(std::size_t{256} << 10, 'x');
  const auto time = [&](DigestKind kind) {
    auto best = Clock::duration::max();
    for (int round = 0; round < 3; ++round) {
      const auto begin = Clock::now();
      (void)digest_hex(kind, bytes);
      best = std::min(best, Clock::now() - begin);
    }
    return best;
  };
  return time(DigestKind::sha256) <= time(DigestKind::md5) ? DigestKind::sha256 : DigestKind::md5;
}

PostCheck check_post(const dataset::Layout& layout, const KnownPost& post, const CheckSettings& settings,
                     const StopToken& stop) {
  PostCheck check;
  PostChecker(layout, post, settings, stop, check).run();
  if (check.is_cut) check.findings.clear();
  return check;
}

std::string file_digest(const std::filesystem::path& path, DigestKind kind) {
  const ReadFacts facts = read_through(path, kind, false);
  if (!facts.problem.empty()) return "";
  return to_hex(std::string_view(facts.digest.data(), digest_size(kind)));
}

}  // namespace dbr::stages
