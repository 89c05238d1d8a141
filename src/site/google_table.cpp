// SPDX-License-Identifier: MIT
// A table, page by page: BigQuery's tables.get and tabledata.list.
#include <fmt/format.h>

#include <limits>

#include "dbr/base/text.hpp"
#include "dbr/base/units.hpp"
#include "dbr/http/polite_client.hpp"
#include "google.hpp"
#include "google_rows.hpp"
#include "user_agent.hpp"

namespace dbr::site {
namespace {

constexpr int k_rows_per_page = 10'000;  // or what fits into 10 MB, says the server

class TableDump final : public Dump {
 public:
  TableDump(std::string name, std::string target, const DumpSettings& settings)
      : m_name(std::move(name)),
        m_target(std::move(target)),
        m_settings(settings),
        m_client({.user_agent = user_agent(settings.contact)}),
        m_polite(m_client, {.requests_per_second = std::numeric_limits<double>::infinity()}) {}

  Result<void> open(const StopToken& stop) {
    DBR_TRY(const std::string body, get(m_target, stop));
    auto info = parse_table_info(body);
    if (!info) return fail(google_error(info.error(), m_name));
    m_info = std::move(*info);
    return fetch_page(stop);
  }

  Result<bool> next(DumpBatch& batch, const StopToken& stop) override {
    batch.part = m_name;
    batch.lines.clear();
    batch.skipped.clear();
    if (m_error) return fail(*m_error);
    if (stop.is_stopping()) return fail({ErrorKind::cancelled, fmt::format("cannot read {}: interrupted", m_name)});
    std::string text;
    std::vector<std::size_t> ends;
    while (static_cast<ByteCount>(text.size()) < m_settings.batch_size) {
      const auto has_row = take_row(text, stop);
      // What has been read before the Error comes first.
      if (!has_row) m_error = has_row.error();
      if (!has_row || !*has_row) break;
      ends.push_back(text.size());
    }
    give(batch, text, ends);
    if (!ends.empty()) return true;
    if (m_error) return fail(*m_error);
    return false;
  }

  std::optional<Timestamp> modified() const override { return m_info.modified; }

 private:
  Result<std::string> get(const std::string& target, const StopToken& stop) {
    DBR_TRY(http::Request request, make_google_request(m_settings.bigquery_url, target, m_settings));
    request.compressed = true;
    http::StringSink sink;
    const auto prepare = [&sink](http::Request&) -> http::Sink& {
      sink.body.clear();
      return sink;
    };
    const auto response = m_polite.fetch(std::move(request), prepare, stop);
    if (!response) return fail(google_error(response.error(), m_name));
    return std::move(sink.body);
  }

  Result<void> fetch_page(const StopToken& stop) {
    const std::string token = m_page.next_page();
    std::string target =
        fmt::format("{}/data?maxResults={}&formatOptions.useInt64Timestamp=true", m_target, k_rows_per_page);
    if (!token.empty()) target += "&pageToken=" + percent_encode(token);
    DBR_TRY(const std::string body, get(target, stop));
    const auto parsed = m_page.parse(body);
    if (!parsed) return fail(google_error(parsed.error(), m_name));
    if (!token.empty() && m_page.next_page() == token) {
      return fail(ErrorKind::corrupt, fmt::format("cannot read {}: its pages go round in circles", m_name));
    }
    return {};
  }

  /// Appends one row to `text`; false after the last.
  Result<bool> take_row(std::string& text, const StopToken& stop) {
    for (;;) {
      const std::size_t before = text.size();
      auto has_row = m_page.next_row(m_info.fields, text);
      if (!has_row) {
        text.resize(before);
        return fail(ErrorKind::corrupt, fmt::format("cannot read {} after row {}: {}", m_name, format_count(m_taken),
                                                    has_row.error().message));
      }
      if (*has_row) {
        ++m_taken;
        return true;
      }
      if (m_page.next_page().empty()) break;
      DBR_CHECK(fetch_page(stop));
    }
    const auto total = m_page.total_rows();
    if (!total || *total == m_taken) return false;
    return fail(
        ErrorKind::corrupt,
        fmt::format("cannot read {}: it has {} rows, {} came", m_name, format_count(*total), format_count(m_taken)),
        "the table may have been replaced meanwhile: run again");
  }

  void give(DumpBatch& batch, std::string_view text, const std::vector<std::size_t>& ends) {
    batch.text.reserve(text.size(), 0);
    text.copy(batch.text.data(), text.size());
    std::size_t begin = 0;
    for (const std::size_t end : ends) {
      const std::string_view row(batch.text.data() + begin, end - begin);
      ++m_given;
      if (static_cast<ByteCount>(row.size()) > m_settings.longest_line) {
        batch.skipped.push_back({m_given, static_cast<ByteCount>(row.size())});
      } else {
        batch.lines.push_back({m_given, row});
      }
      begin = end;
    }
  }

  const std::string m_name;
  const std::string m_target;
  const DumpSettings m_settings;
  http::Client m_client;
  http::PoliteClient m_polite;
  TableInfo m_info;
  TablePage m_page;
  std::int64_t m_taken = 0;
  std::int64_t m_given = 0;
  std::optional<Error> m_error;
};

}  // namespace

Result<std::unique_ptr<Dump>> open_google_table(const std::string& name, const DumpSettings& settings,
                                                const StopToken& stop) {
  DBR_TRY(const GoogleTable place, parse_google_table(name));
  std::string target = fmt::format("/bigquery/v2/projects/{}/datasets/{}/tables/{}", percent_encode(place.project),
                                   percent_encode(place.dataset), percent_encode(place.table));
  auto dump = std::make_unique<TableDump>(name, std::move(target), settings);
  DBR_CHECK(dump->open(stop));
  return dump;
}

}  // namespace dbr::site
