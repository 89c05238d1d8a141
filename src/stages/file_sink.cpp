// SPDX-License-Identifier: MIT
#include "file_sink.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "dbr/base/units.hpp"
#include "dbr/http/range.hpp"
#include "dbr/image/sniff.hpp"

namespace dbr::stages {
namespace {

// Tries for the rest of a file that bring none of it; after so many, all of it is asked for again.
constexpr int k_most_fruitless_tries = 2;

// Bodies cut for their looks: one may be a page in between, two are rarely chance.
constexpr int k_most_strange_bodies = 2;

// What tells this file from another one at the same place: a strong ETag, or else when it was last changed.
std::string validator_of(const http::Head& head) {
  const std::string_view tag = head.header("etag");
  const std::string_view text = !tag.empty() && !tag.starts_with("W/") ? tag : head.header("last-modified");
  // What no header may hold is not sent back.
  const bool is_clean =
      std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; });
  return is_clean ? std::string(text) : std::string();
}

// Pages where a file was asked for come from a proxy, a cache or an error, and pass. Other types are not believed:
// servers call what they do not know text/plain.
bool is_page(std::string_view type) {
  std::string lower(type);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return lower.starts_with("text/html") || lower.starts_with("application/json") ||
         lower.starts_with("application/xhtml");
}

// A part that is all of it, as some servers answer whatever they are asked.
bool is_whole(const http::Head& head) {
  const auto range = http::content_range(head);
  return range && range->first == 0 && range->total == range->last + 1;
}

// The extension of a kind that sniffing knows.
bool is_known(std::string_view file_ext) {
  constexpr std::array k_kinds = {image::Kind::jpeg,  image::Kind::png, image::Kind::gif, image::Kind::webp,
                                  image::Kind::avif,  image::Kind::bmp, image::Kind::mp4, image::Kind::webm,
                                  image::Kind::flash, image::Kind::zip};
  return std::ranges::any_of(k_kinds, [&](image::Kind kind) { return image::matches_extension(kind, file_ext); });
}

}  // namespace

http::Sink& FileSink::prepare(http::Request& request) {
  const bool may_go_on = m_size > 0 && !m_validator.empty() && m_fruitless_tries < k_most_fruitless_tries;
  if (!may_go_on) restart();
  request.first_byte = m_size;
  request.if_range = m_validator;
  if (may_go_on) ++m_fruitless_tries;
  m_is_too_long = false;
  return *this;
}

void FileSink::restart() {
  m_fd.close();
  m_size = 0;
  m_head.clear();
  m_md5 = Digest(DigestKind::md5);
  m_sha256 = Digest(DigestKind::sha256);
  m_validator.clear();
  m_fruitless_tries = 0;
  m_is_pieced = false;
}

Result<void> FileSink::begin(const http::Head& head) {
  if (head.status == 206 && !is_whole(head)) return go_on(head);
  if (head.status != 200 && head.status != 206)
    return fail(ErrorKind::network, fmt::format("the answer is {}, not the file", head.status));
  const std::string_view type = head.header("content-type");
  if (const auto packing = head.header("content-encoding"); !packing.empty() && packing != "identity") {
    return fail(ErrorKind::network, fmt::format("the answer is packed with {}, which was not asked for", packing));
  }
  if (is_page(type) && m_expected.file_ext != "html") {
    return fail(ErrorKind::network, fmt::format("the answer is {}, not a file", type));
  }
  if (head.content_length.value_or(0) > m_expected.longest) return too_long();
  restart();
  m_validator = validator_of(head);
  // A read-only leftover of an earlier try cannot be truncated.
  DBR_CHECK(remove_file(m_part));
  DBR_TRY(m_fd, open_file(m_part, O_WRONLY | O_CREAT | O_TRUNC));
  return {};
}

Result<void> FileSink::go_on(const http::Head& head) {
  const auto range = http::content_range(head);
  const bool is_the_rest = range && m_size > 0 && range->first == m_size;
  const std::string validator = validator_of(head);
  if (is_the_rest && (validator.empty() || validator == m_validator)) {
    m_is_pieced = true;
    return {};
  }
  restart();
  return fail(ErrorKind::network, is_the_rest ? "the file has changed meanwhile" : "the answer is another part");
}

Result<void> FileSink::data(std::string_view bytes) {
  const auto size = static_cast<ByteCount>(bytes.size());
  DBR_CHECK(m_on_bytes(size));
  if (m_size + size > m_expected.longest) return too_long();
  if (m_head.size() < image::k_sniff_size) {
    m_head += bytes.substr(0, image::k_sniff_size - m_head.size());
    if (m_head.size() == image::k_sniff_size) DBR_CHECK(check_looks());
  }
  m_size += size;
  m_fruitless_tries = 0;
  m_md5.update(bytes);
  m_sha256.update(bytes);
  return write_all(m_fd, bytes, m_part);
}

bool FileSink::is_satisfied() const {
  return m_size > 0 && m_md5.copy().finish_hex() == m_expected.md5;
}

Result<void> FileSink::too_long() {
  restart();
  m_is_too_long = true;
  return fail(ErrorKind::corrupt, fmt::format("it is longer than {}", format_bytes(m_expected.longest)));
}

// Strange bytes are not read to their end, unless they come again and again: then they are what the site has.
Result<void> FileSink::check_looks() {
  const image::Kind kind = image::sniff(m_head);
  const bool is_page = kind == image::Kind::html && m_expected.file_ext != "html";
  const bool is_strange = is_page || (kind == image::Kind::unknown && is_known(m_expected.file_ext));
  if (!is_strange || m_strange_bodies++ >= k_most_strange_bodies) return {};
  restart();
  return fail(ErrorKind::network, fmt::format("what comes is no {} file, nor any other we know", m_expected.file_ext));
}

Result<FileSink::Facts> FileSink::finish() {
  if (::fchmod(m_fd.get(), 0444) != 0) return fail(error_from_errno(errno, "protect", m_part.string()));
  m_fd.close();
  return Facts{m_size, m_md5.finish_hex(), m_sha256.finish_hex(), m_head};
}

}  // namespace dbr::stages
