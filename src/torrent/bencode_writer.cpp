// SPDX-License-Identifier: MIT
// The streaming bencode writer (BEP 3). Misuse would make a document that clients refuse, so it throws: it is a bug.
#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <utility>

#include "dbr/torrent/bencode.hpp"

namespace dbr::torrent {

namespace {

// What m_last_key holds for each open container: the first byte tells the state, the rest is the last key.
constexpr std::string_view k_list = "\xff";
constexpr char k_key_given = 'k';    // its value is due
constexpr char k_value_given = 'v';  // a key or the end is due

[[noreturn]] void misuse(std::string_view what) {
  throw std::logic_error(fmt::format("BencodeWriter: {}", what));
}

/// Every value, containers too, passes here first: in a dictionary it must follow a key.
void admit_value(std::vector<std::string>& open, std::size_t raw_left) {
  if (raw_left != 0) misuse("a string is not complete");
  if (open.empty() || open.back() == k_list) return;
  if (open.back().empty() || open.back().front() != k_key_given) misuse("a value in a dictionary needs a key");
  open.back().front() = k_value_given;
}

}  // namespace

BencodeWriter::BencodeWriter(std::function<void(std::string_view)> out) : m_out(std::move(out)) {}

void BencodeWriter::integer(std::int64_t value) {
  admit_value(m_last_key, m_raw_left);
  m_out(fmt::format("i{}e", value));
}

void BencodeWriter::string(std::string_view value) {
  begin_string(value.size());
  raw(value);
}

void BencodeWriter::begin_string(std::size_t length) {
  admit_value(m_last_key, m_raw_left);
  m_out(fmt::format("{}:", length));
  m_raw_left = length;
}

void BencodeWriter::raw(std::string_view bytes) {
  if (bytes.size() > m_raw_left) misuse("more bytes than the string's announced length");
  m_raw_left -= bytes.size();
  if (!bytes.empty()) m_out(bytes);
}

void BencodeWriter::begin_list() {
  admit_value(m_last_key, m_raw_left);
  m_last_key.emplace_back(k_list);
  m_out("l");
}

void BencodeWriter::begin_dict() {
  admit_value(m_last_key, m_raw_left);
  m_last_key.emplace_back();
  m_out("d");
}

void BencodeWriter::key(std::string_view name) {
  if (m_raw_left != 0) misuse("a string is not complete");
  if (m_last_key.empty() || m_last_key.back() == k_list) misuse("a key outside a dictionary");
  std::string& last = m_last_key.back();
  if (!last.empty()) {
    if (last.front() == k_key_given) misuse("two keys in a row");
    // string_view compares as unsigned char: the raw byte order that BEP 3 asks for.
    if (name <= std::string_view(last).substr(1)) misuse(fmt::format("key '{}' is out of order", name));
  }
  last.assign(1, k_key_given).append(name);
  m_out(fmt::format("{}:{}", name.size(), name));
}

void BencodeWriter::end() {
  if (m_raw_left != 0) misuse("a string is not complete");
  if (m_last_key.empty()) misuse("nothing is open");
  if (m_last_key.back().starts_with(k_key_given)) misuse("a key without a value");
  m_last_key.pop_back();
  m_out("e");
}

}  // namespace dbr::torrent
