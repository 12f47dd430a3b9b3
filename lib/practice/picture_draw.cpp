#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "practice/picture.hpp"

namespace ukey::practice {

namespace {

struct Point {
  double x, y;
};

/// Distance from `point` to the line between `from` and `to`, pixels.
double distance(Point point, Point from, Point to) {
  const double dx = to.x - from.x, dy = to.y - from.y;
  const double length = dx * dx + dy * dy;
  const double along =
      length > 0 ? ((point.x - from.x) * dx + (point.y - from.y) * dy) / length : 0;
  const double at = std::clamp(along, 0.0, 1.0);
  return std::hypot(point.x - from.x - at * dx, point.y - from.y - at * dy);
}

double distance(Point point, const std::vector<Point>& path) {
  double least = distance(point, path.back(), path.back());
  for (std::size_t i = 1; i < path.size(); ++i) {
    least = std::min(least, distance(point, path[i - 1], path[i]));
  }
  return least;
}

/// True when `point` lies within the closed path (even-odd rule).
bool within(Point point, const std::vector<Point>& path) {
  bool inside = false;
  for (std::size_t i = 1; i < path.size(); ++i) {
    const auto a = path[i - 1], b = path[i];
    if ((a.y > point.y) == (b.y > point.y)) continue;
    if (point.x < (b.x - a.x) * (point.y - a.y) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

/// Inks each pixel by how deep its middle lies in the shape: `depth` is positive inside, in pixels.
template <typename Depth>
Canvas drawn(unsigned width, unsigned height, const Depth& depth) {
  Canvas canvas{width, height, {}};
  canvas.ink.reserve(std::size_t{width} * height);
  for (unsigned y = 0; y < height; ++y) {
    for (unsigned x = 0; x < width; ++x) {
      const double inked = std::clamp(depth(Point{x + 0.5, y + 0.5}) + 0.5, 0.0, 1.0);
      canvas.ink.push_back(static_cast<std::uint8_t>(std::lround(inked * 255)));
    }
  }
  return canvas;
}

std::vector<Point> star(Point middle, double radius) {
  std::vector<Point> path;
  for (int i = 0; i <= 10; ++i) {
    const double reach = i % 2 == 0 ? radius : radius * 0.382;
    const double angle = i * std::numbers::pi / 5 - std::numbers::pi / 2;
    path.push_back({middle.x + reach * std::cos(angle), middle.y + reach * std::sin(angle)});
  }
  return path;
}

}  // namespace

Canvas round_seal(unsigned size) {
  const double half = size / 2.0, thick = size * 0.03;
  const auto path = star({half, half}, size * 0.16);
  return drawn(size, size, [&](Point at) {
    const double ring = thick / 2 - std::abs(std::hypot(at.x - half, at.y - half) - size * 0.46);
    const double edge = distance(at, path);
    return std::max(ring, within(at, path) ? edge : -edge);
  });
}

Canvas square_seal(unsigned size) {
  const double thick = size * 0.035;
  const auto at_part = [size](double x, double y) { return Point{x * size, y * size}; };
  const std::vector<std::vector<Point>> strokes = {
      {at_part(.05, .05), at_part(.95, .05), at_part(.95, .95), at_part(.05, .95),
       at_part(.05, .05)},
      {at_part(.18, .25), at_part(.82, .25)},
      {at_part(.18, .50), at_part(.82, .50)},
      {at_part(.18, .75), at_part(.82, .75)},
      {at_part(.34, .16), at_part(.34, .84)},
      {at_part(.66, .16), at_part(.66, .84)}};
  return drawn(size, size, [&](Point at) {
    double deepest = -1;
    for (const auto& stroke : strokes) deepest = std::max(deepest, thick - distance(at, stroke));
    return deepest;
  });
}

Canvas pen_stroke(unsigned width, unsigned height) {
  std::vector<Point> path;
  constexpr int kSteps = 160;
  for (int i = 0; i <= kSteps; ++i) {
    const double t = static_cast<double>(i) / kSteps;
    const double wave = std::sin(t * 6 * std::numbers::pi) * (1 - t * 0.7);
    const double loop = 0.05 * std::sin(t * 12 * std::numbers::pi);
    path.push_back({width * (0.08 + 0.84 * t + loop), height * (0.5 - 0.36 * wave + 0.1 * t)});
  }
  return drawn(width, height, [&](Point at) { return height * 0.02 - distance(at, path); });
}

}  // namespace ukey::practice
