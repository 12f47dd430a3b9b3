#include "base/process.hpp"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/child.hpp"
#include "base/error.hpp"

namespace ukey::base {

namespace {

using std::chrono::steady_clock;

Descriptor nothing() { return Descriptor{open("/dev/null", O_RDWR | O_CLOEXEC)}; }

/// A file in memory instead of a pipe: nothing has to be fed while the child runs, and no SIGPIPE
/// can come.
Descriptor file_of(ByteView input) {
  if (input.empty()) return nothing();
  Descriptor file{memfd_create("ukey-input", MFD_CLOEXEC)};
  std::size_t done = 0;
  while (done < input.size()) {
    const auto count = write(file.number(), input.data() + done, input.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) throw Error(Code::file_io, "memfd");
    done += static_cast<std::size_t>(count);
  }
  if (lseek(file.number(), 0, SEEK_SET) != 0) throw Error(Code::file_io, "memfd");
  return file;
}

/// True when a read ended for now but not for good.
bool again(ssize_t count) { return count < 0 && (errno == EAGAIN || errno == EINTR); }

/// Keeps the first `most` octets; the rest is read and dropped, so that the child never waits for
/// room.
auto collector(Bytes& kept, std::size_t most, bool& cut) {
  return [&kept, most, &cut](int fd) {
    std::array<std::uint8_t, 16384> buffer;
    const auto count = read(fd, buffer.data(), buffer.size());
    if (count <= 0) return again(count);
    const auto size = static_cast<std::size_t>(count);
    const auto wanted = std::min(size, most - kept.size());
    kept.insert(kept.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(wanted));
    cut = cut || wanted < size;
    return true;
  };
}

/// Reads into the Secret's own room; one octet more than fits is looked for, and wiped.
bool take_secret(int fd, Secret& secret, bool& too_long) {
  const auto room = secret.room().subspan(secret.size());
  if (!room.empty()) {
    const auto count = read(fd, room.data(), room.size());
    if (count > 0) secret.resize(secret.size() + static_cast<std::size_t>(count));
    return count > 0 || again(count);
  }
  std::uint8_t more = 0;
  const auto count = read(fd, &more, 1);
  explicit_bzero(&more, 1);
  too_long = count > 0;
  return again(count);
}

/// "SIGKILL"; the number of one that has no name.
std::string signal_name(int number) {
  const char* const name = sigabbrev_np(number);
  return name == nullptr ? std::to_string(number) : "SIG" + std::string{name};
}

/// Ended by SIGINT, or by its own account of one, as shells give it.
bool interrupted(int status) {
  if (WIFSIGNALED(status)) return WTERMSIG(status) == SIGINT;
  return WEXITSTATUS(status) == 128 + SIGINT;
}

/// The terminal, lent to a child and taken back. None when we are not in its foreground ourselves.
class Terminal {
 public:
  Terminal() : tty_(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {
    if (tty_.number() >= 0 && tcgetpgrp(tty_.number()) != getpgrp()) tty_.close();
  }
  ~Terminal() {
    if (tty_.number() < 0) return;
    sigset_t output;
    sigset_t before;
    sigemptyset(&output);
    sigaddset(&output, SIGTTOU);  // from the background, taking it back would stop us
    pthread_sigmask(SIG_BLOCK, &output, &before);
    tcsetpgrp(tty_.number(), getpgrp());
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  Terminal(const Terminal&) = delete;  // it is given back once
  Terminal& operator=(const Terminal&) = delete;
  [[nodiscard]] int number() const { return tty_.number(); }

 private:
  Descriptor tty_;
};

}  // namespace

namespace {

using Taker = std::function<bool(int)>;

/// Runs it with this stdin; `take` takes from its stdout.
void conduct(const Command& command, const Descriptor& in, const Taker& take, Outcome& outcome) {
  const auto deadline = steady_clock::now() + command.limit;
  Pipe out = make_pipe();
  Pipe err = make_pipe();
  Child child{command, {in.number(), out.writing.number(), err.writing.number()}};
  out.writing.close();
  err.writing.close();
  std::array<Stream, 2> streams{
      Stream{std::move(out.reading), take},
      Stream{std::move(err.reading), collector(outcome.err, command.most_output, outcome.cut)}};
  if (!child.serve(streams, deadline)) {
    outcome.end = Outcome::End::timed_out;
    return;  // the Child kills and reaps
  }
  const auto status = child.wait();
  if (!status) throw Error(Code::file_io, command.argv.front());
  outcome.end = WIFSIGNALED(*status) ? Outcome::End::signalled : Outcome::End::exited;
  outcome.status = WIFSIGNALED(*status) ? WTERMSIG(*status) : WEXITSTATUS(*status);
}

/// A pipe that holds the secret already: it is shorter than any pipe, so nothing has to be fed.
Descriptor pipe_of(const Secret& secret) {
  Pipe pipe = make_pipe();
  fcntl(pipe.reading.number(), F_SETFL, 0);  // a child's stdin waits
  const auto octets = secret.reveal();
  ssize_t done = 0;
  do done = write(pipe.writing.number(), octets.data(), octets.size());
  while (done < 0 && errno == EINTR);
  if (done != static_cast<ssize_t>(octets.size())) throw Error(Code::file_io, "pipe");
  return std::move(pipe.reading);
}

/// Takes octets and gives whole lines.
class Lines {
 public:
  Lines(const std::function<void(std::string_view)>& line, std::size_t most, bool& cut)
      : line_(line), most_(most), cut_(cut) {}

  bool take(int fd) {
    std::array<char, 16384> buffer;
    const auto count = read(fd, buffer.data(), buffer.size());
    if (count <= 0) return again(count);
    for (const char c : std::string_view{buffer.data(), static_cast<std::size_t>(count)}) add(c);
    return true;
  }
  void finish() {
    if (!begun_.empty() && !dropping_) line_(begun_);
  }

 private:
  void add(char c) {
    if (c == '\n') {
      if (!dropping_) line_(begun_);
      begun_.clear();
      dropping_ = false;
    } else if (begun_.size() < most_) {
      begun_ += c;
    } else {
      dropping_ = cut_ = true;
    }
  }

  const std::function<void(std::string_view)>& line_;
  std::size_t most_;
  bool& cut_;
  std::string begun_;
  bool dropping_ = false;
};

}  // namespace

Outcome run(const Command& command, ByteView input) {
  Outcome outcome;
  const auto take = collector(outcome.out, command.most_output, outcome.cut);
  conduct(command, file_of(input), take, outcome);
  return outcome;
}

Outcome run_worker(const Command& command, const Secret* secret,
                   const std::function<void(std::string_view)>& line) {
  Outcome outcome;
  Lines lines{line, command.most_output, outcome.cut};
  const auto take = [&lines](int fd) { return lines.take(fd); };
  conduct(command, secret == nullptr ? nothing() : pipe_of(*secret), take, outcome);
  lines.finish();
  return outcome;
}

Secret run_for_secret(const Command& command) {
  const auto deadline = steady_clock::now() + command.limit;
  const Descriptor in = nothing();
  Pipe out = make_pipe();
  const Terminal terminal;
  Child child{command, {in.number(), out.writing.number(), STDERR_FILENO, terminal.number()}};
  out.writing.close();
  Secret secret;
  bool too_long = false;
  std::array<Stream, 1> streams{
      Stream{std::move(out.reading), [&](int fd) { return take_secret(fd, secret, too_long); }}};
  const bool in_time = child.serve(streams, deadline);
  const auto& program = command.argv.front();
  if (too_long) throw Error(Code::pin_invalid, program);
  if (!in_time) throw Error(Code::pin_missing, program).because(Cause::command_slow);
  const auto status = child.wait();
  if (status && interrupted(*status)) throw Error(Code::interrupted, program);
  if (!status) throw Error(Code::pin_missing, program);
  if (WIFSIGNALED(*status))
    throw Error(Code::pin_missing, program + " (" + signal_name(WTERMSIG(*status)) + ")")
        .because(Cause::command_failed);
  if (WEXITSTATUS(*status) != 0)
    throw Error(Code::pin_missing, program + " (" + std::to_string(WEXITSTATUS(*status)) + ")")
        .because(Cause::command_failed);
  return secret;
}

}  // namespace ukey::base
