#include "base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "base/descriptor.hpp"
#include "base/error.hpp"

namespace ukey::base {

namespace {

bool write_all(int descriptor, ByteView contents) {
  while (!contents.empty()) {
    const ssize_t done = write(descriptor, contents.data(), contents.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    contents = contents.subspan(static_cast<std::size_t>(done));
  }
  return true;
}

/// "16 MiB", or octets where it is not a whole number of them.
std::string limit_text(std::size_t most) {
  constexpr std::size_t kMiB = std::size_t{1} << 20;
  return most % kMiB == 0 ? std::to_string(most / kMiB) + " MiB" : std::to_string(most) + " B";
}

}  // namespace

Bytes read_file(const std::string& path, std::size_t most) {
  const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat facts {};
  if (file.number() < 0 || fstat(file.number(), &facts) != 0 ||
      (!S_ISREG(facts.st_mode) && !S_ISFIFO(facts.st_mode)))
    throw Error{Code::file_io, path};
  Bytes out;
  Bytes piece(64 * 1024);
  for (;;) {
    const ssize_t got = read(file.number(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error{Code::file_io, path};
    if (got == 0) return out;
    if (out.size() + static_cast<std::size_t>(got) > most)
      throw Error{Code::bad_input, path + " (" + limit_text(most) + ")"}.because(Cause::large_file);
    out.insert(out.end(), piece.begin(), piece.begin() + got);
  }
}

namespace {

/// Into what is there already and is no regular file (a device, a pipe): it must not be replaced.
void write_through(const std::string& path, ByteView contents) {
  const Descriptor file{open(path.c_str(), O_WRONLY | O_CLOEXEC)};
  if (file.number() < 0 || !write_all(file.number(), contents)) throw Error{Code::file_io, path};
}

/// Where a symbolic link leads, so that the file is replaced and the link stays.
std::string followed(const std::string& path) {
  std::error_code failed;
  const auto real = std::filesystem::canonical(path, failed);
  return failed ? path : real.string();
}

/// Makes the file's new name survive a power cut as well.
bool settle_name(const std::string& path) {
  const auto folder = std::filesystem::path{path}.parent_path();
  const Descriptor open_folder{
      open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  return open_folder.number() < 0 || fsync(open_folder.number()) == 0 || errno == EINVAL;
}

}  // namespace

void write_file(const std::string& name, ByteView contents) {
  const std::string path = followed(name);
  struct stat facts {};
  if (stat(path.c_str(), &facts) == 0 && !S_ISREG(facts.st_mode))
    return write_through(path, contents);
  std::string temporary = path + ".XXXXXX";
  const Descriptor file{mkostemp(temporary.data(), O_CLOEXEC)};
  if (file.number() < 0) throw Error{Code::file_io, path};
  const mode_t mask = umask(0);
  umask(mask);
  const bool written = write_all(file.number(), contents) &&
                       fchmod(file.number(), 0666 & ~mask) == 0 && fsync(file.number()) == 0 &&
                       rename(temporary.c_str(), path.c_str()) == 0 && settle_name(path);
  if (!written) {
    unlink(temporary.c_str());
    throw Error{Code::file_io, path};
  }
}

void make_private_folder(const std::string& path) {
  std::filesystem::path made;
  for (const auto& part : std::filesystem::path{path}) {
    made /= part;
    struct stat facts {};
    if (mkdir(made.c_str(), S_IRWXU) == 0) continue;
    if (stat(made.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode))
      throw Error{Code::file_io, made.string()};
  }
}

}  // namespace ukey::base
