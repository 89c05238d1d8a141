// SPDX-License-Identifier: MIT
#include "dump_archive.hpp"

#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <new>

#include "dbr/base/units.hpp"

namespace dbr::site {
namespace {

constexpr std::size_t k_block = std::size_t{256} << 10;
constexpr std::size_t k_tar_record = 512;
constexpr std::size_t k_longest_name = 200;

/// Names come from outside: a terminal must not be given orders, nor a log line be broken.
std::string printable(std::string_view name) {
  std::string text(name.substr(0, k_longest_name));
  std::ranges::replace_if(
      text, [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

std::string name_of(archive_entry* entry) {
  // Null when the name cannot be said in the current locale.
  const char* name = archive_entry_pathname_utf8(entry);
  if (name == nullptr) name = archive_entry_pathname(entry);
  return name == nullptr ? "?" : printable(name);
}

/// Files with holes are passed over too: a kilobyte of tar can claim exabytes of zeros.
bool is_plain_file(archive_entry* entry) {
  return archive_entry_filetype(entry) == AE_IFREG && archive_entry_hardlink(entry) == nullptr &&
         archive_entry_sparse_count(entry) == 0;
}

}  // namespace

Archive::Archive(std::unique_ptr<ByteSource> source)
    : m_source(std::move(source)), m_block(k_block), m_handle(archive_read_new()) {
  archive* const handle = m_handle.get();
  if (handle == nullptr) throw std::bad_alloc();
  // Not all that libarchive knows: some of its formats take text for theirs, some filters start programs.
  archive_read_support_filter_bzip2(handle);
  archive_read_support_filter_lz4(handle);
  archive_read_support_format_tar(handle);
  archive_read_support_format_zip_streamable(handle);
  archive_read_support_format_raw(handle);
  archive_read_support_format_empty(handle);
  archive_read_set_format_option(handle, "tar", "read_concatenated_archives", "1");
}

la_ssize_t Archive::on_read(archive* handle, void* self, const void** bytes) {
  auto& archive = *static_cast<Archive*>(self);
  const la_ssize_t got = archive.take_block(bytes);
  if (got < 0) archive_set_error(handle, EIO, "its source failed");
  return got;
}

la_ssize_t Archive::take_block(const void** bytes) {
  auto got = m_source->read(m_block, *m_stop);
  if (!got) {
    m_source_error = std::move(got).error();
    return -1;
  }
  const std::string_view block(m_block.data(), *got);
  const auto last = block.find_last_not_of('\0');
  m_zeros =
      last == std::string_view::npos ? m_zeros + static_cast<ByteCount>(*got) : static_cast<ByteCount>(*got - last - 1);
  m_taken += static_cast<ByteCount>(*got);
  *bytes = m_block.data();
  return static_cast<la_ssize_t>(*got);
}

Error Archive::failure() {
  if (m_source_error) return *m_source_error;
  const char* cause = archive_error_string(m_handle.get());
  return {ErrorKind::corrupt, fmt::format("{} (near byte {} of the archive)",
                                          cause == nullptr ? "it is damaged" : cause, format_count(m_taken))};
}

Result<void> Archive::open() {
  if (m_is_open) return {};
  m_is_open = true;
  if (archive_read_open(m_handle.get(), this, nullptr, &Archive::on_read, nullptr) != ARCHIVE_OK) {
    return fail(failure());
  }
  return {};
}

Result<std::optional<std::string>> Archive::next_member(const StopToken& stop) {
  m_stop = &stop;
  m_data = {};
  DBR_CHECK(open());
  for (;;) {
    archive_entry* entry = nullptr;
    const int code = archive_read_next_header(m_handle.get(), &entry);
    if (code == ARCHIVE_EOF) {
      DBR_CHECK(drain());
      return std::nullopt;
    }
    // A warning is about a name or a date, neither of which matters here.
    if (code != ARCHIVE_OK && code != ARCHIVE_WARN) return fail(failure());
    if (archive_format(m_handle.get()) == ARCHIVE_FORMAT_RAW) {
      const bool is_packed = archive_filter_count(m_handle.get()) > 1;
      if (!is_packed) return fail(ErrorKind::corrupt, "it is neither JSON nor a kind of archive that can be read");
      return std::string();
    }
    if (is_plain_file(entry)) return name_of(entry);
  }
}

/// What follows the archive's own end is read as well, so that damage there shows, and a tar that was cut between two
/// members does not pass for a whole one.
Result<void> Archive::drain() {
  for (;;) {
    const void* bytes = nullptr;
    const la_ssize_t got = take_block(&bytes);
    if (got < 0) return fail(failure());
    if (got == 0) break;
  }
  // A compressed one would have been cut in the middle of a frame.
  const bool is_packed = archive_filter_count(m_handle.get()) > 1;
  const bool is_tar = !is_packed && (archive_format(m_handle.get()) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR;
  if (is_tar && m_zeros < static_cast<ByteCount>(k_tar_record)) {
    return fail(ErrorKind::corrupt, "it is cut short: its end mark is missing");
  }
  return {};
}

Result<std::size_t> Archive::read(std::span<char> into, const StopToken& stop) {
  m_stop = &stop;
  // Not archive_read_data(), which drops what it has copied when it comes to damage.
  while (m_data.empty()) {
    const void* bytes = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int code = archive_read_data_block(m_handle.get(), &bytes, &size, &offset);
    if (code == ARCHIVE_EOF) return 0;
    if (code != ARCHIVE_OK) return fail(failure());
    m_data = {static_cast<const char*>(bytes), size};
  }
  const std::size_t count = m_data.copy(into.data(), into.size());
  m_data.remove_prefix(count);
  return count;
}

}  // namespace dbr::site
