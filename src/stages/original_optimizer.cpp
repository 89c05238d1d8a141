// SPDX-License-Identifier: MIT
#include "original_optimizer.hpp"

#include "dbr/base/digest.hpp"
#include "dbr/base/file.hpp"
#include "dbr/base/log.hpp"
#include "dbr/image/optimize.hpp"

namespace dbr::stages {
namespace {

constexpr image::OptimizeLimits k_limits;
constexpr std::int64_t k_memory = k_limits.max_bytes + k_limits.max_coefficient_bytes;

}  // namespace

OriginalOptimizer::OriginalOptimizer() : m_memory(k_memory) {}

Result<std::optional<OriginalOptimizer::Facts>> OriginalOptimizer::optimize(const std::filesystem::path& part,
                                                                            ByteCount size) {
  if (size > k_limits.max_bytes) return std::optional<Facts>();
  DBR_TRY(std::string bytes, read_file(part));
  const std::int64_t needed = image::memory_to_optimize(bytes, k_limits);
  if (needed == 0) return std::optional<Facts>();
  const ByteBudget::Claim claim = m_memory.claim(needed);
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
