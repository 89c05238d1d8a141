// SPDX-License-Identifier: MIT
// A version 2 matrix profile, written by hand so that no clock gets into it, and the colours under it. All matrices
// are relative to D50, as in ICC profiles.
#include <array>
#include <cmath>

#include "pictures_bytes.hpp"
#include "pictures_encode.hpp"

namespace dbr::sim {
namespace {

using Vector = std::array<double, 3>;
using Matrix = std::array<Vector, 3>;  ///< rows X, Y, Z; columns red, green, blue

constexpr Matrix k_srgb{Vector{0.43607, 0.38515, 0.14307}, Vector{0.22249, 0.71687, 0.06061},
                        Vector{0.01392, 0.09708, 0.71410}};
constexpr Matrix k_wide{Vector{0.60974, 0.20528, 0.14919}, Vector{0.31111, 0.62567, 0.06322},
                        Vector{0.01947, 0.06087, 0.74457}};
constexpr Vector k_white{0.9642, 1.0, 0.8249};
constexpr double k_wide_gamma = 563 / 256.0;

Matrix inverse(const Matrix& m) {
  Matrix out{};
  double determinant = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      // Cyclic indices give the cofactor its sign.
      const auto cell = [&](std::size_t r, std::size_t c) { return m[(i + r) % 3][(j + c) % 3]; };
      out[j][i] = cell(1, 1) * cell(2, 2) - cell(1, 2) * cell(2, 1);
    }
    determinant += i == 0 ? m[0][0] * out[0][0] + m[0][1] * out[1][0] + m[0][2] * out[2][0] : 0;
  }
  for (Vector& row : out) {
    for (double& value : row) {
      value /= determinant;
    }
  }
  return out;
}

Matrix product(const Matrix& a, const Matrix& b) {
  Matrix out{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      out[i][j] = a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j];
    }
  }
  return out;
}

constexpr int k_steps = 4096;

struct Tables {
  Matrix matrix = product(inverse(k_wide), k_srgb);
  std::array<double, 256> to_linear{};
  std::array<std::uint8_t, k_steps + 1> from_linear{};

  Tables() {
    for (std::size_t i = 0; i < to_linear.size(); ++i) {
      const double v = static_cast<double>(i) / 255;
      to_linear[i] = v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    }
    for (std::size_t i = 0; i < from_linear.size(); ++i) {
      const double v = static_cast<double>(i) / k_steps;
      from_linear[i] = static_cast<std::uint8_t>(std::lround(255 * std::pow(v, 1 / k_wide_gamma)));
    }
  }
};

void put_fixed(std::string& out, double value) {
  put_be<4>(out, static_cast<std::uint32_t>(std::lround(value * 65536)));
}

std::string xyz_tag(double x, double y, double z) {
  std::string out("XYZ \0\0\0\0", 8);
  put_fixed(out, x);
  put_fixed(out, y);
  put_fixed(out, z);
  return out;
}

std::string description_tag(std::string_view text) {
  std::string out("desc\0\0\0\0", 8);
  put_be<4>(out, text.size() + 1);
  out += text;
  out.append(1 + 4 + 4 + 2 + 1 + 67, '\0');  // the end of the text, no Unicode, no Macintosh name
  return out;
}

std::string gamma_tag() {
  std::string out("curv\0\0\0\0", 8);
  put_be<4>(out, 1);
  put_be<2>(out, 563);
  return out;
}

std::string header(std::size_t size) {
  std::string out;
  put_be<4>(out, size);
  out.append(4, '\0');
  put_be<4>(out, 0x02100000);
  out += "mntrRGB XYZ ";
  for (const int part : {2017, 1, 1, 0, 0, 0}) {
    put_be<2>(out, part);
  }
  out += "acsp";
  out.append(28, '\0');
  put_fixed(out, k_white[0]);
  put_fixed(out, k_white[1]);
  put_fixed(out, k_white[2]);
  out.append(128 - out.size(), '\0');
  return out;
}

std::string build_profile() {
  struct Tag {
    std::string_view name;
    std::string data;
  };
  const auto column = [](std::size_t c) { return xyz_tag(k_wide[0][c], k_wide[1][c], k_wide[2][c]); };
  const std::array tags{Tag{"desc", description_tag("dbr test wide gamut")},
                        Tag{"cprt", std::string("text\0\0\0\0CC0\0", 12)},
                        Tag{"wtpt", xyz_tag(k_white[0], k_white[1], k_white[2])},
                        Tag{"rXYZ", column(0)},
                        Tag{"gXYZ", column(1)},
                        Tag{"bXYZ", column(2)},
                        Tag{"rTRC", gamma_tag()},
                        Tag{"gTRC", gamma_tag()},
                        Tag{"bTRC", gamma_tag()}};
  constexpr std::size_t k_header = 128;
  std::string table;
  std::string data;
  put_be<4>(table, tags.size());
  for (const Tag& tag : tags) {
    table += tag.name;
    put_be<4>(table, k_header + 4 + 12 * tags.size() + data.size());
    put_be<4>(table, tag.data.size());
    data += tag.data;
    data.append((4 - data.size() % 4) % 4, '\0');
  }
  return header(k_header + table.size() + data.size()) + table + data;
}

}  // namespace

std::string wide_profile() {
  static const std::string profile = build_profile();
  return profile;
}

void to_wide(Canvas& canvas) {
  static const Tables tables;
  for (Rgb& pixel : canvas.pixels) {
    const Vector linear{tables.to_linear[pixel.r], tables.to_linear[pixel.g], tables.to_linear[pixel.b]};
    const auto channel = [&](std::size_t i) {
      const Vector& row = tables.matrix[i];
      const double value = row[0] * linear[0] + row[1] * linear[1] + row[2] * linear[2];
      return tables.from_linear[static_cast<std::size_t>(std::clamp(value, 0.0, 1.0) * k_steps + 0.5)];
    };
    pixel = {channel(0), channel(1), channel(2)};
  }
}

}  // namespace dbr::sim
