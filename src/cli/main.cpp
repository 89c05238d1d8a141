// SPDX-License-Identifier: MIT
// The real world, handed to run_app.
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <vector>

#include "dbr/cli/app.hpp"

namespace {

// A descriptor that the caller closed would be given to the next file opened, say a manifest, and what is meant for
// the terminal would go there. It is taken here by something that refuses, so that writing fails as it should.
void occupy_standard_descriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) == -1 && ::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd) std::abort();
  }
}

std::size_t stderr_width() {
  struct winsize size = {};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

std::optional<std::string> variable(const std::string& name) {
  const char* text = std::getenv(name.c_str());
  return text == nullptr ? std::nullopt : std::optional<std::string>(text);
}

}  // namespace

int main(int argc, char** argv) {
  occupy_standard_descriptors();
  const std::vector<std::string_view> args(argv + (argc > 0 ? 1 : 0), argv + argc);
  dbr::cli::Environment env{variable,    std::cout, std::cerr, dbr::stages::commands(), ::isatty(STDERR_FILENO) == 1,
                            stderr_width};
  return dbr::cli::run_app(args, env);
}
