#include "base/pending_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
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

mode_t mode_for(Readers readers) {
  if (readers == Readers::owner) return 0600;
  const mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
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
  file_ = Descriptor{open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)};
  if (file_.number() >= 0) return true;
  temporary_ = folder + "/.ukey-XXXXXX";
  file_ = Descriptor{mkostemp(temporary_.data(), O_CLOEXEC)};
  if (file_.number() < 0) temporary_.clear();
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
  if (fchmod(file_.number(), mode_for(readers_)) != 0 || fsync(file_.number()) != 0) fail();
  if (temporary_.empty()) {
    const auto self = "/proc/self/fd/" + std::to_string(file_.number());
    auto name = folder_of(path_) + "/.ukey-" + std::to_string(getpid());
    unlink(name.c_str());  // of a process that died in between
    if (linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0) fail();
    temporary_ = std::move(name);
  }
  if (rename(temporary_.c_str(), path_.c_str()) != 0) fail();
  temporary_.clear();
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
