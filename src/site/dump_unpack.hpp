// SPDX-License-Identifier: MIT
// gzip, xz and zstd, one frame after the other. Our own loop around the three libraries, because libarchive's filters
// drop up to a block of good bytes before damage, and do not check gzip's sums.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dump_source.hpp"

namespace dbr::site {

/// Unpacks one frame at a time.
class Decoder {
 public:
  virtual ~Decoder() = default;
  enum class State { in_frame, frame_ended };
  /// Takes from the front of `in` and fills the front of `out`, as far as either goes. Once a frame has ended, the next
  /// call begins another. An Error is the cause only; what it wrote before is lost if it does not report it.
  virtual Result<State> run(std::string_view& in, std::span<char>& out) = 0;
};

/// By the first bytes; null when they are none of ours.
std::unique_ptr<Decoder> make_decoder(std::string_view head);

/// Everything before the damage, then an Error.
class UnpackSource final : public ByteSource {
 public:
  UnpackSource(std::unique_ptr<Decoder> decoder, std::unique_ptr<ByteSource> source);
  Result<std::size_t> read(std::span<char> into, const StopToken& stop) override;

 private:
  Result<void> refill(const StopToken& stop);
  Error damaged(std::string_view cause) const;

  std::unique_ptr<Decoder> m_decoder;
  std::unique_ptr<ByteSource> m_source;
  std::vector<char> m_block;
  std::string_view m_packed;  ///< of m_block, not used yet
  ByteCount m_taken = 0;      ///< from m_source
  bool m_is_source_at_end = false;
  bool m_is_between_frames = true;
  std::optional<Error> m_error;
};

}  // namespace dbr::site
