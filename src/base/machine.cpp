// SPDX-License-Identifier: MIT
#include "dbr/base/machine.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "dbr/base/file.hpp"

namespace dbr {

ByteCount machine_memory() {
  const ByteCount physical = ByteCount{::sysconf(_SC_PHYS_PAGES)} * ::sysconf(_SC_PAGESIZE);
  ByteCount allowed = physical;
  if (const auto text = read_file("/sys/fs/cgroup/memory.max", 64)) {
    // "max" where there is no limit: then nothing is read.
    std::from_chars(text->data(), text->data() + text->size(), allowed);
  }
  return std::min(physical, allowed);
}

}  // namespace dbr
