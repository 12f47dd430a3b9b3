// A directory that lives as long as a test case, with profile files in it.
#pragma once

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>

namespace ukey::profile::test {

/// The whole file; "" when it is not there.
inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

class Scratch {
 public:
  Scratch() {
    static std::atomic<unsigned> number{0};
    root_ = std::filesystem::temp_directory_path() /
            ("ukey-profile-" + std::to_string(getpid()) + "-" + std::to_string(++number));
    std::filesystem::create_directories(root_);
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  Scratch(const Scratch&) = delete;  // two owners would remove it twice
  Scratch& operator=(const Scratch&) = delete;

  [[nodiscard]] std::string path(const std::string& name = "") const {
    return (name.empty() ? root_ : root_ / name).string();
  }

  /// Writes `text` to `name` ("tokens/x.toml") and returns its path.
  std::string put(const std::string& name, const std::string& text) const {
    const auto file = root_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file.string();
  }

 private:
  std::filesystem::path root_;
};

/// `text` with the first `from` replaced by `to`; `text` must hold it.
inline std::string changed(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::out_of_range("nothing to change: " + from);
  return text.replace(at, from.size(), to);
}

inline const std::string kShipped = UKEY_SOURCE_DIR "/pkcs11-profiles";

}  // namespace ukey::profile::test
