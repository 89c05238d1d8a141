// SPDX-License-Identifier: MIT
// fetch-images: every wanted original into the store. A file gets its final name only after its md5 was checked, and
// its row only after it is durable; a post that has no file gets a settled state that says why.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <utility>

#include "dbr/base/durable_batch.hpp"
#include "dbr/base/file_witness.hpp"
#include "dbr/base/log.hpp"
#include "dbr/dataset/files.hpp"
#include "dbr/dataset/posts.hpp"
#include "dbr/dataset/requeue.hpp"
#include "dbr/dataset/selection.hpp"
#include "fetch_forecast.hpp"
#include "original_fetcher.hpp"
#include "stages.hpp"
#include "support.hpp"

namespace dbr::stages {
namespace {

using dataset::OriginalState;
using dataset::WantedOriginal;
using dataset::WantedOriginals;

constexpr int k_default_connections = 8;
// A file just uploaded or replaced may not be distributed yet, and a CDN loses its files for a while: what is not found
// (404) is looked for again, so often, when everything else is done.
constexpr int k_looks = 8;

class FetchImages final : public pipeline::ItemStage<WantedOriginal, FetchOutcome> {
 public:
  FetchImages(const Context& context, OriginalFetcher& fetcher, sql::Database& database, WantedOriginals queue)
      : m_layout(context.dataset.layout()), m_fetcher(fetcher), m_database(database), m_queue(std::move(queue)) {}

  Result<std::vector<WantedOriginal>> next(bool from_start, int limit) override {
    return m_queue.next(from_start, limit);
  }

  FetchOutcome process(const WantedOriginal& wanted) override {
    FetchOutcome outcome = m_fetcher.fetch(wanted, m_is_last_look);
    if (outcome.is_suspect && !outcome.row.md5.empty()) m_has_seen_wrong_bytes = true;
    return outcome;
  }

  Result<void> commit(std::vector<FetchOutcome>& outcomes) override {
    DurableBatch files;
    for (const FetchOutcome& outcome : outcomes) {
      if (keeps_bytes(outcome.row.state)) files.add(outcome.part, final_path(outcome.row));
    }
    DBR_CHECK(files.commit());
    for (FetchOutcome& outcome : outcomes) {
      if (dataset::has_bytes(outcome.row.state)) outcome.row.witness = witness_at(final_path(outcome.row));
      // The replaced file had another extension. Its row says "wanted", so nothing claims these bytes any more.
      const bool is_renamed = dataset::has_bytes(outcome.row.state) && !outcome.held_ext.empty() &&
                              outcome.held_ext != outcome.row.file_ext;
      if (is_renamed) {
        DBR_CHECK(remove_file(m_layout.stored(dataset::Form::original, outcome.id, outcome.held_ext)));
      }
    }
    DBR_TRY(auto transaction, sql::Transaction::begin(m_database));
    DBR_CHECK(put_news(outcomes));
    for (const FetchOutcome& outcome : outcomes) DBR_CHECK(dataset::record_original(m_database, outcome.row));
    DBR_CHECK(transaction.commit());
    for (const FetchOutcome& outcome : outcomes) ++m_states[std::string(to_string(outcome.row.state))];
    return {};
  }

  // What was not found is looked for again later; the rest is said, and noted for `status`.
  Result<void> note_left(std::vector<FetchOutcome>& outcomes) override {
    DBR_TRY(auto transaction, sql::Transaction::begin(m_database));
    for (const FetchOutcome& outcome : outcomes) {
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

  // Are they all gone, or is it the host that has lost its files, or sends something else in their place?
  Result<bool> check_source() override {
    constexpr int k_samples = 3;
    const auto is_served = [&](const auto& samples) {
      return std::ranges::any_of(
          samples, [&](const auto& sample) { return m_fetcher.still_serves(sample, m_has_seen_wrong_bytes); });
    };
    // Whether files are there, their heads tell: what is stored is not fetched again for that.
    DBR_TRY(const auto stored, dataset::stored_samples(m_database, k_samples));
    if (is_served(stored)) return true;
    if (!stored.empty()) {
      return fail(ErrorKind::network, "files failed one after the other, and those stored before cannot be had either");
    }
    // Nothing was ever stored: perhaps only the oldest posts have lost theirs.
    constexpr PostId k_all = std::numeric_limits<PostId>::max();
    DBR_TRY(auto newest, WantedOriginals::open(m_database, {k_all}, dataset::FetchOrder::newest));
    DBR_TRY(const auto wanted, newest.next(true, k_samples));
    return is_served(wanted);
  }

  /// Makes what was not found the queue; in the last look, another 404 settles it. Returns how many there are.
  Result<std::size_t> begin_next_look(bool is_last) {
    m_is_last_look = is_last;
    std::ranges::sort(m_not_found);
    const std::size_t count = m_not_found.size();
    dataset::PostRange range{std::numeric_limits<PostId>::max(), std::exchange(m_not_found, {})};
    DBR_TRY(m_queue, WantedOriginals::open(m_database, std::move(range), dataset::FetchOrder::oldest));
    return count;
  }

  const std::map<std::string, std::int64_t>& states() const { return m_states; }

 private:
  std::filesystem::path final_path(const dataset::OriginalOutcome& row) const {
    return row.state == OriginalState::quarantined ? m_layout.quarantined(row.id, row.file_ext)
                                                   : m_layout.stored(dataset::Form::original, row.id, row.file_ext);
  }

  // What the site said of posts that were asked about again.
  Result<void> put_news(const std::vector<FetchOutcome>& outcomes) {
    const auto has_news = [](const FetchOutcome& outcome) { return outcome.newer_post || outcome.is_gone; };
    if (std::ranges::none_of(outcomes, has_news)) return {};
    DBR_TRY(auto writer, dataset::MetadataWriter::create(m_database));
    for (const FetchOutcome& outcome : outcomes) {
      if (outcome.newer_post) DBR_CHECK(writer.put(*outcome.newer_post));
      if (outcome.is_gone) DBR_CHECK(writer.put_gap(outcome.id));
    }
    return writer.finish();
  }

  const dataset::Layout& m_layout;
  OriginalFetcher& m_fetcher;
  sql::Database& m_database;
  WantedOriginals m_queue;
  bool m_is_last_look = false;
  std::atomic<bool> m_has_seen_wrong_bytes{false};
  std::vector<PostId> m_not_found;
  std::map<std::string, std::int64_t> m_states;
};

// One pass over everything wanted, then further looks at what was not found.
Result<pipeline::RunSummary> run_looks(FetchImages& stage, const pipeline::RunLimits& limits, const StopToken& stop,
                                       pipeline::Meter& meter) {
  DBR_TRY(pipeline::RunSummary summary, pipeline::run_items(stage, limits, stop, meter));
  for (int look = 2; look <= k_looks; ++look) {
    if (summary.stopped_by || summary.is_interrupted || summary.is_limited) break;
    DBR_TRY(const std::size_t not_found, stage.begin_next_look(look == k_looks));
    if (not_found == 0) break;
    meter.add_failed(-static_cast<std::int64_t>(not_found));  // not yet
    DBR_TRY(const pipeline::RunSummary next, pipeline::run_items(stage, limits, stop, meter));
    summary.done += next.done;
    summary.failed += next.failed;
    summary.left += next.left - static_cast<std::int64_t>(not_found);
    summary.is_interrupted = next.is_interrupted;
    summary.is_limited = next.is_limited;
    summary.stopped_by = next.stopped_by;
  }
  return summary;
}

dataset::Selection selection_of(const Settings& settings) {
  dataset::Selection selection{.sfw_ratings = settings.sfw_ratings,
                               .exclude_tags = settings.exclude_tags,
                               .max_file_size = settings.max_file_size,
                               .skip_non_images = settings.skip_non_images};
  if (!settings.only.empty()) selection.only = settings.only == "sfw" ? dataset::Set::sfw : dataset::Set::nsfw;
  return selection;
}

dataset::FetchOrder order_of(const Settings& settings) {
  return settings.order == "new"     ? dataset::FetchOrder::newest
         : settings.order == "small" ? dataset::FetchOrder::smallest
                                     : dataset::FetchOrder::oldest;
}

}  // namespace

Result<Report> fetch_images(const Context& context) {
  const Settings& settings = context.settings;
  pipeline::RunLimits limits = make_limits(settings, k_default_connections);
  DBR_TRY(auto booru, open_booru(settings, static_cast<int>(limits.threads)));
  DBR_TRY(auto database, context.dataset.connect());
  DBR_TRY(Scope scope, make_scope(database, settings));
  const dataset::PostRange range{scope.last, std::move(scope.ids)};
  const dataset::Selection selection = selection_of(settings);
  DBR_TRY(auto fetcher, OriginalFetcher::create(booru, context.dataset.layout(), context.stop,
                                                {settings.max_file_size, settings.max_transfer, settings.reserve},
                                                context.dataset.optimizes_originals()));
  if (settings.dry_run) {
    DBR_TRY(const dataset::Totals wanted, dataset::selected_totals(database, selection, range));
    DBR_TRY(const Forecast forecast, make_forecast(settings, fetcher.room(), wanted));
    return report_forecast(forecast);
  }
  DBR_CHECK(dataset::requeue_refused(database, [&](std::string_view file_ext, std::string_view file_url) {
    return dataset::is_safe_extension(file_ext) && (file_url.empty() || !booru.refusal(file_url));
  }));
  DBR_CHECK(dataset::apply_selection(database, selection, range, [&] { return !context.stop.is_stopping(); }));
  DBR_TRY(auto queue, WantedOriginals::open(database, range, order_of(settings)));
  DBR_TRY(const dataset::Totals wanted, queue.totals());
  DBR_TRY(const Forecast forecast, make_forecast(settings, fetcher.room(), wanted));
  DBR_CHECK(check_it_fits(forecast, fetcher.room(), context.dataset.layout().root()));

  pipeline::Meter& meter = context.progress.start("fetch-images");
  meter.set_total(wanted.items);
  limits.is_spent = [&] { return fetcher.is_spent(); };
  FetchImages stage(context, fetcher, database, std::move(queue));
  DBR_TRY(const pipeline::RunSummary summary, run_looks(stage, limits, context.stop, meter));
  meter.finish();
  return report_run("fetch-images", summary, {{"states", stage.states()}, {"bytes", meter.facts().bytes}});
}

}  // namespace dbr::stages
