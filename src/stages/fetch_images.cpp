// SPDX-License-Identifier: MIT
// fetch-images: every wanted original into the store. A file gets its final name only after its md5 was checked, and
// its row only after it is durable; a post that has no file gets a settled state that says why.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "dbr/base/durable_batch.hpp"
#include "dbr/base/log.hpp"
#include "dbr/base/units.hpp"
#include "dbr/dataset/files.hpp"
#include "dbr/dataset/posts.hpp"
#include "dbr/image/sniff.hpp"
#include "file_sink.hpp"
#include "stages.hpp"
#include "support.hpp"

namespace dbr::stages {
namespace {

using dataset::OriginalState;
using dataset::WantedOriginal;

constexpr int k_default_connections = 8;
// The site takes uploads up to 100 MiB from ordinary users (contract, section 3.5), more from others.
// What it states for a file is believed up to a point.
constexpr ByteCount k_least_size_cap = ByteCount{512} << 20;
constexpr ByteCount k_most_size_cap = ByteCount{8} << 30;
// So many fetches in a row have to agree on the same wrong bytes before the site's md5, not the line, is blamed.
constexpr int k_agreeing_copies = 4;
constexpr int k_most_tries = 10;
// When nothing at all was stored and so many files were answered 404, the host has lost its files, not the posts
// theirs.
constexpr std::size_t k_too_many_not_found = 20;

struct Outcome : pipeline::OutcomeFacts {
  dataset::OriginalOutcome row;
  std::filesystem::path part;                // the verified bytes, if any
  std::optional<metadata::Post> newer_post;  // the site told us something new on the way
  bool is_gone = false;                      // the site knows no such post any more
  std::string held_ext;                      // bytes an earlier fetch left under another name
};

class FetchImages final : public pipeline::ItemStage<WantedOriginal, Outcome> {
 public:
  FetchImages(const Context& context, site::Booru& booru, sql::Database& database, Scope scope)
      : m_context(context), m_booru(booru), m_database(database), m_cursor(std::move(scope)) {}

  Result<std::vector<WantedOriginal>> next(bool from_start, int limit) override {
    return m_cursor.next(from_start, limit, [&](PostId above, PostId last, int count) {
      return dataset::next_wanted_originals(m_database, above, last, count);
    });
  }

  Outcome process(const WantedOriginal& wanted) override {
    Outcome outcome{{.id = wanted.id}};
    outcome.row.id = wanted.id;
    outcome.held_ext = wanted.held_ext;
    outcome.part = layout().parts() / fmt::format("{}.part", wanted.id);
    auto settled = fetch(wanted, outcome);
    if (!settled) outcome.error = std::move(settled).error();
    if (outcome.error || !keeps_bytes(outcome.row.state)) {
      (void)remove_file(outcome.part);  // what cannot be removed is swept at the next open
    } else {
      outcome.bytes = outcome.row.size;
    }
    return outcome;
  }

  Result<void> commit(std::vector<Outcome>& outcomes) override {
    DurableBatch files;
    for (const Outcome& outcome : outcomes) {
      if (keeps_bytes(outcome.row.state)) files.add(outcome.part, final_path(outcome.row));
    }
    DBR_CHECK(files.commit());
    for (const Outcome& outcome : outcomes) {
      // The replaced file had another extension. Its row says "wanted", so nothing claims these bytes any more.
      const bool is_renamed = dataset::has_bytes(outcome.row.state) && !outcome.held_ext.empty() &&
                              outcome.held_ext != outcome.row.file_ext;
      if (is_renamed) {
        DBR_CHECK(remove_file(layout().stored(dataset::Form::original, outcome.id, outcome.held_ext)));
      }
    }
    DBR_TRY(auto transaction, sql::Transaction::begin(m_database));
    DBR_CHECK(put_news(outcomes));
    for (const Outcome& outcome : outcomes) DBR_CHECK(dataset::record_original(m_database, outcome.row));
    DBR_CHECK(transaction.commit());
    for (const Outcome& outcome : outcomes) ++m_states[std::string(to_string(outcome.row.state))];
    return {};
  }

  // Files answered 404 get a second look when everything else is done; the rest is said, and noted for `status`.
  Result<void> note_left(std::vector<Outcome>& outcomes) override {
    DBR_TRY(auto transaction, sql::Transaction::begin(m_database));
    for (const Outcome& outcome : outcomes) {
      const Error& error = *outcome.error;
      if (error.kind == ErrorKind::not_found) {
        m_not_found.push_back(outcome.id);
      } else {
        log::warning("post {} is left for the next run: {}", outcome.id, error.message);
      }
      DBR_CHECK(dataset::record_original(m_database, {.id = outcome.id,
                                                      .state = OriginalState::wanted,
                                                      .reason = std::string(to_string(error.kind)),
                                                      .detail = error.message}));
    }
    return transaction.commit();
  }

  /// What was answered 404 so far; from here on another 404 settles it.
  std::vector<PostId> begin_second_look() {
    m_is_second_look = true;
    std::ranges::sort(m_not_found);
    m_cursor = ScopeCursor({.ids = m_not_found});
    return std::exchange(m_not_found, {});
  }

  const std::map<std::string, std::int64_t>& states() const { return m_states; }

 private:
  const dataset::Layout& layout() const { return m_context.dataset.layout(); }

  static bool keeps_bytes(OriginalState state) {
    return dataset::has_bytes(state) || state == OriginalState::quarantined;
  }

  std::filesystem::path final_path(const dataset::OriginalOutcome& row) const {
    return row.state == OriginalState::quarantined ? layout().quarantined(row.id, row.file_ext)
                                                   : layout().stored(dataset::Form::original, row.id, row.file_ext);
  }

  static void settle(Outcome& outcome, OriginalState state, std::string_view reason, std::string detail) {
    outcome.row.state = state;
    outcome.row.reason = reason;
    outcome.row.detail = std::move(detail);
    outcome.is_failure = state == OriginalState::refused || state == OriginalState::quarantined;
  }

  // What the site said of posts that were asked about again.
  Result<void> put_news(const std::vector<Outcome>& outcomes) {
    const auto has_news = [](const Outcome& outcome) { return outcome.newer_post || outcome.is_gone; };
    if (std::ranges::none_of(outcomes, has_news)) return {};
    DBR_TRY(auto writer, dataset::MetadataWriter::create(m_database));
    for (const Outcome& outcome : outcomes) {
      if (outcome.newer_post) DBR_CHECK(writer.put(*outcome.newer_post));
      if (outcome.is_gone) DBR_CHECK(writer.put_gap(outcome.id));
    }
    return writer.finish();
  }

  // Asks the site what it knows of the post now. True when its file is another one than `item` says, which is then
  // what is wanted; settles the outcome when there is none any more.
  Result<bool> ask_again(WantedOriginal& item, Outcome& outcome) {
    DBR_TRY(auto post, m_booru.post(item.id, site::Patience::full, m_context.stop));
    if (!post) {
      outcome.is_gone = true;
      settle(outcome, OriginalState::expunged, "", "");
      return false;
    }
    const bool is_other = post->md5 != item.md5;
    item.md5 = post->md5;
    item.file_url = post->file_url;
    item.file_ext = post->file_ext;
    item.file_size = post->file_size;
    const bool is_withheld = post->state == metadata::PostState::withheld;
    outcome.newer_post = std::move(*post);
    if (is_withheld) settle(outcome, OriginalState::withheld, "", "");
    return is_other && !is_withheld;
  }

  // True when the file must not even be asked for.
  bool is_refused(const WantedOriginal& item, Outcome& outcome) const {
    if (!dataset::is_safe_extension(item.file_ext)) {
      settle(outcome, OriginalState::refused, "extension", "the site's file extension is not usable as a name");
      return true;
    }
    if (item.file_url.empty()) return false;  // ours to make
    const auto refusal = m_booru.refusal(item.file_url);
    if (refusal) settle(outcome, OriginalState::refused, "url", *refusal);
    return refusal.has_value();
  }

  // Several fetches agree on bytes with another md5 than the site's. They are the file if they look like it.
  static void settle_mismatch(Outcome& outcome, const WantedOriginal& item, const FileSink::Facts& facts) {
    const bool is_plausible =
        facts.size == item.file_size || image::matches_extension(image::sniff(facts.head), item.file_ext);
    settle(outcome, is_plausible ? OriginalState::mismatch : OriginalState::quarantined, "md5",
           fmt::format("the site says {}, {} fetches agree on {}", item.md5, k_agreeing_copies, facts.md5));
  }

  // The transfer failed. True: try again, the site knows another file by now. Otherwise the outcome is settled, or the
  // Error leaves the item wanted.
  Result<bool> after_failure(Error error, WantedOriginal& item, Outcome& outcome) {
    if (error.kind == ErrorKind::corrupt) {
      // Not the bytes but the transfer is unacceptable: sent to another host, or longer than any file of the site.
      settle(outcome, OriginalState::refused, "transfer", error.message);
      return false;
    }
    const bool is_absent = error.kind == ErrorKind::not_found && m_is_second_look;
    if (!is_absent && error.kind != ErrorKind::remote_rejected) return fail(std::move(error));
    DBR_TRY(const bool is_other, ask_again(item, outcome));
    if (is_other || outcome.row.state != OriginalState::wanted) return is_other;
    if (!is_absent) return fail(std::move(error));
    settle(outcome, OriginalState::absent, "not_found", "");
    return false;
  }

  // Tries until the outcome is settled; an Error leaves the item wanted.
  Result<void> fetch(WantedOriginal item, Outcome& outcome) {
    FileSink sink(outcome.part);
    std::string last_md5;
    int agreeing = 0;
    bool has_asked = false;
    for (int tries = 0; tries < k_most_tries; ++tries) {
      if (is_refused(item, outcome)) return {};
      if (item.file_url.empty()) item.file_url = m_booru.original_url(item.md5, item.file_ext);
      const auto response = m_booru.fetch_file(
          item.file_url, std::clamp(item.file_size, k_least_size_cap, k_most_size_cap),
          [&]() -> http::Sink& {
            sink.restart();
            return sink;
          },
          m_context.stop);
      if (!response) {
        DBR_TRY(const bool may_try, after_failure(response.error(), item, outcome));
        if (may_try) continue;
        return {};
      }
      DBR_TRY(const FileSink::Facts facts, sink.finish());
      outcome.row.file_ext = item.file_ext;
      outcome.row.size = facts.size;
      outcome.row.md5 = facts.md5;
      outcome.row.sha256 = facts.sha256;
      if (facts.md5 == item.md5) {
        settle(outcome, OriginalState::stored, "", "");
        return {};
      }
      agreeing = facts.md5 == last_md5 ? agreeing + 1 : 1;
      last_md5 = facts.md5;
      if (!std::exchange(has_asked, true)) {
        DBR_TRY(const bool is_other, ask_again(item, outcome));
        if (outcome.row.state != OriginalState::wanted) return {};
        if (is_other) agreeing = 0;
      }
      if (agreeing >= k_agreeing_copies) {
        settle_mismatch(outcome, item, facts);
        return {};
      }
    }
    return fail(ErrorKind::network,
                fmt::format("cannot store post {}: {} fetches gave different bytes", item.id, k_most_tries));
  }

  const Context& m_context;
  site::Booru& m_booru;
  sql::Database& m_database;
  ScopeCursor m_cursor;
  bool m_is_second_look = false;
  std::vector<PostId> m_not_found;
  std::map<std::string, std::int64_t> m_states;
};

// One pass over everything wanted, then a second look at what was answered 404: a file just uploaded or replaced may
// not be distributed yet, and a CDN may lose its files for a while.
Result<pipeline::RunSummary> run_twice(FetchImages& stage, const pipeline::RunLimits& limits, const StopToken& stop,
                                       pipeline::Meter& meter) {
  DBR_TRY(pipeline::RunSummary summary, pipeline::run_items(stage, limits, stop, meter));
  if (summary.stopped_by || summary.is_interrupted || summary.is_limited) return summary;
  const std::size_t not_found = stage.begin_second_look().size();
  if (not_found == 0) return summary;
  if (summary.done == 0 && not_found >= k_too_many_not_found) {
    summary.stopped_by =
        Error{ErrorKind::network, fmt::format("every file asked for, {} of them, was answered 404", not_found)};
    return summary;
  }
  DBR_TRY(const pipeline::RunSummary second, pipeline::run_items(stage, limits, stop, meter));
  summary.done += second.done;
  summary.failed += second.failed;
  summary.left += second.left - static_cast<std::int64_t>(not_found);
  summary.is_interrupted = second.is_interrupted;
  summary.is_limited = second.is_limited;
  summary.stopped_by = second.stopped_by;
  return summary;
}

}  // namespace

Result<Report> fetch_images(const Context& context) {
  const pipeline::RunLimits limits = make_limits(context.settings, k_default_connections);
  DBR_TRY(auto booru, open_booru(context.settings, static_cast<int>(limits.threads)));
  DBR_TRY(auto database, context.dataset.connect());
  if (!context.settings.dry_run) {
    DBR_CHECK(dataset::requeue_refused(database, [&](std::string_view file_ext, std::string_view file_url) {
      return dataset::is_safe_extension(file_ext) && (file_url.empty() || !booru.refusal(file_url));
    }));
  }
  DBR_TRY(Scope scope, make_scope(database, context.settings));
  DBR_TRY(const dataset::Totals wanted, dataset::wanted_original_totals(database, scope.last));
  if (context.settings.dry_run) {
    return make_report("fetch-images",
                       fmt::format("would fetch {} files, {} by the site's word", format_count(wanted.items),
                                   format_bytes(wanted.bytes)),
                       {{"items", wanted.items}, {"bytes", wanted.bytes}});
  }
  pipeline::Meter& meter = context.progress.start("fetch-images");
  meter.set_total(scope.ids ? static_cast<std::int64_t>(scope.ids->size()) : wanted.items);
  FetchImages stage(context, booru, database, std::move(scope));
  DBR_TRY(const pipeline::RunSummary summary, run_twice(stage, limits, context.stop, meter));
  meter.finish();
  return report_run("fetch-images", summary, {{"states", stage.states()}, {"bytes", meter.facts().bytes}});
}

}  // namespace dbr::stages
