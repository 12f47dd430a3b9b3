// One running child process: started with three descriptors, watched until a deadline, always
// reaped. It refuses to know what the child is for; that is `process`.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <span>

#include "base/command.hpp"
#include "base/descriptor.hpp"

namespace ukey::base {

/// A pipe, both ends close-on-exec and above the standard descriptors. The reading end does not
/// block.
struct Pipe {
  Descriptor reading;
  Descriptor writing;
};

/// Throws Error{file_io} when the process has no descriptors left.
[[nodiscard]] Pipe make_pipe();

/// Where the child's standard descriptors come from; `terminal` is lent to its process group when
/// it is one.
struct Plumbing {
  int in;
  int out;
  int err;
  int terminal = -1;
};

/// A reading end and what takes from it: called when it is readable, false when it shall not be
/// read any more.
struct Stream {
  Descriptor end;
  std::function<bool(int)> take;
};

/// A child in a process group of its own. Killed with its group and reaped when it dies before
/// `wait` was called.
class Child {
 public:
  /// Starts it. Throws Error{file_io, argv[0]} when that fails.
  Child(const Command& command, const Plumbing& plumbing);
  ~Child();
  Child(const Child&) = delete;  // a process has one reaper
  Child& operator=(const Child&) = delete;

  /// Serves the streams until the child has ended (what they hold then is still taken); false at
  /// the deadline.
  [[nodiscard]] bool serve(std::span<Stream> streams,
                           std::chrono::steady_clock::time_point deadline);
  /// The status as waitpid(2) gives it; blocks. Absent when somebody else has reaped it.
  [[nodiscard]] std::optional<int> wait();
  /// SIGTERM to the group, a short time to obey, SIGKILL to what is left.
  void stop();

 private:
  [[nodiscard]] bool ended() const;
  [[nodiscard]] bool pause(std::chrono::milliseconds time) const;

  pid_t pid_ = -1;
  Descriptor handle_;  // a pidfd, readable when the child has ended; none on old kernels
};

/// Which children an end of this process concerns.
enum class Children { all, of_this_session };

/// Ends the process groups of the children that run now, as `Child::stop` does but sooner, for a
/// process that is about to leave without a destructor. From now on none is started (Error
/// interrupted), and `Child::wait` never returns: how one ended that was ended here is nobody's
/// answer.
void end_children(Children which);

}  // namespace ukey::base
