// SPDX-License-Identifier: MIT
#include "dbr/site/booru.hpp"

#include <fmt/format.h>

#include <fmt/ranges.h>

#include <algorithm>
#include <mutex>

#include "dbr/http/url.hpp"
#include "hosts.hpp"
#include "user_agent.hpp"

namespace dbr::site {
namespace {

// Collects a JSON body. HTML where data was promised is a passing fault of a proxy as often as not: kind network, so
// that it is tried again.
class JsonSink final : public http::Sink {
 public:
  Result<void> begin(const http::Head& head) override {
    const std::string_view type = head.header("content-type");
    if (type.find("json") == std::string_view::npos) {
      return fail(ErrorKind::network, fmt::format("cannot read the site's answer: it is {}, not JSON",
                                                  type.empty() ? "of no declared type" : type));
    }
    return {};
  }
  Result<void> data(std::string_view bytes) override {
    body += bytes;
    return {};
  }
  std::string body;
};

// A file of 100 MiB may take 14 hours: on a poor line, but not for ever.
constexpr std::chrono::minutes k_file_head_start{10};
constexpr ByteCount k_slowest_file = 2'000;
constexpr auto k_unreadable_pause = std::chrono::milliseconds(500);

// How many failures of one request are put up with; nullopt: as many as the HTTP room thinks right.
std::optional<int> most_failures(Patience patience) {
  switch (patience) {
    case Patience::little:
      return 2;
    case Patience::some:
      return 3;
    case Patience::full:
      return std::nullopt;
  }
  return std::nullopt;
}

// An answer that cannot be read was cut or mangled on its way: it is asked for again, this often.
int most_unreadable(Patience patience) {
  return most_failures(patience).value_or(4);
}

std::string encode(std::string_view value) {
  constexpr std::string_view k_plain = "-_.~,:";
  std::string text;
  for (const char c : value) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          k_plain.find(c) != std::string_view::npos;
    text += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return text;
}

std::string path_of(const Selection& selection, int limit) {
  std::string path = fmt::format("/{}.json?limit={}", selection.table, limit);
  for (const auto& [attribute, value] : selection.search) {
    path += fmt::format("&search%5B{}%5D={}", attribute, encode(value));
  }
  if (!selection.only.empty()) path += fmt::format("&only={}", encode(selection.only));
  return path;
}

}  // namespace

struct Booru::State {
  explicit State(BooruSettings booru_settings, http::Url url)
      : settings(std::move(booru_settings)),
        site(std::move(url)),
        client({.user_agent = user_agent(settings.contact),
                .connections_per_host = settings.connections,
                .bytes_per_second = settings.file_bytes_per_second}),
        api(client, {.requests_per_second = settings.api_requests_per_second}),
        files(client, {.requests_per_second = settings.file_requests_per_second}) {}

  Result<std::string> get(std::string_view path, Patience patience, const StopToken& stop) {
    JsonSink sink;
    // JSON of this kind packs to a tenth.
    http::Request request{
        .url = settings.url + std::string(path), .credentials = settings.credentials, .compressed = true};
    // The API never sends us elsewhere but within its own host (blank searches, moved hosts).
    request.reach = [this](std::string_view url) {
      const auto target = http::parse_url(url);
      return target && target->host == site.host ? http::Reach::any : http::Reach::refused;
    };
    const auto prepare = [&](http::Request&) -> http::Sink& {
      sink.body.clear();
      return sink;
    };
    DBR_CHECK(api.fetch(std::move(request), prepare, stop, most_failures(patience)).map([](const auto&) {}));
    return std::move(sink.body);
  }

  // Gets and parses; `parse` fails with kind corrupt for what it cannot read.
  template <class Parse>
  auto get_parsed(std::string_view path, Patience patience, const StopToken& stop, Parse parse)
      -> decltype(parse(std::string())) {
    for (int tries = 1;; ++tries) {
      DBR_TRY(const std::string body, get(path, patience, stop));
      auto parsed = parse(body);
      if (parsed || parsed.error().kind != ErrorKind::corrupt) return parsed;
      const bool may_try = tries < most_unreadable(patience) && stop.sleep_for(k_unreadable_pause * tries);
      if (may_try) continue;
      return fail(ErrorKind::network,
                  fmt::format("cannot read {}: {}", path.substr(0, path.find('?')), parsed.error().message));
    }
  }

  // The site's own tables, which it must have.
  template <class Parse>
  auto get_table(std::string_view path, Patience patience, const StopToken& stop, Parse parse)
      -> decltype(parse(std::string())) {
    auto page = get_parsed(path, patience, stop, parse);
    if (page || (page.error().kind != ErrorKind::not_found && page.error().kind != ErrorKind::corrupt)) return page;
    return fail(ErrorKind::usage, page.error().message, "is --site the address of a Danbooru-style site?");
  }

  http::Reach reach(std::string_view file_url) {
    const auto url = http::parse_url(file_url);
    if (!url || !is_file_host(url->host, site.host, settings.allow_hosts)) return http::Reach::refused;
    // What the user named may be anywhere. What the site names may not lead into the user's own network, except where
    // the site lives there itself.
    if (is_named_host(url->host, site.host, settings.allow_hosts)) return http::Reach::any;
    std::call_once(knows_place, [this] { is_private = is_private_host(site.host); });
    return is_private ? http::Reach::any : http::Reach::public_only;
  }

  BooruSettings settings;
  http::Url site;
  /// Whether the site's addresses are all private: looked up when first needed, by the thread that needs it.
  std::once_flag knows_place;
  bool is_private = false;
  http::Client client;
  http::PoliteClient api;
  http::PoliteClient files;
};

Booru::Booru(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Booru::Booru(Booru&&) noexcept = default;
Booru::~Booru() = default;

Result<Booru> Booru::open(BooruSettings settings) {
  while (settings.url.ends_with('/')) settings.url.pop_back();
  auto url = http::parse_url(settings.url);
  if (!url) return fail(ErrorKind::usage, fmt::format("cannot use the site {}: {}", settings.url, url.error().message));
  return Booru(std::make_unique<State>(std::move(settings), std::move(*url)));
}

namespace {

Result<Page<metadata::Post>> parse_posts(std::string_view body) {
  DBR_TRY(metadata::PostPage page, metadata::parse_posts(body));
  return Page<metadata::Post>{std::move(page.posts), std::move(page.refused)};
}

Result<Page<metadata::Record>> parse_rows(std::string_view body) {
  DBR_TRY(metadata::RecordPage page, metadata::parse_records(body));
  const auto refused = static_cast<std::size_t>(page.refused);
  return Page<metadata::Record>{std::move(page.records), {refused, {0, "a row without an ID"}}};
}

// page=aN gives the lowest IDs above N (contract, section 1.1).
std::string after_id(std::int64_t after) {
  return fmt::format("&page=a{}", after);
}

template <class Row>
void finish(Page<Row>& page, std::int64_t after, int limit) {
  page.is_full = page.rows.size() + page.refused.size() >= static_cast<std::size_t>(limit);
  std::erase_if(page.rows, [after](const Row& row) { return row.id <= after; });
}

}  // namespace

Result<Page<metadata::Post>> Booru::posts_after(PostId after, int limit, Patience patience, const StopToken& stop) {
  const std::string path = fmt::format("/posts.json?limit={}{}", limit, after_id(after));
  DBR_TRY(auto page, m_state->get_table(path, patience, stop, parse_posts));
  finish(page, after, limit);
  return page;
}

Result<Page<metadata::Post>> Booru::posts_listed(const std::vector<PostId>& ids, Patience patience,
                                                 const StopToken& stop) {
  // A list of IDs is one free search term (contract, section 1.2).
  const std::string path = fmt::format("/posts.json?limit={}&tags=id:{}", k_posts_per_page, fmt::join(ids, ","));
  DBR_TRY(auto page, m_state->get_table(path, patience, stop, parse_posts));
  finish(page, 0, static_cast<int>(ids.size()));
  return page;
}

Result<std::optional<metadata::Post>> Booru::post(PostId id, Patience patience, const StopToken& stop) {
  const std::string path = fmt::format("/posts/{}.json", id);
  auto post =
      m_state->get_parsed(path, patience, stop, [id](std::string_view body) { return metadata::parse_post(body, id); });
  if (!post && post.error().kind == ErrorKind::not_found) return std::optional<metadata::Post>();
  if (!post) return fail(post.error());
  return std::optional(std::move(*post));
}

Result<Page<metadata::Record>> Booru::rows_after(const Selection& selection, std::int64_t after, int limit,
                                                 Patience patience, const StopToken& stop) {
  const std::string path = path_of(selection, limit) + after_id(after);
  DBR_TRY(auto page, selection.is_optional ? m_state->get_parsed(path, patience, stop, parse_rows)
                                           : m_state->get_table(path, patience, stop, parse_rows));
  finish(page, after, limit);
  return page;
}

Result<Page<metadata::Record>> Booru::rows_listed(std::string_view table, const std::vector<std::int64_t>& ids,
                                                  Patience patience, const StopToken& stop) {
  const Selection selection{.table = std::string(table), .search = {{"id", fmt::format("{}", fmt::join(ids, ","))}}};
  DBR_TRY(auto page, m_state->get_table(path_of(selection, selection.page_size), patience, stop, parse_rows));
  finish(page, 0, static_cast<int>(ids.size()));
  return page;
}

std::string Booru::original_url(std::string_view md5, std::string_view file_ext) const {
  constexpr std::string_view k_site = "danbooru.donmai.us";
  const std::string_view host = m_state->site.host == k_site ? "https://cdn.donmai.us" : "";
  return fmt::format("{}/original/{}/{}/{}.{}", host, md5.substr(0, 2), md5.substr(2, 2), md5, file_ext);
}

std::optional<std::string> Booru::refusal(std::string_view file_url) const {
  if (http::has_parent_steps(file_url)) return "its URL has .. in it";
  const auto absolute = http::resolve_url(m_state->settings.url + "/", file_url);
  const auto url = absolute ? http::parse_url(*absolute) : Result<http::Url>(fail(absolute.error()));
  if (!url) return "its URL is not usable";
  if (!is_file_host(url->host, m_state->site.host, m_state->settings.allow_hosts)) {
    return fmt::format("its host {} is not one of the site's", url->host);
  }
  return std::nullopt;
}

Result<http::Response> Booru::fetch_file(std::string_view file_url, ByteCount max_size,
                                         const http::PoliteClient::Prepare& prepare, const StopToken& stop) {
  DBR_TRY(const std::string url, http::resolve_url(m_state->settings.url + "/", file_url));
  // No credentials: files are public, and their host need not be the site's.
  http::Request request{.url = url, .max_body = max_size};
  request.is_rate_limited = true;
  request.slowest = {k_file_head_start, k_slowest_file};
  request.reach = [this](std::string_view target) { return m_state->reach(target); };
  return m_state->files.fetch(std::move(request), prepare, stop);
}

std::int64_t Booru::requests_sent() const {
  return m_state->api.requests_sent() + m_state->files.requests_sent();
}

}  // namespace dbr::site
