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

void write_file(const std::string& path, ByteView contents, Readers readers) {
  PendingFile file{path, readers};
  file.write(contents);
  file.commit();
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
