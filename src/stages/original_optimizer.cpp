// SPDX-License-Identifier: MIT
#include "original_optimizer.hpp"

#include <algorithm>

#include "dbr/base/digest.hpp"
#include "dbr/base/file.hpp"
#include "dbr/base/log.hpp"
#include "dbr/image/optimize.hpp"

namespace dbr::stages {
namespace {

constexpr image::OptimizeLimits k_limits;
constexpr std::int64_t k_memory = k_limits.max_bytes + k_limits.max_coefficient_bytes;

}  // namespace

std::int64_t MemoryGate::enter(std::int64_t bytes) {
  bytes = std::clamp(bytes, std::int64_t{0}, m_bytes);
  std::unique_lock lock(m_mutex);
  const std::uint64_t turn = m_came++;
  m_changed.wait(lock, [&] { return m_entered == turn && m_free >= bytes; });
  m_free -= bytes;
  ++m_entered;
  m_changed.notify_all();
  return bytes;
}

void MemoryGate::leave(std::int64_t bytes) {
  const std::lock_guard lock(m_mutex);
  m_free += bytes;
  m_changed.notify_all();
}

OriginalOptimizer::OriginalOptimizer() : m_gate(k_memory) {}

Result<std::optional<OriginalOptimizer::Facts>> OriginalOptimizer::optimize(const std::filesystem::path& part,
                                                                            ByteCount size) {
  if (size > k_limits.max_bytes) return std::optional<Facts>();
  DBR_TRY(std::string bytes, read_file(part));
  const std::int64_t needed = image::memory_to_optimize(bytes, k_limits);
  if (needed == 0) return std::optional<Facts>();
  const MemoryGate::Share share(m_gate, needed);
  const image::Optimized made = image::optimize_jpeg(bytes, k_limits);
  if (made.result == image::OptimizeResult::differs) {
    log::warning("{} stays as it came: coded anew it was another picture ({})", part.filename().string(), made.detail);
  }
  if (made.result != image::OptimizeResult::smaller) return std::optional<Facts>();
  DBR_CHECK(write_read_only(part, made.jpeg));
  return std::optional(Facts{static_cast<ByteCount>(made.jpeg.size()), digest_hex(DigestKind::md5, made.jpeg),
                             digest_hex(DigestKind::sha256, made.jpeg)});
}

}  // namespace dbr::stages
