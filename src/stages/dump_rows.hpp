// SPDX-License-Identifier: MIT
// Dumps read and parsed on threads of their own, handed out in order, ready to be written.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "dbr/async/bounded_queue.hpp"
#include "dbr/async/stop.hpp"
#include "dbr/metadata/dump_row.hpp"
#include "dbr/site/dump.hpp"

namespace dbr::stages {

struct RefusedLine {
  std::int64_t number = 0;
  std::string reason;
};

/// The rows of one batch.
struct DumpRows {
  std::string part;
  std::optional<metadata::RowKind> kind;  ///< of the part; nullopt while none of its lines was a row
  std::int64_t lines = 0;
  std::vector<metadata::Post> posts;
  std::vector<metadata::Record> records;
  std::vector<RefusedLine> refused;
};

/// One thread reads and unpacks, one parses; the caller writes. Memory: a few batches.
class DumpRowsReader {
 public:
  DumpRowsReader(site::Dump& dump, const StopToken& stop);
  ~DumpRowsReader();

  /// Rows in the dump's order; false at its end. After an Error there is nothing more.
  Result<bool> next(DumpRows& rows);

 private:
  void read();
  void parse();

  site::Dump& m_dump;
  StopToken m_stop;
  BoundedQueue<Result<site::DumpBatch>> m_batches{2};
  BoundedQueue<Result<DumpRows>> m_rows{2};
  std::thread m_reader;
  std::thread m_parser;
};

}  // namespace dbr::stages
