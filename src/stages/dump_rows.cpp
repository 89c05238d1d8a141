// SPDX-License-Identifier: MIT
#include "dump_rows.hpp"

#include <fmt/format.h>

#include "dbr/base/units.hpp"

namespace dbr::stages {
namespace {

// Parses the lines of one part after the other; what a part holds, its first row tells.
class BatchParser {
 public:
  DumpRows parse(const site::DumpBatch& batch) {
    if (batch.part != m_part) {
      m_part = batch.part;
      m_kind.reset();
    }
    DumpRows rows{.part = batch.part, .lines = static_cast<std::int64_t>(batch.lines.size() + batch.skipped.size())};
    for (const site::LongLine& line : batch.skipped) {
      rows.refused.push_back({line.number, fmt::format("a line of {}", format_bytes(line.length))});
    }
    for (const site::DumpLine& line : batch.lines) parse(line, rows);
    rows.kind = m_kind;
    return rows;
  }

 private:
  void parse(const site::DumpLine& line, DumpRows& rows) {
    if (!m_kind) m_kind = m_reader.recognise(line.text, m_part);
    if (!m_kind) {
      rows.refused.push_back({line.number, "no row of a table that dbr knows"});
    } else if (m_kind->table) {
      keep(m_reader.read_record(line.text), line, rows.records, rows);
    } else {
      keep(m_reader.read_post(line.text), line, rows.posts, rows);
    }
  }

  template <class Row>
  static void keep(Result<Row> row, const site::DumpLine& line, std::vector<Row>& kept, DumpRows& rows) {
    if (row) {
      kept.push_back(std::move(*row));
    } else {
      rows.refused.push_back({line.number, row.error().message});
    }
  }

  metadata::DumpRowReader m_reader;
  std::string m_part;
  std::optional<metadata::RowKind> m_kind;
};

}  // namespace

DumpRowsReader::DumpRowsReader(site::Dump& dump, const StopToken& stop)
    : m_dump(dump), m_stop(stop), m_reader([this] { read(); }), m_parser([this] { parse(); }) {}

DumpRowsReader::~DumpRowsReader() {
  m_batches.close();
  m_rows.close();
  m_reader.join();
  m_parser.join();
}

void DumpRowsReader::read() {
  for (;;) {
    site::DumpBatch batch;
    const auto is_more = m_dump.next(batch, m_stop);
    if (!is_more) m_batches.push(fail(is_more.error()));
    if (!is_more || !*is_more || !m_batches.push(std::move(batch))) break;
  }
  m_batches.close();
}

void DumpRowsReader::parse() {
  BatchParser parser;
  while (auto batch = m_batches.pop()) {
    if (!m_rows.push(*batch ? Result<DumpRows>(parser.parse(**batch)) : fail(batch->error()))) break;
  }
  m_batches.close();
  m_rows.close();
}

Result<bool> DumpRowsReader::next(DumpRows& rows) {
  auto parsed = m_rows.pop();
  if (!parsed) return false;
  if (!*parsed) return fail(parsed->error());
  rows = std::move(**parsed);
  return true;
}

}  // namespace dbr::stages
