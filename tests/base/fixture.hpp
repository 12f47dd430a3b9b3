// What the tests of this room share.
#pragma once

#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <iterator>
#include <string>

#include "base/process.hpp"

namespace ukey::base_test {

/// A folder that goes when the test does.
class Folder {
 public:
  Folder() : path_(mkdtemp(name_.data())) {}
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;             // removed once
  Folder& operator=(const Folder&) = delete;  // same
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }
  /// How many files and folders lie in it.
  [[nodiscard]] long count() const {
    return std::distance(std::filesystem::directory_iterator{path_},
                         std::filesystem::directory_iterator{});
  }

 private:
  std::string name_ = (std::filesystem::temp_directory_path() / "ukey-test-XXXXXX").string();
  std::string path_;
};

inline base::Command shell(const std::string& script,
                           std::chrono::milliseconds limit = std::chrono::seconds{20}) {
  return {{"/bin/sh", "-c", script}, {}, limit};
}

}  // namespace ukey::base_test
