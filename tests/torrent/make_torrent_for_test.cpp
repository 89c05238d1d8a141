// SPDX-License-Identifier: MIT
// make_torrent_for_test FOLDER NAME LIST PIECE_LENGTH THREADS OUT: a .torrent of FOLDER named NAME, of the files in
// LIST (one "SIZE PATH" a line, in that order). Prints the infohash as written and as parsed again.
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "dbr/base/file.hpp"
#include "dbr/torrent/metainfo.hpp"

namespace {

using dbr::Result;

Result<std::string> make(const std::vector<std::string>& args) {
  std::ifstream list(args[2]);
  std::vector<dbr::torrent::File> files;
  dbr::torrent::File file;
  while (list >> file.size && list.get() == ' ' && std::getline(list, file.path)) files.push_back(file);

  dbr::torrent::Options options;
  options.name = args[1];
  options.piece_length = std::stoll(args[3]);
  options.trackers = {{"http://127.0.0.1:9/announce", "http://127.0.0.1:9/second"}, {"udp://127.0.0.1:9"}};
  options.web_seeds = {"http://127.0.0.1:9/files/"};
  options.comment = "oracle \xe2\x9c\x93";
  options.created_by = "dbr test";
  const dbr::StopSource stop;
  DBR_TRY(const std::string pieces,
          dbr::torrent::hash_pieces(files, args[0], options.piece_length, std::stoul(args[4]), stop.token()));
  DBR_TRY(const std::string written,
          dbr::torrent::write_metainfo(args[5], options, dbr::torrent::walk_of(files), pieces));
  DBR_TRY(const std::string document, dbr::read_file(args[5]));
  DBR_TRY(const dbr::torrent::Metainfo parsed, dbr::torrent::parse_metainfo(document));
  return written + "\n" + parsed.infohash + "\n";
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  if (args.size() != 6) return 2;
  const auto made = make(args);
  if (!made) {
    std::fprintf(stderr, "%s\n", made.error().message.c_str());
    return 1;
  }
  std::fputs(made->c_str(), stdout);
  return 0;
}
