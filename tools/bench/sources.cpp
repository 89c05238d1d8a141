// SPDX-License-Identifier: MIT
#include "sources.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <string_view>

namespace dbr::bench {
namespace {

/// Puts a source together; the longest of ours fits.
class Writer {
 public:
  explicit Writer(Source& source) : m_source(source) { source.size = source.pixiv_id = 0; }
  void text(std::string_view text) {
    std::memcpy(&m_source.text[m_source.size], text.data(), text.size());
    m_source.size += static_cast<std::uint32_t>(text.size());
  }
  void number(std::uint64_t value) {
    char* begin = &m_source.text[m_source.size];
    m_source.size += static_cast<std::uint32_t>(std::to_chars(begin, begin + 24, value).ptr - begin);
  }
  void letters(Random& random, std::uint32_t count) {
    constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
    std::uint64_t bits = 0;
    for (std::uint32_t at = 0; at < count; ++at, bits >>= 6) {
      if (at % 10 == 0) bits = random.next();
      m_source.text[m_source.size++] = alphabet[bits & 63];
    }
  }
  /// Somebody's account: the same few thousand people again and again.
  void handle(Random& random) {
    Random person(random.low_below(60'000));
    letters(person, person.between(5, 14));
  }

 private:
  Source& m_source;
};

constexpr auto k_hosts = std::to_array<std::string_view>({
    "http://img.cdn.example-board.net/src/",
    "https://www.deviantart.com/",
    "https://seiga.nicovideo.jp/seiga/im",
    "https://www.artstation.com/artwork/",
    "http://blog-imgs-44.fc2.com/",
    "https://cdna.artstation.com/p/assets/images/",
    "https://www.tumblr.com/",
    "http://lohas.nicoseiga.jp/priv/",
    "https://ci-en.net/creator/",
    "https://www.fanbox.cc/@",
    "https://bcy.net/illust/detail/",
    "https://i0.hdslb.com/bfs/album/",
    "https://wx4.sinaimg.cn/large/",
    "http://2ch-ita.net/upfiles/",
});
// Not every source is a URL; these are as JSON has them.
constexpr auto k_texts = std::to_array<std::string_view>({
    "Comiket 90",
    "file://scan_012.jpg",
    R"(\"Megami Magazine\" 2011-04)",
    "C87 \xe3\x82\xaa\xe3\x83\xaa\xe3\x82\xb8\xe3\x83\x8a\xe3\x83\xab",
    R"(Rohan\\Scans\\p 17)",
    "official site",
});

void pixiv(Random& random, Moment created, Source& source) {
  Writer writer(source);
  const Moment uploaded = created - 60 * k_second - random.low_below(200'000) * k_second;
  const auto day = static_cast<std::uint32_t>(uploaded / k_day);
  source.pixiv_id = 1'000'000 + (day - 12'900) * 13'000 + random.below(13'000);
  writer.text(random.below(8) == 0 ? "https://i.pximg.net/img-zip-ugoira/img/"
                                   : "https://i.pximg.net/img-original/img/");
  put_slashed(uploaded, &source.text[source.size]);
  source.size += 19;
  writer.text("/");
  writer.number(source.pixiv_id);
  writer.text("_p");
  writer.number(random.below(3) == 0 ? random.low_below(12) : 0);
  writer.text(random.below(3) == 0 ? ".png" : ".jpg");
}

void twitter(Random& random, Moment created, Source& source) {
  Writer writer(source);
  writer.text(random.below(2) == 0 ? "https://twitter.com/" : "https://x.com/");
  writer.handle(random);
  writer.text("/status/");
  // A status number is its time.
  constexpr Moment epoch = 1'288'834'974'657;
  const Moment since = std::max<Moment>(created / 1000 - epoch - random.low_below(86'400'000), 1);
  writer.number((static_cast<std::uint64_t>(since) << 22) | random.below(1 << 22));
}

void elsewhere(Random& random, Source& source) {
  Writer writer(source);
  writer.text(k_hosts[random.low_below(k_hosts.size())]);
  writer.letters(random, random.between(6, 40));
  if (random.below(2) == 0) writer.text(".jpg");
}

}  // namespace

void draw_source(Random& random, Moment created, Source& source) {
  const std::uint32_t die = random.below(100);
  if (die < 48) return pixiv(random, created, source);
  if (die < 70) return twitter(random, created, source);
  if (die < 88) return elsewhere(random, source);
  Writer writer(source);
  if (die >= 98) writer.text(k_texts[random.below(k_texts.size())]);
}

}  // namespace dbr::bench
