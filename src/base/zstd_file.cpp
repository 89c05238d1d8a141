// SPDX-License-Identifier: MIT
#include "dbr/base/zstd_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <string>
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

struct ZstdLines::State {
  State(Fd opened, std::filesystem::path name)
      : fd(std::move(opened)),
        path(std::move(name)),
        context(ZSTD_createDCtx()),
        packed(ZSTD_DStreamInSize()),
        plain(ZSTD_DStreamOutSize()) {
    if (!context) throw std::bad_alloc();
  }

  tl::unexpected<Error> refuse(std::string_view cause) const {
    return fail(ErrorKind::corrupt, fmt::format("cannot read {}: {}", path.string(), cause));
  }

  // More plain text, unless the file is at its end.
  Result<void> unpack() {
    if (in.pos == in.size) {
      ssize_t got = -1;
      do {
        got = ::read(fd.get(), packed.data(), packed.size());
      } while (got < 0 && errno == EINTR);
      if (got < 0) return fail(error_from_errno(errno, "read", path.string()));
      if (got == 0) {
        is_at_end = true;
        return expected == 0 ? Result<void>() : refuse("it is cut short");
      }
      in = {packed.data(), static_cast<std::size_t>(got), 0};
    }
    ZSTD_outBuffer out{plain.data(), plain.size(), 0};
    expected = ZSTD_decompressStream(context.get(), &out, &in);
    if (ZSTD_isError(expected) != 0) return refuse(ZSTD_getErrorName(expected));
    text = {plain.data(), out.pos};
    return {};
  }

  Fd fd;
  std::filesystem::path path;
  std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context;
  std::vector<char> packed;
  std::vector<char> plain;
  ZSTD_inBuffer in{nullptr, 0, 0};
  std::size_t expected = 1;  // what zstd still wants: 0 exactly at the end of a frame
  std::string_view text;     // unpacked and not yet given out
  std::string line;
  bool is_at_end = false;
};

ZstdLines::ZstdLines(std::unique_ptr<State> state) : m_state(std::move(state)) {}
ZstdLines::ZstdLines(ZstdLines&&) noexcept = default;
ZstdLines::~ZstdLines() = default;

Result<ZstdLines> ZstdLines::open(const std::filesystem::path& path) {
  // Whoever made the folder may have put a pipe there, which would never open.
  DBR_TRY(Fd fd, open_file(path, O_RDONLY | O_NONBLOCK));
  struct stat facts {};
  if (::fstat(fd.get(), &facts) != 0) return fail(error_from_errno(errno, "read", path.string()));
  if (!S_ISREG(facts.st_mode)) {
    return fail(ErrorKind::corrupt, fmt::format("cannot read {}: it is not a regular file", path.string()));
  }
  return ZstdLines(std::make_unique<State>(std::move(fd), path));
}

Result<std::optional<std::string_view>> ZstdLines::next() {
  State& s = *m_state;
  s.line.clear();
  for (;;) {
    const std::size_t end = s.text.find('\n');
    s.line += s.text.substr(0, end);
    if (s.line.size() > k_longest_line) return s.refuse("a line is longer than 1 MiB");
    s.text.remove_prefix(std::min(s.text.size(), end == std::string_view::npos ? end : end + 1));
    if (end != std::string_view::npos) return std::optional<std::string_view>(s.line);
    if (!s.is_at_end) DBR_CHECK(s.unpack());
    if (!s.is_at_end) continue;
    if (s.line.empty()) return std::optional<std::string_view>();
    return std::optional<std::string_view>(s.line);  // the last one needs no newline
  }
}

Result<void> read_zstd_lines(const std::filesystem::path& path,
                             const std::function<Result<void>(std::string_view)>& on_line) {
  DBR_TRY(ZstdLines lines, ZstdLines::open(path));
  for (;;) {
    DBR_TRY(const auto line, lines.next());
    if (!line) return {};
    DBR_CHECK(on_line(*line));
  }
}

}  // namespace dbr
