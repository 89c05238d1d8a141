// SPDX-License-Identifier: MIT
// downscale: the ML form of every stored original. One thread an image; what is no still picture, or no picture at all,
// gets its reason. A changed setting redoes exactly the forms that depend on it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <thread>

#include "dbr/async/byte_budget.hpp"
#include "dbr/base/digest.hpp"
#include "dbr/base/durable_batch.hpp"
#include "dbr/base/file_witness.hpp"
#include "dbr/base/log.hpp"
#include "dbr/base/machine.hpp"
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

// What the process takes without any picture: code, libraries, the manifest's cache.
constexpr ByteCount k_own_memory = 150'000'000;
// What a picture takes as a rule, beside its file.
constexpr ByteCount k_usual_need = 32'000'000;

// The parts of a worker's time, in the order of k_parts.
enum Part : std::size_t { decode, resample, encode };
const std::vector<std::string> k_parts = {"decode", "resample", "encode"};

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
  Downscale(const Context& context, sql::Database& database, Scope scope, const image::MlSettings& settings,
            pipeline::Meter& meter)
      : m_layout(context.dataset.layout()),
        m_database(database),
        m_cursor(std::move(scope)),
        m_settings(settings),
        m_meter(meter),
        m_memory(settings.max_memory) {}

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
    for (Outcome& outcome : outcomes) {
      const auto path = m_layout.stored(Form::ml, outcome.id, "jpg");
      if (outcome.row.state == MlState::done) {
        outcome.row.witness = witness_at(path);
      } else {
        // An earlier file of this post may have had a form. Its row says "wanted", so nothing claims it any more.
        DBR_CHECK(remove_file(path));
      }
    }
    DBR_TRY(auto transaction, sql::Transaction::begin(m_database));
    for (const Outcome& outcome : outcomes) DBR_CHECK(dataset::record_ml(m_database, outcome.row));
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
  Result<void> make(const WantedMl& wanted, Outcome& outcome) {
    const auto original = m_layout.stored(Form::original, wanted.id, wanted.file_ext);
    auto made = draw(original);
    if (!made && made.error().kind == ErrorKind::not_found) {
      return fail(ErrorKind::corrupt,
                  fmt::format("cannot downscale post {}: {} has vanished", wanted.id, original.string()),
                  "dbr verify finds what else is missing");
    }
    if (!made) return fail(made.error());
    const image::MlForm& form = *made;
    m_meter.add_work(Part::decode, form.time.decode);
    m_meter.add_work(Part::resample, form.time.resample);
    m_meter.add_work(Part::encode, form.time.encode);
    outcome.row = {.id = wanted.id,
                   .state = state_of(form.state),
                   .reason = form.reason,
                   .detail = form.detail,
                   .size = static_cast<ByteCount>(form.jpeg.size()),
                   .settings_hash = form.settings_hash,
                   .source_width = form.source_width,
                   .source_height = form.source_height,
                   .orientation = form.orientation,
                   .colour = form.colour,
                   .has_profile = form.had_profile,
                   .background = form.background ? to_string(*form.background) : "",
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

  Result<image::MlForm> draw(const std::filesystem::path& original) {
    DBR_TRY(const FileHead head, read_head(original, image::k_sniff_size));
    if (auto settled = image::settle_by_head(head.bytes, head.file_size, m_settings)) return std::move(*settled);
    // How much it takes is known once it was read; most pictures take less than this.
    const ByteCount guess = std::min(head.file_size + k_usual_need, std::max(head.file_size, m_memory.total() / 4));
    ByteCount needed = 0;
    {
      const auto claim = m_memory.claim(guess);
      DBR_TRY(const std::string bytes, read_file(original, m_settings.max_memory));
      const image::Outline outline = image::outline(bytes);
      needed = image::memory_needed(outline, static_cast<ByteCount>(bytes.size()), m_settings);
      if (needed <= guess || needed > m_settings.max_memory) return image::make_ml_form(bytes, outline, m_settings);
    }
    // Nobody waits for memory while holding some: it is read again.
    const auto claim = m_memory.claim(needed);
    DBR_TRY(const std::string bytes, read_file(original, m_settings.max_memory));
    return image::make_ml_form(bytes, m_settings);
  }

  const dataset::Layout& m_layout;
  sql::Database& m_database;
  ScopeCursor m_cursor;
  const image::MlSettings m_settings;
  pipeline::Meter& m_meter;
  ByteBudget m_memory;
  std::map<std::string, std::int64_t> m_states;
};

// Forms made with other settings, as far as this run goes.
Result<void> requeue(sql::Database& database, const Scope& scope, const std::vector<std::string>& hashes) {
  if (!scope.ids) return dataset::requeue_other_settings(database, hashes, 0, scope.last);
  DBR_TRY(auto transaction, sql::Transaction::begin(database));
  for (const PostId id : *scope.ids) {
    DBR_CHECK(dataset::requeue_other_settings(database, hashes, id - 1, std::min(id, scope.last)));
  }
  return transaction.commit();
}

}  // namespace

Result<Report> downscale_while(const Context& context, std::function<bool()> is_fed) {
  image::start_library();
  image::MlSettings settings = context.settings.ml;
  settings.max_memory =
      std::max(context.settings.memory.value_or(machine_memory() / 2) - k_own_memory, k_own_memory / 3);
  DBR_TRY(auto database, context.dataset.connect());
  DBR_TRY(Scope scope, make_scope(database, context.settings));
  if (!context.settings.dry_run) DBR_CHECK(requeue(database, scope, image::current_hashes(settings)));
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
  meter.set_parts(k_parts, limits.threads);
  Downscale stage(context, database, std::move(scope), settings, meter);
  DBR_TRY(const pipeline::RunSummary summary, pipeline::run_items(stage, limits, context.stop, meter));
  meter.finish();
  Json shares = Json::object();
  for (const auto& [name, share] : meter.facts().shares) shares[name] = std::round(share * 1000) / 1000;
  return report_run("downscale", summary,
                    {{"states", stage.states()}, {"bytes", meter.facts().bytes}, {"time", shares}});
}

Result<Report> downscale(const Context& context) {
  return downscale_while(context, {});
}

}  // namespace dbr::stages
