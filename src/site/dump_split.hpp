// SPDX-License-Identifier: MIT
// Where one record ends and the next begins: at the ends of lines, or at the ends of JSON values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace dbr::site {

/// Is shown a part's bytes once each, in order, however they are cut.
class Splitter {
 public:
  virtual ~Splitter() = default;

  struct Piece {
    const char* end;  ///< one past
    /// False for what lies between records.
    bool is_record;
  };
  /// The end of what the bytes from `begin` go on with; nullopt when it lies behind `end`.
  virtual std::optional<Piece> next(const char* begin, const char* end) = 0;

  /// What is wrong, should the part end here; empty when nothing is.
  virtual std::string_view complaint() const = 0;
};

/// Whether a part that begins like this holds JSON, or nothing: an archive may hold other things.
bool looks_like_json(std::string_view head);

/// Records are lines, unless the head shows an array, or a first line that opens more brackets than it closes.
std::unique_ptr<Splitter> make_splitter(std::string_view head);

/// Without a UTF-8 byte order mark.
std::string_view without_mark(std::string_view head);

}  // namespace dbr::site
