// SPDX-License-Identifier: MIT
// The booru's JSON API and its files, as the API contract says. Knows nothing of the manifest or of files on disk.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dbr/async/stop.hpp"
#include "dbr/base/result.hpp"
#include "dbr/http/polite_client.hpp"
#include "dbr/metadata/post.hpp"
#include "dbr/metadata/record.hpp"

namespace dbr::site {

struct BooruSettings {
  std::string url;  ///< "https://danbooru.donmai.us"
  std::optional<http::Credentials> credentials = {};
  std::string contact;  ///< for the User-Agent; may be empty
  double api_requests_per_second = 1.0;
  int connections = 8;
  /// Of the host that serves the files, which counts apart from the API.
  double file_requests_per_second = std::numeric_limits<double>::infinity();
  std::optional<ByteCount> file_bytes_per_second = {};  ///< all files together (http::ClientSettings)
  std::vector<std::string> allow_hosts;                 ///< further hosts that may serve files
};

/// How often a request is tried that meets a passing fault: fewer times by who can ask for less, or for something else.
enum class Patience { little, some, full };

/// Rows as they came, in ascending ID order.
template <class Row>
struct Page {
  std::vector<Row> rows;
  std::vector<metadata::RefusedRow> refused;  ///< what is no such row
  /// As many rows as were asked for: nothing can have been dropped from it.
  bool is_full = false;
};

/// Which rows of a table, and what of them.
struct Selection {
  std::string table;                                             ///< as in the site's URLs: "post_versions"
  std::vector<std::pair<std::string, std::string>> search = {};  ///< attribute and value: {"updated_at", ">=..."}
  std::string only = {};                                         ///< the fields wanted, with commas; empty: all
  int page_size = 1000;                                          ///< the most that the site gives at once
  bool is_optional = false;                                      ///< not every site has it: kind not_found then
};

/// Thread-safe: one HTTP loop, any number of callers. Errors that call for patience, unreadable answers among them,
/// have been retried already. A site that does not know its own tables, or sends us elsewhere, is kind usage: it is not
/// what --site should name.
class Booru {
 public:
  static Result<Booru> open(BooruSettings settings);
  Booru(Booru&&) noexcept;
  ~Booru();

  /// The posts with the lowest IDs above `after`; empty past the last one. A page may be short without being the last.
  Result<Page<metadata::Post>> posts_after(PostId after, int limit, Patience patience, const StopToken& stop);
  static constexpr int k_posts_per_page = 200;
  /// Those of `ids` (at most 100) that the site has.
  Result<Page<metadata::Post>> posts_listed(const std::vector<PostId>& ids, Patience patience, const StopToken& stop);
  static constexpr int k_most_listed = 100;
  /// One post as it is now, hidden ones that do not name their ID included; nullopt when the site knows none.
  Result<std::optional<metadata::Post>> post(PostId id, Patience patience, const StopToken& stop);

  /// The same of other tables.
  Result<Page<metadata::Record>> rows_after(const Selection& selection, std::int64_t after, int limit,
                                            Patience patience, const StopToken& stop);
  Result<Page<metadata::Record>> rows_listed(std::string_view table, const std::vector<std::int64_t>& ids,
                                             Patience patience, const StopToken& stop);
  static constexpr int k_most_rows_listed = 200;

  /// Where the site keeps an original today, for posts whose record does not say: dumps have no URLs (contract, section
  /// 4).
  std::string original_url(std::string_view md5, std::string_view file_ext) const;
  /// Why a file must not be asked for, or nullopt: its host is neither the site's, nor of its domain, nor allowed, or
  /// its URL has ".." in it.
  std::optional<std::string> refusal(std::string_view file_url) const;
  /// Fetches a file's bytes (PoliteClient::fetch). `file_url` may be relative to the site. Redirects lead to hosts that
  /// may serve files only (kind corrupt otherwise), and but for the site's own host and those allowed by name only to
  /// public addresses, unless the site is on a private one itself. A file takes no longer than ten minutes and what
  /// its bytes take at 2 KB/s.
  Result<http::Response> fetch_file(std::string_view file_url, ByteCount max_size,
                                    const http::PoliteClient::Prepare& prepare, const StopToken& stop);

  std::int64_t requests_sent() const;

 private:
  struct State;
  explicit Booru(std::unique_ptr<State> state);
  std::unique_ptr<State> m_state;
};

}  // namespace dbr::site
