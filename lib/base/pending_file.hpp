// A file of any size that gets its name only when all of it is right. Until then nobody sees it,
// and when it is given up nothing of it is left.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "base/descriptor.hpp"

namespace ukey::base {

/// Who may read the file once it has its name: its owner, or all whom the umask allows.
enum class Readers { owner, all };

class PendingFile {
 public:
  /// A file without a name beside `path` (where the file system has none such: one with a temporary
  /// name). When `path` is a device or pipe, or "": in the folder for temporary
  /// files. Throws Error file_io (subject: path).
  PendingFile(std::string path, Readers readers);
  ~PendingFile();
  PendingFile(const PendingFile&) = delete;             // it gets its name once
  PendingFile& operator=(const PendingFile&) = delete;  // same

  /// Throws Error file_io, here and below.
  void write(ByteView octets);
  /// Octets written so far.
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// On disk and under its name, and the name on disk too, in place of a file of that name, through
  /// symbolic links; what is a device or pipe gets the octets instead.
  void commit();
  /// All octets into what is open on `descriptor`.
  void copy_to(int descriptor);

 private:
  [[nodiscard]] bool open_beside(const std::string& folder);
  [[noreturn]] void fail() const;

  std::string path_;
  Readers readers_;
  bool through_ = false;   // the target is not to be replaced
  std::string temporary_;  // "": it has no name
  Descriptor file_;
  std::uint64_t size_ = 0;
};

}  // namespace ukey::base
