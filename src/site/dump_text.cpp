// SPDX-License-Identifier: MIT
#include "dump_text.hpp"

#include <fmt/format.h>

#include "dbr/base/log.hpp"
#include "dump_archive.hpp"
#include "dump_lines.hpp"
#include "dump_unpack.hpp"

namespace dbr::site {
namespace {

/// Uploads are packed again on their way now and then.
constexpr int k_most_layers = 4;
constexpr int k_most_warnings = 10;

/// One member.
class MemberSource final : public ByteSource {
 public:
  explicit MemberSource(Archive& archive) : m_archive(archive) {}
  Result<std::size_t> read(std::span<char> into, const StopToken& stop) override { return m_archive.read(into, stop); }

 private:
  Archive& m_archive;
};

class PlainDump final : public Dump {
 public:
  PlainDump(std::unique_ptr<PeekSource> source, std::string_view head, std::string name, const DumpSettings& settings)
      : m_source(std::move(source)), m_lines(*m_source, head, std::move(name), settings) {}
  Result<bool> next(DumpBatch& batch, const StopToken& stop) override { return m_lines.next(batch, stop); }

 private:
  std::unique_ptr<PeekSource> m_source;
  LineReader m_lines;
};

class ArchiveDump final : public Dump {
 public:
  ArchiveDump(std::unique_ptr<ByteSource> source, std::string name, DumpSettings settings)
      : m_settings(std::move(settings)), m_name(std::move(name)), m_archive(std::move(source)) {}

  Result<bool> next(DumpBatch& batch, const StopToken& stop) override {
    for (;;) {
      if (!m_member && !m_is_at_end) DBR_CHECK(open_member(stop));
      if (m_is_at_end) return false;
      DBR_TRY(const bool has_more, m_member->lines.next(batch, stop));
      if (has_more) return true;
      m_member.reset();
    }
  }

  /// Goes to the next member that may be JSON.
  Result<void> open_member(const StopToken& stop) {
    for (;;) {
      auto name = m_archive.next_member(stop);
      if (!name) return fail(named(std::move(name).error(), m_name));
      m_is_at_end = !*name;
      if (m_is_at_end) return warn_of_rest();
      const std::string part = (*name)->empty() ? m_name : fmt::format("{}: {}", m_name, **name);
      auto source = std::make_unique<PeekSource>(std::make_unique<MemberSource>(m_archive));
      const auto head = source->peek(stop);
      if (!head) return fail(named(head.error(), part));
      if (looks_like_json(*head)) {
        m_member = std::make_unique<Member>(std::move(source), *head, part, m_settings);
        return {};
      }
      if ((*name)->empty()) return fail(named({ErrorKind::corrupt, "what it holds is not JSON"}, m_name));
      if (++m_passed_over <= k_most_warnings) log::warning("passing over {}: it is not JSON", part);
    }
  }

 private:
  struct Member {
    Member(std::unique_ptr<PeekSource> peeked, std::string_view head, std::string part, const DumpSettings& settings)
        : source(std::move(peeked)), lines(*source, head, std::move(part), settings) {}
    std::unique_ptr<PeekSource> source;
    LineReader lines;
  };

  static Error named(Error error, std::string_view part) {
    if (error.kind == ErrorKind::corrupt) error.message = fmt::format("cannot read {}: {}", part, error.message);
    return error;
  }

  Result<void> warn_of_rest() const {
    if (m_passed_over > k_most_warnings) {
      log::warning("passed over {} more members of {}", m_passed_over - k_most_warnings, m_name);
    }
    return {};
  }

  const DumpSettings m_settings;
  const std::string m_name;
  Archive m_archive;
  std::unique_ptr<Member> m_member;
  bool m_is_at_end = false;
  int m_passed_over = 0;
};

}  // namespace

Result<std::unique_ptr<Dump>> open_text_dump(std::unique_ptr<ByteSource> source, std::string name,
                                             const DumpSettings& settings, const StopToken& stop) {
  for (int layer = 0;; ++layer) {
    auto peeked = std::make_unique<PeekSource>(std::move(source));
    auto head = peeked->peek(stop);
    if (!head && head.error().kind == ErrorKind::corrupt) {
      return fail(ErrorKind::corrupt, fmt::format("cannot read {}: {}", name, head.error().message));
    }
    if (!head) return fail(head.error());
    if (looks_like_json(*head)) {
      return std::make_unique<PlainDump>(std::move(peeked), *head, std::move(name), settings);
    }
    auto decoder = layer < k_most_layers ? make_decoder(*head) : nullptr;
    if (decoder) {
      source = std::make_unique<UnpackSource>(std::move(decoder), std::move(peeked));
      continue;
    }
    auto dump = std::make_unique<ArchiveDump>(std::move(peeked), std::move(name), settings);
    DBR_CHECK(dump->open_member(stop));
    return dump;
  }
}

}  // namespace dbr::site
