#include "envelope/stream.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include "base/descriptor.hpp"
#include "base/error.hpp"

namespace ukey::envelope {

Stream::Stream(Pull pull, Leap leap) : pull_(std::move(pull)), leap_(std::move(leap)) {}

/// Pulls once into the window, behind what is in it; false at the end.
bool Stream::fill() {
  if (from_ > 0) {
    window_.erase(window_.begin(), window_.begin() + static_cast<std::ptrdiff_t>(from_));
    from_ = 0;
  }
  const std::size_t old = window_.size();
  window_.resize(kWindow);
  std::size_t got = 0;
  if (old < kWindow) got = pull_(std::span{window_}.subspan(old));
  window_.resize(old + got);
  return got > 0;
}

base::ByteView Stream::peek(std::size_t wanted) {
  wanted = std::min(wanted, kWindow);
  while (window_.size() - from_ < wanted && fill()) {
  }
  return base::ByteView{window_}.subspan(from_, std::min(wanted, window_.size() - from_));
}

std::size_t Stream::read(std::span<std::uint8_t> room) {
  if (room.empty() || (from_ == window_.size() && !fill())) return 0;
  const std::size_t count = std::min(room.size(), window_.size() - from_);
  std::copy_n(window_.begin() + static_cast<std::ptrdiff_t>(from_), count, room.begin());
  from_ += count;
  position_ += count;
  return count;
}

void Stream::take(std::span<std::uint8_t> room) {
  while (!room.empty()) {
    const std::size_t got = read(room);
    if (got == 0) throw base::Error{base::Code::bad_input};
    room = room.subspan(got);
  }
}

void Stream::skip(std::uint64_t octets) {
  const auto seen = std::min<std::uint64_t>(octets, window_.size() - from_);
  from_ += static_cast<std::size_t>(seen);
  position_ += seen;
  octets -= seen;
  if (octets > 0 && leap_) {
    if (!leap_(octets)) throw base::Error{base::Code::bad_input};
    position_ += octets;
    octets = 0;
  }
  while (octets > 0) {
    if (from_ == window_.size() && !fill()) throw base::Error{base::Code::bad_input};
    const auto count = std::min<std::uint64_t>(octets, window_.size() - from_);
    from_ += static_cast<std::size_t>(count);
    position_ += count;
    octets -= count;
  }
}

Stream open_file(const std::string& path) {
  // A pipe would wait for a writer, and could not be read twice.
  const auto file =
      std::make_shared<base::Descriptor>(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat facts {};
  if (file->number() < 0 || fstat(file->number(), &facts) != 0 || !S_ISREG(facts.st_mode))
    throw base::Error{base::Code::file_io, path};
  const auto pull = [file, path](std::span<std::uint8_t> room) -> std::size_t {
    for (;;) {
      const ssize_t got = ::read(file->number(), room.data(), room.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) throw base::Error{base::Code::file_io, path};
    }
  };
  const auto leap = [file, path](std::uint64_t octets) {
    struct stat now {};
    const off_t at = lseek(file->number(), 0, SEEK_CUR);
    if (at < 0 || fstat(file->number(), &now) != 0) throw base::Error{base::Code::file_io, path};
    if (at > now.st_size || octets > static_cast<std::uint64_t>(now.st_size - at)) return false;
    return lseek(file->number(), static_cast<off_t>(octets), SEEK_CUR) >= 0;
  };
  return Stream{pull, leap};
}

}  // namespace ukey::envelope
