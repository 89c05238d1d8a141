// SPDX-License-Identifier: MIT
// retry: what failed goes back to the queues; the next fetch-images, downscale or build tries it again.
#include <fmt/format.h>

#include "dbr/base/units.hpp"
#include "dbr/dataset/requeue.hpp"
#include "stages.hpp"
#include "support.hpp"

namespace dbr::stages {

Result<Report> retry(const Context& context) {
  DBR_TRY(auto database, context.dataset.connect());
  DBR_TRY(Scope scope, make_scope(database, context.settings));
  const bool is_dry = context.settings.dry_run;
  DBR_TRY(const dataset::Requeued requeued,
          dataset::requeue_failed(database, context.settings.reasons, {scope.last, std::move(scope.ids)}, is_dry));
  std::string text = is_dry ? "would send back" : "sent back";
  std::int64_t originals = 0;
  std::int64_t ml_forms = 0;
  std::string lines;
  for (const auto& [what, count] : requeued.originals) {
    originals += count;
    lines += fmt::format("  original, {}: {}\n", what, format_count(count));
  }
  for (const auto& [what, count] : requeued.ml_forms) {
    ml_forms += count;
    lines += fmt::format("  512px form, {}: {}\n", what, format_count(count));
  }
  text += fmt::format(" {} originals for fetch-images, {} ML forms for downscale", format_count(originals),
                      format_count(ml_forms));
  Report report =
      make_report("retry", std::move(text), {{"originals", requeued.originals}, {"ml_forms", requeued.ml_forms}});
  report.text += lines;
  return report;
}

}  // namespace dbr::stages
