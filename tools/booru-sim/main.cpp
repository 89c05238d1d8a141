// SPDX-License-Identifier: MIT
// booru-sim: a Danbooru-style site on a loopback port, for tests and for trying dbr out.
#include <pthread.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <thread>

#include "dbr/base/atomic_file.hpp"
#include "server.hpp"

namespace {

using dbr::sim::Era;

void add_options(CLI::App& app, dbr::sim::Options& options) {
  app.add_option("--port", options.port, "Port on 127.0.0.1; 0 is any free one");
  app.add_option("--port-file", options.port_file, "Where to write the port when ready");
  app.add_option("--posts", options.posts, "Number of posts")->check(CLI::Range(1, 20'000'000));
  app.add_option("--seed", options.seed, "Equal seeds and sizes make equal sites");
  app.add_option("--images", options.images, "Serve the pictures of this folder")->check(CLI::ExistingDirectory);
  app.add_flag("--metadata-only", options.metadata_only, "No files: starts at once, whatever --posts");
  app.add_option("--fault", options.faults,
                 "KIND:RATE[:key=value...], see fault_rule.hpp; short_page:1:drop=any for pages with holes")
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--log", options.log, "Append every request to this file, as JSON Lines");
  app.add_option("--era", options.era, "Whose fields the posts have")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, Era>{{"now", Era::now}, {"2018", Era::y2018}, {"2021", Era::y2021}}));
  app.add_option("--tps-limit", options.tps_limit, "429 above so many API requests a second; 0 is no limit");
  app.add_flag("--strict-agents,!--no-strict-agents", options.strict_agents,
               "Refuse stock and browser agents (default)");
  app.add_flag("--gzip", options.gzip, "Compress for clients that accept it");
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app("A Danbooru-style site on a loopback port");
  dbr::sim::Options options;
  add_options(app, options);
  CLI11_PARSE(app, argc, argv);

  // Blocked before any thread starts; one thread waits for them.
  sigset_t endings;
  sigemptyset(&endings);
  sigaddset(&endings, SIGINT);
  sigaddset(&endings, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &endings, nullptr);

  dbr::sim::Site site(options);
  dbr::sim::Server server(site, options.port, options.gzip);
  std::jthread waiter([&] {
    int signal = 0;
    sigwait(&endings, &signal);
    server.stop();
  });
  // The socket listens already: who connects now is served as soon as run() accepts.
  std::cout << "listening on http://127.0.0.1:" << server.port() << std::endl;
  if (!options.port_file.empty()) {
    const auto written = dbr::write_file_atomically(options.port_file, std::to_string(server.port()) + "\n");
    if (!written) throw std::runtime_error(written.error().message);
  }
  server.run();
  return 0;
} catch (const std::exception& error) {
  std::cerr << "booru-sim: " << error.what() << '\n';
  return 1;
}
