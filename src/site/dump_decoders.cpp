// SPDX-License-Identifier: MIT
// The three libraries, each behind Decoder. Each hands out all it has before it reports damage.
#include <fmt/format.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <new>

#include "dump_unpack.hpp"

namespace dbr::site {
namespace {

/// What unpacking one file may cost: xz -9 takes 65 MB.
constexpr std::uint64_t k_most_memory = std::uint64_t{256} << 20;

tl::unexpected<Error> refuse(std::string_view cause) {
  return fail(ErrorKind::corrupt, std::string(cause));
}

// zlib and lzma: the same fields by the same names.
template <class Stream>
void point(Stream& stream, std::string_view in, std::span<char> out) {
  constexpr std::size_t k_most = std::numeric_limits<unsigned>::max();
  // zlib promises not to write through next_in.
  stream.next_in = reinterpret_cast<unsigned char*>(const_cast<char*>(in.data()));
  stream.next_out = reinterpret_cast<unsigned char*>(out.data());
  stream.avail_in = static_cast<unsigned>(std::min(in.size(), k_most));
  stream.avail_out = static_cast<unsigned>(std::min(out.size(), k_most));
}

template <class Stream>
void advance(const Stream& stream, std::string_view& in, std::span<char>& out) {
  in.remove_prefix(static_cast<std::size_t>(reinterpret_cast<const char*>(stream.next_in) - in.data()));
  out = out.subspan(static_cast<std::size_t>(reinterpret_cast<char*>(stream.next_out) - out.data()));
}

class GzipDecoder final : public Decoder {
 public:
  GzipDecoder() {
    constexpr int k_gzip_only = 16;
    if (inflateInit2(&m_stream, MAX_WBITS + k_gzip_only) != Z_OK) throw std::bad_alloc();
  }
  GzipDecoder(const GzipDecoder&) = delete;
  GzipDecoder& operator=(const GzipDecoder&) = delete;
  ~GzipDecoder() override { inflateEnd(&m_stream); }

  Result<State> run(std::string_view& in, std::span<char>& out) override {
    point(m_stream, in, out);
    const int code = inflate(&m_stream, Z_NO_FLUSH);
    const std::size_t room = out.size();
    advance(m_stream, in, out);
    if (code == Z_STREAM_END) {
      inflateReset(&m_stream);
      return State::frame_ended;
    }
    if (code == Z_OK || code == Z_BUF_ERROR) return State::in_frame;
    // zlib has written what came before the damage; asked again it repeats its verdict.
    if (out.size() < room) return State::in_frame;
    return refuse(m_stream.msg != nullptr ? m_stream.msg : "gzip data is damaged");
  }

 private:
  z_stream m_stream{};
};

class XzDecoder final : public Decoder {
 public:
  XzDecoder() = default;
  XzDecoder(const XzDecoder&) = delete;
  XzDecoder& operator=(const XzDecoder&) = delete;
  ~XzDecoder() override { lzma_end(&m_stream); }

  Result<State> run(std::string_view& in, std::span<char>& out) override {
    if (!m_is_in_frame) {
      if (lzma_stream_decoder(&m_stream, k_most_memory, 0) != LZMA_OK) throw std::bad_alloc();
      m_is_in_frame = true;
    }
    if (m_verdict == LZMA_OK) {
      point(m_stream, in, out);
      m_verdict = lzma_code(&m_stream, LZMA_RUN);
      const std::size_t room = out.size();
      advance(m_stream, in, out);
      if (m_verdict == LZMA_STREAM_END) {
        m_verdict = LZMA_OK;
        m_is_in_frame = false;
        return State::frame_ended;
      }
      if (m_verdict == LZMA_BUF_ERROR) m_verdict = LZMA_OK;
      if (m_verdict == LZMA_OK || out.size() < room) return State::in_frame;
    }
    switch (m_verdict) {
      case LZMA_MEMLIMIT_ERROR:
        return refuse(fmt::format("its dictionary needs {} MB to unpack", lzma_memusage(&m_stream) >> 20));
      case LZMA_FORMAT_ERROR:
        return refuse("xz data is followed by something else");
      case LZMA_OPTIONS_ERROR:
        return refuse("this kind of xz data is not supported");
      default:
        return refuse("xz data is damaged");
    }
  }

 private:
  lzma_stream m_stream = LZMA_STREAM_INIT;
  lzma_ret m_verdict = LZMA_OK;
  bool m_is_in_frame = false;
};

class ZstdDecoder final : public Decoder {
 public:
  ZstdDecoder() : m_context(ZSTD_createDCtx()) {
    if (!m_context) throw std::bad_alloc();
    m_wanted = ZSTD_initDStream(m_context.get());
  }

  Result<State> run(std::string_view& in, std::span<char>& out) override {
    // No more than it asks for, which is a block: an error loses what the same call has written.
    ZSTD_inBuffer from{in.data(), std::min(in.size(), m_wanted), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    const std::size_t left = ZSTD_decompressStream(m_context.get(), &to, &from);
    if (ZSTD_isError(left) != 0) return refuse(ZSTD_getErrorName(left));
    in.remove_prefix(from.pos);
    out = out.subspan(to.pos);
    m_wanted = left == 0 ? ZSTD_initDStream(m_context.get()) : left;
    return left == 0 ? State::frame_ended : State::in_frame;
  }

 private:
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  std::unique_ptr<ZSTD_DCtx, Free> m_context;
  std::size_t m_wanted = 0;
};

}  // namespace

std::unique_ptr<Decoder> make_decoder(std::string_view head) {
  using namespace std::string_view_literals;
  if (head.starts_with("\x1f\x8b")) return std::make_unique<GzipDecoder>();
  if (head.starts_with("\xfd"
                       "7zXZ\0"sv))
    return std::make_unique<XzDecoder>();
  // A skippable frame may come first: pzstd writes one.
  const bool is_skippable = head.size() >= 4 && (head[0] & '\xf0') == '\x50' && head.substr(1, 3) == "\x2a\x4d\x18";
  if (head.starts_with("\x28\xb5\x2f\xfd") || is_skippable) return std::make_unique<ZstdDecoder>();
  return nullptr;
}

}  // namespace dbr::site
