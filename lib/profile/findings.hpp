// What is wrong in one profile file, as lines and keys. It refuses to say why in words: report/
// does that.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace ukey::profile {

/// A place in a file: the line, from 1, and the path of a key ("seals.labels.unit[0]").
struct Place {
  unsigned line = 0;
  std::string key;
};

/// A value with the place where it stands, for checks across files.
struct Mark {
  std::string what;
  Place place;
};

/// Collects while a file is read, so that one run shows everything.
class Findings {
 public:
  explicit Findings(std::string file) : file_(std::move(file)) {}

  [[nodiscard]] const std::string& file() const { return file_; }

  void add(Place place) { places_.push_back(std::move(place)); }
  /// Something that must stand in one file of its kind only (a match, a pattern, a digest).
  void claim(std::string what, Place place) {
    claims_.push_back({std::move(what), std::move(place)});
  }
  /// The id of a CA that a file of cas/ should have.
  void refer(std::string ca, Place place) {
    referred_.push_back({std::move(ca), std::move(place)});
  }

  [[nodiscard]] const std::vector<Mark>& claims() const { return claims_; }
  [[nodiscard]] const std::vector<Mark>& referred() const { return referred_; }

  /// Error bad_profile with subject "FILE:LINE: KEY" for each finding, by line.
  [[nodiscard]] std::vector<base::Error> errors() const;
  /// Throws the first of `errors()`, if there is one.
  void throw_first() const;

 private:
  std::string file_;
  std::vector<Place> places_;
  std::vector<Mark> claims_, referred_;
};

/// Error bad_profile whose subject is "FILE:LINE: KEY", or "FILE:LINE" when the key is "".
[[nodiscard]] base::Error bad_profile(const std::string& file, const Place& place);

}  // namespace ukey::profile
