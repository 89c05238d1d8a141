// SPDX-License-Identifier: MIT
#include "fetch_forecast.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dbr/base/units.hpp"
#include "support.hpp"

namespace dbr::stages {
namespace {

// A file system gives files whole blocks: half of one is lost, as a rule.
constexpr ByteCount k_block = 4096;

}  // namespace

Result<Forecast> make_forecast(const Settings& settings, const DiskRoom& room, const dataset::Totals& wanted) {
  Forecast forecast{.wanted = wanted};
  DBR_TRY(forecast.available, room.available());
  const ByteCount bytes = std::min(wanted.bytes, settings.max_transfer.value_or(wanted.bytes));
  forecast.needed = bytes + wanted.items * k_block / 2;
  constexpr double k_seconds_a_day = 86'400;
  const auto take = [&](double seconds) {
    forecast.days = std::max(forecast.days.value_or(0), seconds / k_seconds_a_day);
  };
  if (settings.limit_rate) take(static_cast<double>(bytes) / static_cast<double>(*settings.limit_rate));
  if (settings.cdn_tps) take(static_cast<double>(wanted.items) / *settings.cdn_tps);
  return forecast;
}

Report report_forecast(const Forecast& forecast) {
  const bool fits = forecast.needed <= forecast.available;
  std::string text =
      fmt::format("would fetch {} files, {} by the site's word; {} are free", format_count(forecast.wanted.items),
                  format_bytes(forecast.wanted.bytes), format_bytes(std::max<ByteCount>(0, forecast.available)));
  if (!fits) text += ", which is not enough";
  if (forecast.days) text += fmt::format("; {:.1f} days at the stated allowance", *forecast.days);
  return make_report("fetch-images", std::move(text),
                     {{"items", forecast.wanted.items},
                      {"bytes", forecast.wanted.bytes},
                      {"available", forecast.available},
                      {"fits", fits},
                      {"days", forecast.days ? Json(*forecast.days) : Json(nullptr)}});
}

Result<void> check_it_fits(const Forecast& forecast, const DiskRoom& room, const std::filesystem::path& root) {
  if (forecast.needed <= forecast.available) return {};
  return fail(ErrorKind::disk_full,
              fmt::format("cannot fetch {} files: no space left on {} for them: they take {}, {} are free beside a "
                          "reserve of {}",
                          format_count(forecast.wanted.items), root.string(), format_bytes(forecast.needed),
                          format_bytes(std::max<ByteCount>(0, forecast.available)), format_bytes(room.reserve())),
              "make room, or ask for less: --max-transfer, --max-file-size, --only sfw, --skip-non-images");
}

}  // namespace dbr::stages
