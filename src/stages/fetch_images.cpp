// SPDX-License-Identifier: MIT
// fetch-images: every wanted original into the store. A file gets its final name only after its md5 was checked, and
// its row only after it is durable; a post that has no file gets a settled state that says why.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "dbr/base/durable_batch.hpp"
#include "dbr/base/units.hpp"
#include "dbr/dataset/files.hpp"
#include "dbr/dataset/posts.hpp"
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
// So many fetches have to agree on the same wrong bytes before the site's md5, not the line, is blamed.
constexpr int k_agreeing_copies = 4;
constexpr int k_most_copies = 8;
// A file that was just uploaded or replaced may not be distributed yet; asked again before it counts as absent.
constexpr int k_not_found_tries = 3;
constexpr auto k_not_found_pause = std::chrono::milliseconds(300);

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
      : m_context(context), m_booru(booru), m_database(database), m_scope(std::move(scope)) {}

  Result<std::vector<WantedOriginal>> next(PostId after, int limit) override {
    return next_in_scope(m_scope, after, limit, [&](PostId above, PostId last, int count) {
      return dataset::next_wanted_originals(m_database, above, last, count);
    });
  }

  Outcome process(const WantedOriginal& wanted) override {
    Outcome outcome{{.id = wanted.id}};
    outcome.row.id = wanted.id;
    outcome.held_ext = wanted.held_ext;
    auto settled = fetch(wanted, outcome);
    if (!settled) outcome.error = std::move(settled).error();
    outcome.bytes = outcome.row.size;
    return outcome;
  }

  Result<void> commit(std::vector<Outcome>& outcomes) override {
    DurableBatch files;
    for (const Outcome& outcome : outcomes) {
      if (dataset::has_bytes(outcome.row.state)) files.add(outcome.part, stored_path(outcome.row));
    }
    DBR_CHECK(files.commit());
    DBR_TRY(auto writer, dataset::MetadataWriter::create(m_database));
    DBR_TRY(auto transaction, sql::Transaction::begin(m_database));
    for (const Outcome& outcome : outcomes) {
      if (outcome.newer_post) DBR_CHECK(writer.put(*outcome.newer_post));
      if (outcome.is_gone) DBR_CHECK(writer.put_gap(outcome.id));
      DBR_CHECK(dataset::record_original(m_database, outcome.row));
    }
    DBR_CHECK(writer.finish());
    DBR_CHECK(transaction.commit());
    for (const Outcome& outcome : outcomes) {
      ++m_states[std::string(to_string(outcome.row.state))];
      // The replaced file had another extension: nothing names its bytes any more.
      const bool is_renamed = dataset::has_bytes(outcome.row.state) && !outcome.held_ext.empty() &&
                              outcome.held_ext != outcome.row.file_ext;
      if (is_renamed) {
        DBR_CHECK(remove_file(layout().stored(dataset::Form::original, outcome.id, outcome.held_ext)));
      }
    }
    return {};
  }

  const std::map<std::string, std::int64_t>& states() const { return m_states; }

 private:
  const dataset::Layout& layout() const { return m_context.dataset.layout(); }

  std::filesystem::path stored_path(const dataset::OriginalOutcome& row) const {
    return layout().stored(dataset::Form::original, row.id, row.file_ext);
  }

  static void settle(Outcome& outcome, OriginalState state, std::string_view reason, std::string detail) {
    outcome.row.state = state;
    outcome.row.reason = reason;
    outcome.row.detail = std::move(detail);
    outcome.is_failure = state == OriginalState::refused || state == OriginalState::quarantined;
  }

  // Asks the site what it knows of the post now. True when its file is another one than `item` says, which is then
  // what is wanted; settles the outcome when there is none any more.
  Result<bool> ask_again(WantedOriginal& item, Outcome& outcome) {
    DBR_TRY(auto post, m_booru.post(item.id, m_context.stop));
    if (!post) {
      outcome.is_gone = true;
      settle(outcome, OriginalState::expunged, "", "");
      return false;
    }
    const bool is_other = post->md5 != item.md5 || post->file_url != item.file_url;
    item.md5 = post->md5;
    item.file_url = post->file_url;
    item.file_ext = post->file_ext;
    item.file_size = post->file_size;
    const bool is_withheld = post->state == metadata::PostState::withheld;
    outcome.newer_post = std::move(*post);
    if (is_withheld) settle(outcome, OriginalState::withheld, "", "");
    return is_other && !is_withheld;
  }

  // Tries until the outcome is settled; an Error leaves the item wanted.
  Result<void> fetch(WantedOriginal item, Outcome& outcome) {
    std::map<std::string, int> copies;  // md5 of the bytes that came -> how often
    int not_found = 0;
    bool has_asked = false;
    outcome.part = layout().parts() / fmt::format("{}.part", item.id);
    FileSink sink(outcome.part);
    for (;;) {
      if (!dataset::is_safe_extension(item.file_ext)) {
        settle(outcome, OriginalState::refused, "extension", "the site's file extension is not usable as a name");
        return {};
      }
      if (const auto refusal = m_booru.refusal(item.file_url)) {
        settle(outcome, OriginalState::refused, "url", *refusal);
        return {};
      }
      const auto response = m_booru.fetch_file(
          item.file_url, std::clamp(item.file_size, k_least_size_cap, k_most_size_cap),
          [&]() -> http::Sink& {
            sink.restart();
            return sink;
          },
          m_context.stop);
      if (!response && response.error().kind == ErrorKind::not_found) {
        DBR_TRY(const bool is_other, ask_again(item, outcome));
        if (outcome.row.state != OriginalState::wanted) return {};
        not_found = is_other ? 0 : not_found + 1;
        if (not_found >= k_not_found_tries) {
          settle(outcome, OriginalState::absent, "not_found", "");
          return {};
        }
        if (!m_context.stop.sleep_for(k_not_found_pause)) return fail(ErrorKind::cancelled, "stopped");
        continue;
      }
      if (!response && response.error().kind == ErrorKind::corrupt) {
        // Not the bytes but the transfer is unacceptable: sent elsewhere, or longer than any file of the site.
        settle(outcome, OriginalState::refused, "transfer", response.error().message);
        return {};
      }
      if (!response) return fail(response.error());

      DBR_TRY(const FileSink::Facts facts, sink.finish());
      outcome.row.file_ext = item.file_ext;
      outcome.row.size = facts.size;
      outcome.row.md5 = facts.md5;
      outcome.row.sha256 = facts.sha256;
      if (facts.md5 == item.md5) {
        settle(outcome, OriginalState::stored, "", "");
        return {};
      }
      const int agreeing = ++copies[facts.md5];
      if (!has_asked) {
        has_asked = true;
        DBR_TRY(const bool is_other, ask_again(item, outcome));
        if (outcome.row.state != OriginalState::wanted) return {};
        if (is_other) copies.clear();
      } else if (agreeing >= k_agreeing_copies) {
        settle(outcome, OriginalState::mismatch, "md5",
               fmt::format("the site says {}, {} fetches agree on {}", item.md5, agreeing, facts.md5));
        return {};
      }
      int fetched = 0;
      for (const auto& [md5, count] : copies) fetched += count;
      if (fetched >= k_most_copies) {
        return fail(ErrorKind::network,
                    fmt::format("cannot store post {}: {} fetches gave different bytes", item.id, fetched));
      }
    }
  }

  const Context& m_context;
  site::Booru& m_booru;
  sql::Database& m_database;
  const Scope m_scope;
  std::map<std::string, std::int64_t> m_states;
};

}  // namespace

Result<Report> fetch_images(const Context& context) {
  const pipeline::RunLimits limits = make_limits(context.settings, k_default_connections);
  DBR_TRY(auto booru, open_booru(context.settings, static_cast<int>(limits.threads)));
  DBR_TRY(auto database, context.dataset.connect());
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
  DBR_TRY(const pipeline::RunSummary summary, pipeline::run_items(stage, limits, context.stop, meter));
  meter.finish();
  return report_run("fetch-images", summary, {{"states", stage.states()}, {"bytes", meter.facts().bytes}});
}

}  // namespace dbr::stages
