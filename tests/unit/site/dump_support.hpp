// SPDX-License-Identifier: MIT
// What the tests of dumps share: archives made on the spot, and everything a dump yields at once.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dbr/site/dump.hpp"
#include "site/dump_text.hpp"

namespace dbr::site {

struct Member {
  std::string name;
  std::string text;
};

/// As libarchive writes it. The raw format takes one member.
inline std::string make_archive(const std::vector<Member>& members, int format, int filter = ARCHIVE_FILTER_NONE) {
  std::string bytes;
  archive* const handle = archive_write_new();
  archive_write_set_format(handle, format);
  archive_write_add_filter(handle, filter);
  archive_write_set_bytes_in_last_block(handle, 1);
  const auto on_write = [](archive*, void* into, const void* block, std::size_t size) {
    static_cast<std::string*>(into)->append(static_cast<const char*>(block), size);
    return static_cast<la_ssize_t>(size);
  };
  if (archive_write_open(handle, &bytes, nullptr, on_write, nullptr) != ARCHIVE_OK) throw std::runtime_error("archive");
  for (const Member& member : members) {
    archive_entry* const entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(member.text.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_write_header(handle, entry);
    archive_write_data(handle, member.text.data(), member.text.size());
    archive_entry_free(entry);
  }
  archive_write_close(handle);
  archive_write_free(handle);
  return bytes;
}

inline std::string pack(std::string_view text, int filter) {
  return make_archive({{"data", std::string(text)}}, ARCHIVE_FORMAT_RAW, filter);
}

inline std::string make_tar(const std::vector<Member>& members, int filter = ARCHIVE_FILTER_NONE) {
  return make_archive(members, ARCHIVE_FORMAT_TAR_USTAR, filter);
}

/// All of a dump, in order: "part#number text", the part only when it is not "x".
struct Yield {
  std::vector<std::string> lines;
  std::vector<std::string> skipped;  ///< "number:length"
  std::optional<Error> error;
  int batches = 0;
};

inline void drain(Dump& dump, Yield& yield, const StopToken& stop = StopSource().token()) {
  DumpBatch batch;
  for (;;) {
    const auto has_more = dump.next(batch, stop);
    if (!has_more) yield.error = has_more.error();
    if (!has_more || !*has_more) return;
    ++yield.batches;
    EXPECT_FALSE(batch.lines.empty() && batch.skipped.empty());
    const std::string part = batch.part == "x" ? "" : batch.part + "#";
    for (const DumpLine& line : batch.lines) {
      EXPECT_LE(line.text.data() + line.text.size(), batch.text.data() + batch.text.capacity());
      yield.lines.push_back(fmt::format("{}{} {}", part, line.number, line.text));
    }
    for (const LongLine& line : batch.skipped) yield.skipped.push_back(fmt::format("{}:{}", line.number, line.length));
  }
}

inline Yield read_all(const Result<std::unique_ptr<Dump>>& dump) {
  Yield yield;
  if (dump) {
    drain(**dump, yield);
  } else {
    yield.error = dump.error();
  }
  return yield;
}

inline Yield read_bytes(std::string_view bytes, const DumpSettings& settings = {}) {
  return read_all(open_text_dump(std::make_unique<MemorySource>(bytes), "x", settings, StopSource().token()));
}

using Lines = std::vector<std::string>;

}  // namespace dbr::site
