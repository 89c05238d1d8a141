// SPDX-License-Identifier: MIT
// Optimises files in place by dbr's own function, one after the other: what tools/bench/optimize compares with
// jpegoptim. One line a file on stdout: its result, bytes before and after, path.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "dbr/image/optimize.hpp"

namespace {

// Into a new file that takes the name, as fetch-images and jpegoptim do.
bool replace(const std::string& path, const std::string& bytes) {
  const std::string part = path + ".part";
  std::ofstream out(part, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  return out && std::rename(part.c_str(), path.c_str()) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string path = argv[i];
    std::string bytes(std::filesystem::file_size(path), '\0');
    std::ifstream(path, std::ios::binary).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    const auto optimized = dbr::image::optimize_jpeg(bytes);
    const bool is_smaller = optimized.result == dbr::image::OptimizeResult::smaller;
    if (is_smaller && !replace(path, optimized.jpeg)) return 1;
    const std::string name(to_string(optimized.result));
    std::printf("%s %zu %zu %s\n", name.c_str(), bytes.size(), is_smaller ? optimized.jpeg.size() : bytes.size(),
                path.c_str());
  }
}
