// SPDX-License-Identifier: MIT
// careful_writer ROOT STEP...: writes a file in ROOT (which exists) step by step, for the test of the power cut.
//   write:NAME:TEXT  sync:NAME  mkdir:NAME  rename:FROM:TO  link:FROM:TO  remove:NAME  overwrite:NAME:TEXT
//   truncate:NAME
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

namespace {

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream stream(text);
  for (std::string word; std::getline(stream, word, ':');) words.push_back(word);
  words.resize(3);
  return words;
}

bool write_to(const std::string& path, int flags, const std::string& text) {
  const int fd = ::open(path.c_str(), O_WRONLY | flags, 0644);
  const bool is_done = fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  return fd >= 0 && ::close(fd) == 0 && is_done;
}

bool sync_path(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY);
  return fd >= 0 && ::fsync(fd) == 0 && ::close(fd) == 0;
}

bool take(const std::string& root, const std::string& step) {
  const auto words = split(step);
  const std::string& what = words[0];
  const std::string path = root + "/" + words[1], other = root + "/" + words[2];
  if (what == "write") return write_to(path, O_CREAT | O_EXCL, words[2]);
  if (what == "overwrite") return write_to(path, 0, words[2]);
  if (what == "sync") return sync_path(path);
  if (what == "mkdir") return ::mkdir(path.c_str(), 0755) == 0;
  if (what == "rename") return ::rename(path.c_str(), other.c_str()) == 0;
  if (what == "link") return ::link(path.c_str(), other.c_str()) == 0;
  if (what == "remove") return ::unlink(path.c_str()) == 0;
  if (what == "truncate") return ::truncate(path.c_str(), 0) == 0;
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 2; i < argc; ++i) {
    if (take(argv[1], argv[i])) continue;
    std::perror(argv[i]);
    return 1;
  }
  return 0;
}
