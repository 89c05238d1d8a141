// SPDX-License-Identifier: MIT
#include "original_fetcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "dbr/base/digest.hpp"
#include "dbr/base/file.hpp"
#include "dbr/image/sniff.hpp"
#include "file_sink.hpp"

namespace dbr::stages {
namespace {

using dataset::OriginalState;
using dataset::WantedOriginal;

// The site takes uploads up to 100 MiB from ordinary users (contract, section 3.5), more from others. Where it does not
// say how long a file is, or what it says was wrong, this is believed.
constexpr ByteCount k_least_size_cap = ByteCount{512} << 20;
constexpr ByteCount k_most_size_cap = ByteCount{8} << 30;
// So many answers in a row have to agree before the site, not the line, is taken at its word: that its md5 is wrong, or
// that it sends us elsewhere. Seven leave a fault that strikes every fifth answer one chance in 80,000.
constexpr int k_agreeing_answers = 7;
constexpr int k_most_tries = 14;
// Of a body that does not end, though any length would do, fewer are enough: each costs a lot.
constexpr int k_endless_answers = 3;
// A post's page that is not found (404) may be a fault like any other.
constexpr int k_answers_that_it_is_gone = 3;

// What is claimed at a time of disk and traffic, beyond what the site stated.
constexpr ByteCount k_step = 1'000'000;

}  // namespace

bool keeps_bytes(OriginalState state) {
  return dataset::has_bytes(state) || state == OriginalState::quarantined;
}

// The tries for one post, and what was learned from them.
class OriginalFetcher::Attempt {
 public:
  Attempt(OriginalFetcher& fetcher, WantedOriginal item, bool is_last_look, FetchOutcome& outcome, FileSink& sink)
      : m_fetcher(fetcher),
        m_item(std::move(item)),
        m_is_last_look(is_last_look),
        m_outcome(outcome),
        m_sink(sink),
        m_is_size_believed(m_item.file_size > 0 && m_item.file_size <= k_most_size_cap) {}

  Result<void> run() {
    if (m_item.md5.empty()) {
      // Banned meanwhile: the site says nothing of its file any more.
      DBR_CHECK(ask_again());
      if (m_item.md5.empty() && !is_settled()) settle(OriginalState::withheld);
      if (is_settled()) return {};
    }
    for (int tries = 0; tries < k_most_tries; ++tries) {
      if (is_refused()) return {};
      if (m_item.file_url.empty()) m_item.file_url = m_fetcher.m_booru.original_url(m_item.md5, m_item.file_ext);
      m_sink.restart();
      m_sink.expect({m_item.md5, m_item.file_ext, longest()});
      const auto response = m_fetcher.m_booru.fetch_file(
          m_item.file_url, longest(), [&](http::Request& request) -> http::Sink& { return m_sink.prepare(request); },
          m_fetcher.m_stop);
      DBR_CHECK(response ? judge_bytes() : judge_failure(response.error()));
      if (is_settled()) return {};
    }
    return fail(ErrorKind::network,
                fmt::format("cannot store post {}: {} fetches gave different bytes", m_item.id, k_most_tries));
  }

 private:
  bool is_settled() const { return m_outcome.row.state != OriginalState::wanted; }

  void settle(OriginalState state, std::string_view reason = "", std::string detail = "") {
    m_outcome.row.state = state;
    m_outcome.row.reason = reason;
    m_outcome.row.detail = std::move(detail);
    m_outcome.is_failure = state == OriginalState::refused || state == OriginalState::quarantined;
  }
  // As before, where the whole site may be to blame as well as this file.
  void settle_doubtfully(OriginalState state, std::string_view reason, std::string detail) {
    settle(state, reason, std::move(detail));
    m_outcome.is_suspect = true;
  }

  ByteCount longest() const {
    if (m_is_size_believed) return m_item.file_size;
    const ByteCount most = std::clamp(m_item.file_size, k_least_size_cap, k_most_size_cap);
    return std::min(most, m_fetcher.m_max_file_size.value_or(most));
  }

  // The file must not even be asked for: settled.
  bool is_refused() {
    if (!dataset::is_safe_extension(m_item.file_ext)) {
      settle(OriginalState::refused, "extension", "the site's file extension is not usable as a name");
      return true;
    }
    if (m_item.file_url.empty()) return false;  // ours to make
    const auto refusal = m_fetcher.m_booru.refusal(m_item.file_url);
    if (refusal) settle(OriginalState::refused, "url", *refusal);
    return refusal.has_value();
  }

  // Asks the site what it knows of the post now, once. Settles it when the site has no file of it any more; starts
  // afresh when it has another one.
  Result<void> ask_again() {
    if (m_has_asked) return {};
    std::optional<metadata::Post> post;
    for (int answers = 0; !post && answers < k_answers_that_it_is_gone; ++answers) {
      DBR_TRY(post, m_fetcher.m_booru.post(m_item.id, site::Patience::full, m_fetcher.m_stop));
    }
    m_has_asked = true;
    if (!post) {
      m_outcome.is_gone = true;
      settle_doubtfully(OriginalState::expunged, "", "");
      return {};
    }
    m_is_other = post->md5 != m_item.md5;
    m_is_size_believed = m_is_other && post->file_size > 0 && post->file_size <= k_most_size_cap;
    m_item.md5 = post->md5;
    m_item.file_url = post->file_url;
    m_item.file_ext = post->file_ext;
    m_item.file_size = post->file_size;
    const bool is_withheld = post->state == metadata::PostState::withheld;
    m_outcome.newer_post = std::move(*post);
    if (is_withheld) settle(OriginalState::withheld);
    if (m_is_other) m_agreeing = 0;
    return {};
  }

  // The whole body came. Neither an Error nor settled: try again.
  Result<void> judge_bytes() {
    const bool is_pieced = m_sink.is_pieced();
    DBR_TRY(const FileSink::Facts facts, m_sink.finish());
    const image::Kind kind = image::sniff(facts.head);
    m_outcome.row.file_ext = m_item.file_ext;
    m_outcome.row.size = facts.size;
    m_outcome.row.md5 = facts.md5;
    m_outcome.row.sha256 = facts.sha256;
    if (facts.md5 == m_item.md5) {
      const bool is_misnamed = kind != image::Kind::unknown && !image::matches_extension(kind, m_item.file_ext);
      settle(OriginalState::stored, is_misnamed ? "extension" : "",
             is_misnamed ? fmt::format("the bytes are {}", image::to_string(kind)) : "");
      return kind == image::Kind::jpeg && m_fetcher.m_optimizer ? optimize(facts) : Result<void>();
    }
    if (is_pieced) return {};  // parts of two files, perhaps
    agree_on("md5 " + facts.md5);
    DBR_CHECK(ask_if_it_lasts(k_agreeing_answers));
    if (is_settled() || m_agreeing < k_agreeing_answers) return {};
    // No two posts have the same file: bytes of another size that come for both are somebody's picture in their place.
    const auto other = m_fetcher.note_wrong(facts.md5, m_item.id);
    if (other && facts.size != m_item.file_size) {
      settle_doubtfully(OriginalState::quarantined, "placeholder",
                        fmt::format("the same bytes came for post {}, too: md5 {}", *other, facts.md5));
      return {};
    }
    // The bytes are the file if they look like it.
    const bool is_plausible = facts.size == m_item.file_size || image::matches_extension(kind, m_item.file_ext);
    settle_doubtfully(
        is_plausible ? OriginalState::mismatch : OriginalState::quarantined, "md5",
        fmt::format("the site says {}, {} fetches agree on {}", m_item.md5, k_agreeing_answers, facts.md5));
    return {};
  }

  // They are the site's. The same picture in fewer bytes, if that can be, takes their place.
  Result<void> optimize(const FileSink::Facts& facts) {
    DBR_TRY(const auto made, m_fetcher.m_optimizer->optimize(m_outcome.part, facts.size));
    if (!made) return {};
    m_outcome.row.source = dataset::SourceFile{facts.size, facts.md5, facts.sha256};
    m_outcome.row.size = made->size;
    m_outcome.row.md5 = made->md5;
    m_outcome.row.sha256 = made->sha256;
    return {};
  }

  // The transfer failed. Neither an Error nor settled: try again.
  Result<void> judge_failure(const Error& error) {
    if (error.kind == ErrorKind::corrupt) return judge_refusal(error);
    const bool is_absent = error.kind == ErrorKind::not_found && m_is_last_look;
    if (!is_absent && error.kind != ErrorKind::remote_rejected) return fail(error);
    DBR_CHECK(ask_again());
    if (is_settled() || std::exchange(m_is_other, false)) return {};
    if (!is_absent) return fail(error);
    settle_doubtfully(OriginalState::absent, "not_found", "");
    return {};
  }

  // Not the bytes but the transfer is unacceptable: too long, or sent to where we do not go.
  Result<void> judge_refusal(const Error& error) {
    const bool is_too_long = m_sink.is_too_long();
    agree_on(is_too_long ? "too long" : "refused");
    if (is_too_long && !m_is_size_believed && m_item.file_size == 0 && longest() == m_fetcher.m_max_file_size) {
      settle(OriginalState::excluded, "size", error.message);
      return {};
    }
    const bool was_size_believed = m_is_size_believed;
    const int enough = is_too_long && !was_size_believed ? k_endless_answers : k_agreeing_answers;
    DBR_CHECK(ask_if_it_lasts(enough));
    if (was_size_believed && !m_is_size_believed) m_agreeing = 0;  // another limit holds now
    if (is_settled() || m_agreeing < enough) return {};
    settle_doubtfully(OriginalState::refused, is_too_long ? "too_large" : "transfer", error.message);
    return {};
  }

  // One wrong answer is the line's as a rule. After two alike the site is asked; where it cannot be, again after the
  // next, and after `enough` of them nothing is settled without it.
  Result<void> ask_if_it_lasts(int enough) {
    if (m_agreeing < 2) return {};
    auto asked = ask_again();
    if (asked || m_agreeing >= enough || stops_stage(asked.error().kind)) return asked;
    return {};
  }

  void agree_on(std::string answer) {
    m_agreeing = answer == m_answer ? m_agreeing + 1 : 1;
    m_answer = std::move(answer);
  }

  OriginalFetcher& m_fetcher;
  WantedOriginal m_item;
  const bool m_is_last_look;
  FetchOutcome& m_outcome;
  FileSink& m_sink;
  /// A longer body than the site states is cut; until the site was asked again and insists.
  bool m_is_size_believed;
  bool m_has_asked = false;
  bool m_is_other = false;  // the site has another file than we thought
  std::string m_answer;
  int m_agreeing = 0;
};

OriginalFetcher::OriginalFetcher(site::Booru& booru, const dataset::Layout& layout, StopToken stop,
                                 const Limits& limits, DiskRoom room, bool optimizes)
    : m_booru(booru),
      m_layout(layout),
      m_stop(std::move(stop)),
      m_max_file_size(limits.max_file_size),
      m_room(std::move(room)),
      m_budget(std::make_unique<TrafficBudget>(limits.max_transfer)),
      m_optimizer(optimizes ? std::make_unique<OriginalOptimizer>() : nullptr),
      m_wrong(std::make_unique<WrongBytes>()) {}

Result<OriginalFetcher> OriginalFetcher::create(site::Booru& booru, const dataset::Layout& layout, StopToken stop,
                                                const Limits& limits, bool optimizes) {
  DBR_TRY(auto room, DiskRoom::open(layout.parts(), limits.reserve));
  return OriginalFetcher(booru, layout, std::move(stop), limits, std::move(room), optimizes);
}

FetchOutcome OriginalFetcher::fetch(const WantedOriginal& wanted, bool is_last_look) {
  FetchOutcome outcome{{.id = wanted.id}};
  outcome.row.id = wanted.id;
  outcome.held_ext = wanted.held_ext;
  outcome.part = m_layout.parts() / fmt::format("{}.part", wanted.id);
  const ByteCount expected = std::min(wanted.file_size, k_most_size_cap);
  if (!m_budget->claim(expected)) {
    outcome.error = Error{ErrorKind::cancelled, "--max-transfer is used up"};
    return outcome;
  }
  ByteCount claimed = expected;
  ByteCount received = 0;
  auto claim = m_room.claim(expected);
  if (claim) {
    FileSink sink(outcome.part, [&](ByteCount size) -> Result<void> {
      received += size;
      claim->written(size);
      // Another try, or more than the site stated.
      while (received > claimed) {
        if (!m_budget->claim(k_step)) return fail(ErrorKind::cancelled, "--max-transfer is used up");
        claimed += k_step;
        DBR_CHECK(m_room.claim(k_step).map([](const auto&) {}));
      }
      return {};
    });
    auto settled = Attempt(*this, wanted, is_last_look, outcome, sink).run();
    if (!settled) outcome.error = std::move(settled).error();
  } else {
    outcome.error = std::move(claim).error();
  }
  m_budget->settle(claimed, received);
  if (outcome.error || !keeps_bytes(outcome.row.state)) {
    (void)remove_file(outcome.part);  // what cannot be removed is swept at the next open
  } else {
    outcome.bytes = outcome.row.source ? outcome.row.source->size : outcome.row.size;
  }
  return outcome;
}

std::optional<PostId> OriginalFetcher::note_wrong(const std::string& md5, PostId id) {
  const std::lock_guard lock(m_wrong->mutex);
  const PostId first = m_wrong->posts.try_emplace(md5, id).first->second;
  return first == id ? std::nullopt : std::optional(first);
}

bool OriginalFetcher::still_serves(const WantedOriginal& stored, bool whole) {
  WantedOriginal item = stored;
  if (item.file_url.empty()) item.file_url = m_booru.original_url(item.md5, item.file_ext);
  http::StringSink sink;
  const auto response = m_booru.fetch_file(
      item.file_url, item.file_size,
      [&](http::Request& request) -> http::Sink& {
        request.is_head_only = !whole;
        sink.body.clear();
        return sink;
      },
      m_stop);
  if (!response) return false;
  return whole ? digest_hex(DigestKind::md5, sink.body) == item.md5
               : response->head.content_length.value_or(item.file_size) == item.file_size;
}

}  // namespace dbr::stages
