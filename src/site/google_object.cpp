// SPDX-License-Identifier: MIT
// An object of a bucket: Google's JSON API, media download
// (cloud.google.com/storage/docs/json_api/v1/objects/get).
#include <fmt/format.h>

#include "dbr/base/text.hpp"
#include "dump_text.hpp"
#include "google.hpp"
#include "google_download.hpp"
#include "user_agent.hpp"

namespace dbr::site {
namespace {

class ObjectDump final : public Dump {
 public:
  ObjectDump(std::unique_ptr<Dump> text, std::optional<Timestamp> modified)
      : m_text(std::move(text)), m_modified(modified) {}
  Result<bool> next(DumpBatch& batch, const StopToken& stop) override { return m_text->next(batch, stop); }
  std::optional<Timestamp> modified() const override { return m_modified; }

 private:
  std::unique_ptr<Dump> m_text;
  std::optional<Timestamp> m_modified;
};

}  // namespace

Result<std::unique_ptr<Dump>> open_google_object(const std::string& name, const DumpSettings& settings,
                                                 const StopToken& stop) {
  DBR_TRY(const GoogleObject place, parse_google_object(name));
  std::string target =
      fmt::format("/storage/v1/b/{}/o/{}?alt=media", percent_encode(place.bucket), percent_encode(place.object));
  if (!settings.google_project.empty()) target += "&userProject=" + percent_encode(settings.google_project);
  DBR_TRY(http::Request request, make_google_request(settings.google_storage_url, target, settings));
  // The objects are stored as gzip: unpacked on their way, they could not be gone on with in the middle.
  request.as_stored = true;
  request.max_body = ByteCount{1} << 42;
  auto download = std::make_unique<Download>(http::ClientSettings{.user_agent = user_agent(settings.contact)},
                                             http::RetryPolicy{}, std::move(request), name);
  const Download& source = *download;
  DBR_TRY(auto text, open_text_dump(std::move(download), name, settings, stop));
  // Known by now: the first bytes have been looked at.
  return std::make_unique<ObjectDump>(std::move(text), source.modified());
}

}  // namespace dbr::site
