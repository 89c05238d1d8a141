// SPDX-License-Identifier: MIT
// torrent show: what .torrent files hold, anybody's. Nothing in them is trusted.
#include <fmt/format.h>

#include <chrono>

#include "dbr/base/text.hpp"
#include "dbr/base/time.hpp"
#include "dbr/base/units.hpp"
#include "dbr/torrent/magnet.hpp"
#include "dbr/torrent/torrent_file.hpp"
#include "long_answer.hpp"
#include "stages.hpp"
#include "torrent_files.hpp"

namespace dbr::stages {
namespace {

std::size_t pieces_of(const torrent::Metainfo& info) {
  return info.pieces.size() / torrent::k_sha1_size;
}

// Whatever its maker wrote: also what is no moment.
std::string format_moment(std::int64_t seconds) {
  constexpr std::int64_t k_year_10000 = 253'402'300'800;
  if (seconds < 0 || seconds >= k_year_10000) return fmt::format("{} s after 1970", seconds);
  return format_timestamp(Timestamp(std::chrono::seconds(seconds)));
}

std::string text_of(std::string_view file, const torrent::Metainfo& info) {
  std::string text = fmt::format("{}\n", printable(file));
  const auto row = [&](std::string_view what, std::string_view value) {
    text += fmt::format("  {:<14}{}\n", what, printable(shortened(value, 2000)));
  };
  row("name", info.name);
  row("infohash", info.infohash);
  row("files", format_count(static_cast<std::int64_t>(info.files.size())));
  row("size", fmt::format("{} ({} bytes)", format_bytes(torrent::total_size(info.files)),
                          format_count(torrent::total_size(info.files))));
  row("pieces", fmt::format("{} of {} bytes", format_count(static_cast<std::int64_t>(pieces_of(info))),
                            format_count(info.piece_length)));
  for (std::size_t tier = 0; tier < info.trackers.size(); ++tier) {
    for (const std::string& url : info.trackers[tier]) row(fmt::format("tracker {}", tier + 1), url);
  }
  for (const std::string& url : info.web_seeds) row("web seed", url);
  if (!info.comment.empty()) row("comment", info.comment);
  if (!info.source.empty()) row("source", info.source);
  if (!info.created_by.empty()) row("made by", info.created_by);
  if (info.creation_date) row("made on", format_moment(*info.creation_date));
  if (info.is_private) row("private", "yes: clients find peers by its trackers only");
  return text + fmt::format("  {:<14}{}\n", "magnet", torrent::magnet_link(info.infohash, info.name, info.trackers));
}

Json json_of(std::string_view file, const torrent::Metainfo& info) {
  return {{"file", file},
          {"name", info.name},
          {"infohash", info.infohash},
          {"files", info.files.size()},
          {"bytes", torrent::total_size(info.files)},
          {"piece_length", info.piece_length},
          {"pieces", pieces_of(info)},
          {"trackers", info.trackers},
          {"web_seeds", info.web_seeds},
          {"comment", info.comment},
          {"source", info.source},
          {"created_by", info.created_by},
          {"creation_date", info.creation_date ? Json(*info.creation_date) : Json(nullptr)},
          {"private", info.is_private},
          {"torrent_bytes", info.document_size},
          {"info_bytes", info.info_size},
          {"magnet", torrent::magnet_link(info.infohash, info.name, info.trackers)}};
}

// For scripts: {"size":1,"path":"a/b"} each; for people "1<TAB>a/b".
Result<void> list_files(const torrent::Metainfo& info, bool as_json, LongAnswer& answer) {
  bool is_first = true;
  for (const torrent::File& file : info.files) {
    if (as_json) {
      DBR_CHECK(answer.add(
          fmt::format("{}{{\"size\":{},\"path\":{}}}", is_first ? "" : ",", file.size, Json(file.path).dump())));
    } else {
      DBR_CHECK(answer.add(fmt::format("{}\t{}\n", file.size, printable(file.path))));
    }
    is_first = false;
  }
  return {};
}

}  // namespace

Result<Report> torrent_show(const Context& context) {
  const Settings& settings = context.settings;
  if (settings.positional.empty()) return fail(ErrorKind::usage, "torrent show: name at least one .torrent");
  LongAnswer answer(context);
  ExitCode code = ExitCode::ok;
  if (settings.json) DBR_CHECK(answer.add(R"({"command":"torrent show","torrents":[)"));
  for (const std::string& file : settings.positional) {
    if (context.stop.is_stopping()) {
      code = ExitCode::interrupted;
      break;
    }
    const bool is_first = &file == &settings.positional.front();
    if (settings.json && !is_first) DBR_CHECK(answer.add(","));
    const auto info = torrent::read_torrent(file);
    if (!info) {
      // The others are shown all the same.
      code = most_important(code, report_bad_torrent(info.error()));
      if (settings.json) DBR_CHECK(answer.add(dump(json_of_bad_torrent(file, info.error()))));
    } else if (settings.json) {
      std::string json = dump(json_of(file, *info));
      if (settings.files) {
        json.back() = ',';
        DBR_CHECK(answer.add(json + R"("list":[)"));
        DBR_CHECK(list_files(*info, true, answer));
        json = "]}";
      }
      DBR_CHECK(answer.add(json));
    } else if (settings.files) {
      DBR_CHECK(list_files(*info, false, answer));
    } else {
      DBR_CHECK(answer.add((is_first ? "" : "\n") + text_of(file, *info)));
    }
  }
  if (settings.json) DBR_CHECK(answer.add("]}"));
  return answer.finish(code);
}

}  // namespace dbr::stages
