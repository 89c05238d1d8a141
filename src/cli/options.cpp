// SPDX-License-Identifier: MIT
#include "dbr/cli/options.hpp"

#include <algorithm>
#include <vector>

#include "option_tables.hpp"

namespace dbr::cli {
namespace {

std::string with_underscores(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '-', '_');
  return text;
}

}  // namespace

std::span<const Option> options() {
  static const std::vector<Option> s_options = [] {
    std::vector<Option> all;
    for (const auto part : {general_options(), metadata_options(), downscale_options(), release_options()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return s_options;
}

const Option* find_option(std::string_view name) {
  const auto found = std::ranges::find(options(), name, &Option::name);
  return found == options().end() ? nullptr : &*found;
}

const Option* find_option(char letter) {
  const auto found =
      std::ranges::find_if(options(), [&](const Option& each) { return each.letter != 0 && each.letter == letter; });
  return found == options().end() ? nullptr : &*found;
}

std::string environment_name(const Option& option) {
  std::string name = "DBR_" + with_underscores(option.name);
  for (char& c : name) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return name;
}

std::string file_key(const Option& option) {
  return with_underscores(option.name);
}

}  // namespace dbr::cli
