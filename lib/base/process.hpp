// Runs other programs within limits. It refuses the shell, lends no descriptor but the three, and
// leaves no child behind whose time is over.
#pragma once

#include <functional>
#include <string_view>

#include "base/bytes.hpp"
#include "base/command.hpp"
#include "base/secret.hpp"

namespace ukey::base {

/// How a child ended and what it wrote.
struct Outcome {
  enum class End { exited, signalled, timed_out };
  End end = End::exited;
  int status = 0;    ///< exit status when `exited`; the signal's number when `signalled`; else 0
  Bytes out;         ///< its stdout, at most `Command::most_output` octets
  Bytes err;         ///< its stderr, likewise
  bool cut = false;  ///< true when either wrote more than was kept

  /// True when it exited with status 0.
  [[nodiscard]] bool ok() const { return end == End::exited && status == 0; }
};

/// Runs `command` with `input` as its stdin (an empty one is /dev/null) and waits for its end; what
/// children of its own write after that is not waited for. At the time limit its process group gets
/// SIGTERM, and soon SIGKILL. Throws Error{file_io, argv[0]} when it cannot be started.
[[nodiscard]] Outcome run(const Command& command, ByteView input = {});

/// Runs `command` as `run` does, but each line of its stdout goes to `line` as soon as it is whole,
/// without its line end (what follows the last line end too, when the child has ended); a line
/// longer than `Command::most_output` is dropped, and `cut` says so. `secret` is its stdin, through
/// a pipe, so that no file ever holds it; nullptr is /dev/null. `Outcome::out` stays empty. Throws
/// Error{file_io, argv[0]} when it cannot be started, and what `line` throws, which ends the child.
[[nodiscard]] Outcome run_worker(const Command& command, const Secret* secret,
                                 const std::function<void(std::string_view)>& line);

/// Runs `command` for a PIN: what it prints goes straight into the Secret, its line end included.
/// stdin is /dev/null, stderr is ours, and it has the terminal meanwhile, so that it can ask.
/// Throws Error{file_io} when it cannot be started, Error{pin_missing} when it ends with another
/// status than 0 (cause command_failed, subject "argv[0] (1)" or "argv[0] (SIGKILL)") or its time
/// is over (command_slow), Error{pin_invalid} when it prints more than a Secret has room for,
/// Error{interrupted} when SIGINT ended it, or it says so with status 130; each about argv[0].
[[nodiscard]] Secret run_for_secret(const Command& command);

}  // namespace ukey::base
