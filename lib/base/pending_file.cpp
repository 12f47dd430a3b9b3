#include "base/pending_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <random>
#include <system_error>
#include <utility>

#include "base/error.hpp"

namespace ukey::base {

namespace {

constexpr std::size_t kPiece = 64 * 1024;

bool write_all(int descriptor, ByteView octets) {
  while (!octets.empty()) {
    const ssize_t done = ::write(descriptor, octets.data(), octets.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    octets = octets.subspan(static_cast<std::size_t>(done));
  }
  return true;
}

std::string folder_of(const std::string& path) {
  const auto folder = std::filesystem::path{path}.parent_path().string();
  return folder.empty() ? "." : folder;
}

/// What `open` makes the file with: the system takes the umask away from it, so that nobody has to
/// ask for the umask, which would change it for other threads.
mode_t mode_for(Readers readers) { return readers == Readers::owner ? 0600 : 0666; }

/// Does `make` with names that nothing has yet, in the folder, until one is its; "" when it fails.
template <class Make>
std::string with_new_name(const std::string& folder, Make make) {
  constexpr int kTries = 100;
  std::random_device random;
  for (int tried = 0; tried < kTries; ++tried) {
    auto name = fmt::format("{}/.ukey-{:08x}", folder, random());
    if (make(name)) return name;
    if (errno != EEXIST) break;
  }
  return {};
}

/// Makes the name of a file survive a power cut as well; a file system that cannot is let off.
bool settle_name(const std::string& path) {
  const Descriptor folder{open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  return folder.number() < 0 || fsync(folder.number()) == 0 || errno == EINVAL;
}

}  // namespace

PendingFile::PendingFile(std::string path, Readers readers)
    : path_(std::move(path)), readers_(readers) {
  std::error_code failed;
  if (const auto real = std::filesystem::canonical(path_, failed); !failed) path_ = real.string();
  struct stat facts {};
  const bool there = stat(path_.c_str(), &facts) == 0;
  if (there && S_ISDIR(facts.st_mode)) fail();
  through_ = path_.empty() || (there && !S_ISREG(facts.st_mode));
  const auto folder =
      through_ ? std::filesystem::temp_directory_path(failed).string() : folder_of(path_);
  if (!open_beside(folder)) fail();
}

PendingFile::~PendingFile() {
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

/// A file that never had a name cannot be left behind, whatever ends the program.
bool PendingFile::open_beside(const std::string& folder) {
  const mode_t mode = mode_for(readers_);
  file_ = Descriptor{open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, mode)};
  if (file_.number() >= 0) return true;
  temporary_ = with_new_name(folder, [&](const std::string& name) {
    file_ = Descriptor{open(name.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, mode)};
    return file_.number() >= 0;
  });
  return file_.number() >= 0;
}

void PendingFile::fail() const { throw Error{Code::file_io, path_}; }

void PendingFile::write(ByteView octets) {
  if (!write_all(file_.number(), octets)) fail();
  size_ += octets.size();
}

void PendingFile::commit() {
  if (through_) {
    const Descriptor target{open(path_.c_str(), O_WRONLY | O_CLOEXEC)};
    if (target.number() < 0) fail();
    return copy_to(target.number());
  }
  if (fsync(file_.number()) != 0) fail();
  if (temporary_.empty()) {
    const auto self = "/proc/self/fd/" + std::to_string(file_.number());
    temporary_ = with_new_name(folder_of(path_), [&self](const std::string& name) {
      return linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
    });
    if (temporary_.empty()) fail();
  }
  if (rename(temporary_.c_str(), path_.c_str()) != 0) fail();
  temporary_.clear();
  if (!settle_name(path_)) fail();
}

void PendingFile::copy_to(int descriptor) {
  Bytes piece(kPiece);
  off_t at = 0;
  for (;;) {
    const ssize_t got = pread(file_.number(), piece.data(), piece.size(), at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail();
    if (got == 0) return;
    if (!write_all(descriptor, ByteView{piece}.first(static_cast<std::size_t>(got)))) fail();
    at += got;
  }
}

}  // namespace ukey::base
