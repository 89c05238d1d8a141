// SPDX-License-Identifier: MIT
// What fetching cannot be cheaper than: one thread, one curl multi, so many transfers in flight, connections kept.
//   fetch-floor null N <urls     bytes are counted and dropped
//   fetch-floor files N <urls    md5, sha256, a part file, a rename: into the current directory
// CURL_CA_BUNDLE names the certificates to trust.
#include <curl/curl.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

void require(bool is_fine, const std::string& what) {
  if (!is_fine) throw std::runtime_error(what);
}

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

class Hash {
 public:
  explicit Hash(const EVP_MD* kind) : m_context(EVP_MD_CTX_new()) {
    require(EVP_DigestInit_ex(m_context.get(), kind, nullptr) == 1, "EVP_DigestInit_ex");
  }
  void update(const char* bytes, std::size_t size) { EVP_DigestUpdate(m_context.get(), bytes, size); }
  void finish() {
    unsigned char digest[EVP_MAX_MD_SIZE];
    require(EVP_DigestFinal_ex(m_context.get(), digest, nullptr) == 1, "EVP_DigestFinal_ex");
  }

 private:
  std::unique_ptr<EVP_MD_CTX, FreeDigest> m_context;
};

/// One file on its way to the disk.
class File {
 public:
  explicit File(std::string name) : m_name(std::move(name)) {
    m_fd = ::open((m_name + ".part").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0444);
    require(m_fd >= 0, "cannot create " + m_name);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { ::close(m_fd); }

  void data(const char* bytes, std::size_t size) {
    m_md5.update(bytes, size);
    m_sha256.update(bytes, size);
    require(::write(m_fd, bytes, size) == static_cast<ssize_t>(size), "cannot write " + m_name);
  }
  void finish() {
    m_md5.finish();
    m_sha256.finish();
    require(::rename((m_name + ".part").c_str(), m_name.c_str()) == 0, "cannot rename " + m_name);
  }

 private:
  std::string m_name;
  int m_fd;
  Hash m_md5{EVP_md5()};
  Hash m_sha256{EVP_sha256()};
};

struct Slot {
  std::unique_ptr<File> file;  ///< with `files`
};

std::size_t on_body(char* bytes, std::size_t unit, std::size_t count, void* slot) {
  if (const auto& file = static_cast<Slot*>(slot)->file) file->data(bytes, unit * count);
  return unit * count;
}

class Floor {
 public:
  Floor(bool has_files, std::size_t in_flight)
      : m_has_files(has_files), m_slots(in_flight), m_multi(curl_multi_init()) {
    curl_multi_setopt(m_multi, CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(in_flight));
  }
  Floor(const Floor&) = delete;
  Floor& operator=(const Floor&) = delete;
  ~Floor() { curl_multi_cleanup(m_multi); }

  void run() {
    for (Slot& slot : m_slots) {
      CURL* easy = curl_easy_init();
      curl_easy_setopt(easy, CURLOPT_PRIVATE, &slot);
      curl_easy_setopt(easy, CURLOPT_WRITEDATA, &slot);
      curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_body);
      curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 128L * 1024);
      curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
      curl_easy_setopt(easy, CURLOPT_CAINFO, std::getenv("CURL_CA_BUNDLE"));
      start(easy);
    }
    while (m_busy > 0) {
      int running = 0;
      require(curl_multi_poll(m_multi, nullptr, 0, 1000, nullptr) == CURLM_OK, "curl_multi_poll");
      require(curl_multi_perform(m_multi, &running) == CURLM_OK, "curl_multi_perform");
      reap();
    }
  }

 private:
  void start(CURL* easy) {
    std::string url;
    if (!std::getline(std::cin, url)) {
      curl_easy_cleanup(easy);
      return;
    }
    if (m_has_files) {
      Slot* slot = nullptr;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &slot);
      slot->file = std::make_unique<File>(url.substr(url.rfind('/') + 1));
    }
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_multi_add_handle(m_multi, easy);
    ++m_busy;
  }

  void reap() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(m_multi, &left)) {
      CURL* easy = message->easy_handle;
      require(message->data.result == CURLE_OK, curl_easy_strerror(message->data.result));
      Slot* slot = nullptr;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &slot);
      if (slot->file) slot->file->finish();
      slot->file.reset();
      curl_multi_remove_handle(m_multi, easy);
      --m_busy;
      start(easy);
    }
  }

  bool m_has_files;
  std::vector<Slot> m_slots;
  CURLM* m_multi;
  std::size_t m_busy = 0;
};

}  // namespace

int main(int count, char** words) {
  const std::string mode = count == 3 ? words[1] : "";
  if (mode != "null" && mode != "files") {
    std::cerr << "usage: fetch-floor null|files TRANSFERS <URLS\n";
    return 2;
  }
  try {
    std::ios::sync_with_stdio(false);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    Floor(mode == "files", std::stoul(words[2])).run();
  } catch (const std::exception& error) {
    std::cerr << "fetch-floor: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
