// What the drawer remembers of one practice token beside SoftHSM's own store: whether it is plugged
// in, and how often its PINs were wrong. Header only, because the module (never sanitized) and the
// library (perhaps sanitized) both need it; it refuses everything but the standard library and
// POSIX.
#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/descriptor.hpp"

namespace ukey::practice {

/// One token's state. `insertions` grows with each plugging in, so that a session from before is
/// known for dead.
struct TokenState {
  std::string name;   ///< of the drawer's catalogue, "" for a token that came from elsewhere
  std::string label;  ///< of the token, UTF-8; "" where only SoftHSM knows it
  bool plugged = true;
  bool user_pin_set = true;  ///< false between C_InitToken and C_InitPIN
  unsigned long insertions = 1;
  unsigned long limit = 6;          ///< wrong tries that lock a PIN, 1 to 255
  unsigned long user_failures = 0;  ///< in a row; the user PIN is locked when it reaches `limit`
  unsigned long so_failures = 0;
  bool user_to_be_changed = false;
  bool so_to_be_changed = false;
};

/// Opens `file` or throws std::system_error with its path.
[[nodiscard]] inline base::Descriptor open_file(const std::filesystem::path& file, int flags) {
  const int number = ::open(file.c_str(), flags | O_CLOEXEC, 0600);
  if (number < 0) throw std::system_error(errno, std::generic_category(), file.string());
  return base::Descriptor(number);
}

/// Writes all of `text` and brings it to the disk; throws std::system_error with `name`.
inline void write_through(int descriptor, std::string_view text, const std::string& name) {
  while (!text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw std::system_error(errno, std::generic_category(), name);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(descriptor) != 0 && errno != EINVAL) {
    throw std::system_error(errno, std::generic_category(), name);
  }
}

/// `file`, made when it is not there, held against every other process and thread until the
/// descriptor closes; waits for it. Throws std::system_error with the path.
[[nodiscard]] inline base::Descriptor held_file(const std::filesystem::path& file) {
  auto held = open_file(file, O_RDWR | O_CREAT);
  while (::flock(held.number(), LOCK_EX) != 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), file.string());
  }
  return held;
}

/// The file's text: a line "key value" for each member.
[[nodiscard]] inline std::string state_text(const TokenState& state) {
  const auto number = [](unsigned long value) { return std::to_string(value) + "\n"; };
  return "name " + state.name + "\nlabel " + state.label + "\nplugged " + number(state.plugged) +
         "user_pin_set " + number(state.user_pin_set) + "insertions " + number(state.insertions) +
         "limit " + number(state.limit) + "user_failures " + number(state.user_failures) +
         "so_failures " + number(state.so_failures) + "user_to_be_changed " +
         number(state.user_to_be_changed) + "so_to_be_changed " + number(state.so_to_be_changed);
}

/// Sets the member that `key` names; false for an unknown key or a value out of its range.
[[nodiscard]] inline bool set_state(TokenState& state, std::string_view key,
                                    std::string_view value) {
  if (key == "name") return state.name = value, true;
  if (key == "label") return state.label = value, true;
  unsigned long number = 0;
  const auto end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end || value.empty()) return false;
  if (key == "insertions") return state.insertions = number, true;
  if (key == "user_failures") return state.user_failures = number, true;
  if (key == "so_failures") return state.so_failures = number, true;
  if (key == "limit") return state.limit = number, number >= 1 && number <= 255;
  if (number > 1) return false;
  if (key == "plugged") return state.plugged = number == 1, true;
  if (key == "user_pin_set") return state.user_pin_set = number == 1, true;
  if (key == "user_to_be_changed") return state.user_to_be_changed = number == 1, true;
  if (key == "so_to_be_changed") return state.so_to_be_changed = number == 1, true;
  return false;
}

/// Reads `state_text` back; members without a line keep their defaults. Absent when a line is not
/// understood.
[[nodiscard]] inline std::optional<TokenState> parse_state(std::string_view text) {
  TokenState state;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto space = line.find(' ');
    if (line.empty() || line.front() == '#') continue;
    if (space == line.npos) return std::nullopt;
    if (!set_state(state, line.substr(0, space), line.substr(space + 1))) return std::nullopt;
  }
  return state;
}

/// Where the state of the token `serial` lies. A serial is outside input: what is no letter, digit
/// or "-" becomes "_".
[[nodiscard]] inline std::filesystem::path state_path(const std::filesystem::path& drawer,
                                                      std::string_view serial) {
  std::string name(serial);
  const auto odd = [](char c) {
    return (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '-';
  };
  std::replace_if(name.begin(), name.end(), odd, '_');
  return drawer / "state" / (name + ".state");
}

/// The state now; the defaults when there is no such file. Throws std::system_error with the path.
[[nodiscard]] inline TokenState read_state(const std::filesystem::path& file) {
  const int number = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (number < 0 && errno == ENOENT) return {};
  if (number < 0) throw std::system_error(errno, std::generic_category(), file.string());
  const base::Descriptor descriptor(number);
  std::string text(4096, '\0');
  const auto size = ::read(number, text.data(), text.size());
  if (size < 0) throw std::system_error(errno, std::generic_category(), file.string());
  text.resize(static_cast<std::size_t>(size));
  const auto state = parse_state(text);
  if (!state) throw std::system_error(EBADMSG, std::generic_category(), file.string());
  return *state;
}

/// A token's state held against every other process and thread from construction to destruction.
/// Readers need no lock: a new state replaces the old one by renaming.
class HeldState {
 public:
  /// Waits for the lock, then reads. Throws std::system_error with the path.
  explicit HeldState(std::filesystem::path file)
      : file_(std::move(file)), lock_(held_file(file_.string() + ".lock")) {
    state = read_state(file_);
  }

  /// Makes `state` the token's, on the disk when it returns. Throws std::system_error with the
  /// path.
  void save() const {
    const auto fresh = file_.string() + ".new";
    write_through(open_file(fresh, O_WRONLY | O_CREAT | O_TRUNC).number(), state_text(state),
                  fresh);
    std::filesystem::rename(fresh, file_);
    ::fsync(open_file(file_.parent_path(), O_RDONLY | O_DIRECTORY).number());
  }

  TokenState state;

 private:
  std::filesystem::path file_;
  base::Descriptor lock_;
};

}  // namespace ukey::practice
