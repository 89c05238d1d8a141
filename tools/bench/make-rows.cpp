// SPDX-License-Identifier: MIT
// make-rows: posts of a generated site as JSON Lines, in the shapes in which dumps of the real one circulate.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <string>

#include "rows.hpp"

namespace {

using namespace dbr::bench;

enum class Shape { y2017, y2021, api, pools, tags };

struct Options {
  std::uint32_t rows = 1000;
  std::uint64_t seed = 1;
  Shape shape = Shape::y2017;
  std::uint32_t first_id = 1;
};

Moment end_of(Shape shape) {
  if (shape == Shape::y2017) return moment_of(2018, 1, 1);
  return shape == Shape::y2021 ? moment_of(2022, 1, 1) : moment_of(2026, 1, 1);
}

bool write_posts(Out& out, PostDraw& posts, const Options& options) {
  const auto write = options.shape == Shape::y2017   ? write_2017
                     : options.shape == Shape::y2021 ? write_2021
                                                     : write_api;
  Post post;
  for (std::uint32_t row = 0; row < options.rows; ++row) {
    posts.draw(row, post);
    write(out, post, posts.vocabulary());
    if (!out.end_row()) return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app("Posts of a generated site as JSON Lines on standard output");
  Options options;
  app.add_option("--rows", options.rows, "Number of posts")->check(CLI::Range(1, 40'000'000));
  app.add_option("--seed", options.seed, "Equal seeds make equal rows");
  app.add_option("--shape", options.shape, "2017, 2021, api, or the tables that go with the posts: pools, tags")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Shape>{{"2017", Shape::y2017},
                                                                       {"2021", Shape::y2021},
                                                                       {"api", Shape::api},
                                                                       {"pools", Shape::pools},
                                                                       {"tags", Shape::tags}}));
  app.add_option("--first-id", options.first_id, "ID near which to start")->check(CLI::Range(1, 1'000'000'000));
  CLI11_PARSE(app, argc, argv);

  PostDraw posts(options.seed, options.first_id, options.rows, end_of(options.shape));
  Out out;
  const bool is_written = (options.shape == Shape::pools  ? write_pools(out, posts, options.rows)
                           : options.shape == Shape::tags ? write_tags(out, posts, options.rows)
                                                          : write_posts(out, posts, options)) &&
                          out.flush();
  if (!is_written) std::perror("make-rows: standard output");
  return is_written ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "make-rows: %s\n", error.what());
  return 1;
}
