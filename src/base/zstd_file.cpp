// SPDX-License-Identifier: MIT
#include "dbr/base/zstd_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zstd.h>

#include <cerrno>
#include <new>
#include <vector>

#include "dbr/base/atomic_file.hpp"

namespace dbr {
namespace {

constexpr int k_level = 9;
constexpr std::size_t k_longest_line = std::size_t{1} << 20;

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

struct ZstdFile::State {
  explicit State(AtomicFile atomic_file) : file(std::move(atomic_file)), context(ZSTD_createCCtx()) {
    if (!context) throw std::bad_alloc();
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, k_level);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
    buffer.resize(ZSTD_CStreamOutSize());
  }

  Result<void> compress(std::string_view bytes, ZSTD_EndDirective directive) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    for (;;) {
      ZSTD_outBuffer out{buffer.data(), buffer.size(), 0};
      const std::size_t left = ZSTD_compressStream2(context.get(), &out, &in, directive);
      if (ZSTD_isError(left) != 0) {
        return fail(ErrorKind::internal, fmt::format("cannot compress: {}", ZSTD_getErrorName(left)));
      }
      DBR_CHECK(file.write({buffer.data(), out.pos}));
      const bool is_done = directive == ZSTD_e_end ? left == 0 : in.pos == in.size;
      if (is_done) return {};
    }
  }

  AtomicFile file;
  std::unique_ptr<ZSTD_CCtx, FreeCompressor> context;
  std::vector<char> buffer;
};

ZstdFile::ZstdFile(std::unique_ptr<State> state) : m_state(std::move(state)) {}
ZstdFile::ZstdFile(ZstdFile&&) noexcept = default;
ZstdFile::~ZstdFile() = default;

Result<ZstdFile> ZstdFile::create(std::filesystem::path path) {
  DBR_TRY(AtomicFile file, AtomicFile::create(std::move(path)));
  return ZstdFile(std::make_unique<State>(std::move(file)));
}

Result<void> ZstdFile::write(std::string_view bytes) {
  return m_state->compress(bytes, ZSTD_e_continue);
}

Result<void> ZstdFile::commit() {
  DBR_CHECK(m_state->compress({}, ZSTD_e_end));
  return m_state->file.commit();
}

Result<void> read_zstd_lines(const std::filesystem::path& path,
                             const std::function<Result<void>(std::string_view)>& on_line) {
  DBR_TRY(const Fd fd, open_file(path, O_RDONLY));
  const std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context(ZSTD_createDCtx());
  if (!context) throw std::bad_alloc();
  std::vector<char> packed(ZSTD_DStreamInSize());
  std::vector<char> plain(ZSTD_DStreamOutSize());
  std::string line;
  const auto refuse = [&](std::string_view cause) {
    return fail(ErrorKind::corrupt, fmt::format("cannot read {}: {}", path.string(), cause));
  };

  std::size_t expected = 1;  // what zstd still wants: 0 exactly at the end of a frame
  for (;;) {
    const ssize_t got = ::read(fd.get(), packed.data(), packed.size());
    if (got < 0) {
      if (errno == EINTR) continue;
      return fail(error_from_errno(errno, "read", path.string()));
    }
    if (got == 0) break;
    ZSTD_inBuffer in{packed.data(), static_cast<std::size_t>(got), 0};
    while (in.pos < in.size) {
      ZSTD_outBuffer out{plain.data(), plain.size(), 0};
      expected = ZSTD_decompressStream(context.get(), &out, &in);
      if (ZSTD_isError(expected) != 0) return refuse(ZSTD_getErrorName(expected));
      std::string_view text(plain.data(), out.pos);
      for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        line += text.substr(0, end);
        DBR_CHECK(on_line(line));
        line.clear();
        text.remove_prefix(end + 1);
      }
      line += text;
      if (line.size() > k_longest_line) return refuse("a line is longer than 1 MiB");
    }
  }
  if (expected != 0) return refuse("it is cut short");
  if (!line.empty()) DBR_CHECK(on_line(line));
  return {};
}

}  // namespace dbr
