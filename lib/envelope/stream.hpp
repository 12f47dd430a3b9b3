// Octets in their order, of any number, through a small window. It refuses to hold more than the
// window, and to give octets that are not there.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "base/bytes.hpp"
#include "base/error.hpp"

namespace ukey::envelope {

/// What is not built as it should be.
[[noreturn]] inline void refuse() { throw base::Error{base::Code::bad_input}; }

class Stream {
 public:
  /// Fills some of the room and says how much; 0 at the end.
  using Pull = std::function<std::size_t(std::span<std::uint8_t>)>;
  /// Moves on by so many octets without giving them; false when there are fewer.
  using Leap = std::function<bool(std::uint64_t)>;

  /// What `peek` can see at most.
  static constexpr std::size_t kWindow = 64 * 1024;

  /// Without `leap`, octets to be skipped are pulled.
  explicit Stream(Pull pull, Leap leap = {});

  /// The next octets without taking them: `wanted` of them (at most kWindow), fewer at the end.
  /// Valid until the next call.
  [[nodiscard]] base::ByteView peek(std::size_t wanted);
  /// Takes some octets, at least one; 0 at the end.
  [[nodiscard]] std::size_t read(std::span<std::uint8_t> room);
  /// Takes exactly as many. Throws Error bad_input when there are fewer.
  void take(std::span<std::uint8_t> room);
  void skip(std::uint64_t octets);
  /// Octets taken so far.
  [[nodiscard]] std::uint64_t position() const { return position_; }

 private:
  bool fill();

  Pull pull_;
  Leap leap_;
  base::Bytes window_;
  std::size_t from_ = 0;
  std::uint64_t position_ = 0;
};

/// One that several read from in turn.
using SharedStream = std::shared_ptr<Stream>;

/// The regular file at `path`; skipping costs nothing there. Throws Error file_io (subject: path),
/// also later when it cannot be read.
[[nodiscard]] Stream open_file(const std::string& path);

}  // namespace ukey::envelope
