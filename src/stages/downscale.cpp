// SPDX-License-Identifier: MIT
// downscale: the ML form of every stored original. One thread an image; what is no still picture, or no picture at all,
// gets its reason. A changed setting redoes exactly the forms made with another one.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <thread>

#include "dbr/base/digest.hpp"
#include "dbr/base/durable_batch.hpp"
#include "dbr/base/log.hpp"
#include "dbr/base/units.hpp"
#include "dbr/dataset/files.hpp"
#include "dbr/image/ml_form.hpp"
#include "stages.hpp"
#include "support.hpp"

namespace dbr::stages {
namespace {

using dataset::Form;
using dataset::MlState;
using dataset::WantedMl;

// Larger originals than any the site takes are not read into memory.
constexpr ByteCount k_largest_original = ByteCount{2} << 30;

struct Outcome : pipeline::OutcomeFacts {
  dataset::MlOutcome row;
  std::filesystem::path part;
};

MlState state_of(image::MlState state) {
  switch (state) {
    case image::MlState::done:
      return MlState::done;
    case image::MlState::not_a_still_image:
      return MlState::not_a_still_image;
    case image::MlState::failed:
      return MlState::failed;
  }
  return MlState::failed;
}

class Downscale final : public pipeline::ItemStage<WantedMl, Outcome> {
 public:
  Downscale(const Context& context, sql::Database& database, Scope scope, const image::MlSettings& settings)
      : m_layout(context.dataset.layout()),
        m_database(database),
        m_cursor(std::move(scope)),
        m_settings(settings),
        m_hash(image::settings_hash(settings)) {}

  Result<std::vector<WantedMl>> next(bool from_start, int limit) override {
    return m_cursor.next(from_start, limit, [&](PostId above, PostId last, int count) {
      return dataset::next_wanted_ml(m_database, above, last, count);
    });
  }

  Outcome process(const WantedMl& wanted) override {
    Outcome outcome{{.id = wanted.id}};
    auto made = make(wanted, outcome);
    if (!made) outcome.error = std::move(made).error();
    return outcome;
  }

  Result<void> commit(std::vector<Outcome>& outcomes) override {
    DurableBatch files;
    for (const Outcome& outcome : outcomes) {
      if (outcome.row.state == MlState::done) files.add(outcome.part, m_layout.stored(Form::ml, outcome.id, "jpg"));
    }
    DBR_CHECK(files.commit());
    for (const Outcome& outcome : outcomes) {
      // An earlier file of this post may have had a form. Its row says "wanted", so nothing claims it any more.
      if (outcome.row.state != MlState::done) DBR_CHECK(remove_file(m_layout.stored(Form::ml, outcome.id, "jpg")));
    }
    DBR_TRY(auto transaction, sql::Transaction::begin(m_database));
    for (const Outcome& outcome : outcomes) DBR_CHECK(dataset::record_ml(m_database, outcome.row, m_hash));
    DBR_CHECK(transaction.commit());
    for (const Outcome& outcome : outcomes) ++m_states[std::string(to_string(outcome.row.state))];
    return {};
  }

  // What cannot be read now (a vanished original) stays wanted; the run says so, verify says more.
  Result<void> note_left(std::vector<Outcome>& outcomes) override {
    for (const Outcome& outcome : outcomes) log::warning("{}", outcome.error->message);
    return {};
  }

  void leave_worker() override { image::release_thread(); }

  const std::map<std::string, std::int64_t>& states() const { return m_states; }

 private:
  Result<void> make(const WantedMl& wanted, Outcome& outcome) const {
    const auto original = m_layout.stored(Form::original, wanted.id, wanted.file_ext);
    auto bytes = read_file(original, k_largest_original);
    if (!bytes && bytes.error().kind == ErrorKind::not_found) {
      return fail(ErrorKind::corrupt,
                  fmt::format("cannot downscale post {}: {} has vanished", wanted.id, original.string()),
                  "dbr verify finds what else is missing");
    }
    if (!bytes) return fail(bytes.error());
    const image::MlForm form = image::make_ml_form(*bytes, m_settings);
    outcome.row = {.id = wanted.id,
                   .state = state_of(form.state),
                   .reason = form.reason,
                   .detail = form.detail,
                   .size = static_cast<ByteCount>(form.jpeg.size()),
                   .source_width = form.source_width,
                   .source_height = form.source_height,
                   .orientation = form.orientation,
                   .box_x = form.box.x,
                   .box_y = form.box.y,
                   .box_width = form.box.width,
                   .box_height = form.box.height};
    if (form.state != image::MlState::done) return {};
    outcome.row.md5 = digest_hex(DigestKind::md5, form.jpeg);
    outcome.row.sha256 = digest_hex(DigestKind::sha256, form.jpeg);
    outcome.bytes = outcome.row.size;
    outcome.part = m_layout.parts() / fmt::format("{}.512px.part", wanted.id);
    return write_read_only(outcome.part, form.jpeg);
  }

  const dataset::Layout& m_layout;
  sql::Database& m_database;
  ScopeCursor m_cursor;
  const image::MlSettings m_settings;
  const std::string m_hash;
  std::map<std::string, std::int64_t> m_states;
};

// Forms made with other settings, as far as this run goes.
Result<void> requeue(sql::Database& database, const Scope& scope, const std::string& settings_hash) {
  if (!scope.ids) return dataset::requeue_other_settings(database, settings_hash, 0, scope.last);
  DBR_TRY(auto transaction, sql::Transaction::begin(database));
  for (const PostId id : *scope.ids) {
    DBR_CHECK(dataset::requeue_other_settings(database, settings_hash, id - 1, std::min(id, scope.last)));
  }
  return transaction.commit();
}

}  // namespace

Result<Report> downscale_while(const Context& context, std::function<bool()> is_fed) {
  image::start_library();
  const image::MlSettings settings{.quality = context.settings.quality};
  DBR_TRY(auto database, context.dataset.connect());
  DBR_TRY(Scope scope, make_scope(database, context.settings));
  if (!context.settings.dry_run) DBR_CHECK(requeue(database, scope, image::settings_hash(settings)));
  DBR_TRY(const dataset::Totals wanted, dataset::wanted_ml_totals(database, scope.last));
  if (context.settings.dry_run) {
    return make_report("downscale", fmt::format("would make {} ML forms", format_count(wanted.items)),
                       {{"items", wanted.items}});
  }
  pipeline::RunLimits limits =
      make_limits(context.settings, static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
  limits.is_fed = std::move(is_fed);
  pipeline::Meter& meter = context.progress.start("downscale");
  if (!limits.is_fed) meter.set_total(scope.ids ? static_cast<std::int64_t>(scope.ids->size()) : wanted.items);
  Downscale stage(context, database, std::move(scope), settings);
  DBR_TRY(const pipeline::RunSummary summary, pipeline::run_items(stage, limits, context.stop, meter));
  meter.finish();
  return report_run("downscale", summary, {{"states", stage.states()}, {"bytes", meter.facts().bytes}});
}

Result<Report> downscale(const Context& context) {
  return downscale_while(context, {});
}

}  // namespace dbr::stages
