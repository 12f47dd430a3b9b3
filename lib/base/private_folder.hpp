// A folder for files that another program reads and nobody else may. It refuses to outlive this
// process, as far as that can be helped.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace ukey::base {

/// A new folder below TMPDIR, or /tmp, that only its owner may enter; gone with what is in it when
/// this dies.
class PrivateFolder {
 public:
  /// Throws Error file_io (subject: its name).
  PrivateFolder();
  ~PrivateFolder();
  PrivateFolder(const PrivateFolder&) = delete;             // removed once
  PrivateFolder& operator=(const PrivateFolder&) = delete;  // same

  /// Writes a file with mode 0600 and returns its path. Throws Error file_io (subject: that).
  [[nodiscard]] std::string put(std::string_view name, std::string_view contents) const;

 private:
  std::filesystem::path path_;
};

/// Removes all that there are now, for a process that is about to leave without a destructor; from
/// now on making one, writing into one and removing one never return.
void remove_private_folders();

}  // namespace ukey::base
