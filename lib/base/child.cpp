#include "base/child.hpp"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/error.hpp"

namespace ukey::base {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kGrace = 500ms;  // between SIGTERM and SIGKILL
constexpr milliseconds kParting =
    250ms;                             // the same where this process leaves; it may be a child too
constexpr milliseconds kSlice = 20ms;  // how often to look where the kernel has no pidfd
constexpr int kMostRest = 64;  // reads of what a pipe, 1 MiB at most, still holds after the end

std::vector<std::string> environment_of(const Command& command) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view ours{*entry};
    const auto name = ours.substr(0, ours.find('='));
    const bool superseded = std::any_of(
        command.environment.begin(), command.environment.end(),
        [&](const std::string& theirs) { return theirs.substr(0, theirs.find('=')) == name; });
    if (!superseded) all.emplace_back(ours);
  }
  all.insert(all.end(), command.environment.begin(), command.environment.end());
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  out.reserve(words.size() + 1);
  for (auto& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

/// The kernel's instructions between fork and exec.
struct Instructions {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;

  Instructions(const Plumbing& plumbing, bool own_session) {
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, plumbing.in, 0);
    posix_spawn_file_actions_adddup2(&files, plumbing.out, 1);
    posix_spawn_file_actions_adddup2(&files, plumbing.err, 2);
    if (plumbing.terminal >= 0) posix_spawn_file_actions_addtcsetpgrp_np(&files, plumbing.terminal);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    const int group = own_session ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP;
    posix_spawnattr_setflags(
        &attributes, static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | group));
  }
  ~Instructions() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
  Instructions(const Instructions&) = delete;  // the two structs own memory
  Instructions& operator=(const Instructions&) = delete;
};

/// A closed stdin, stdout or stderr of ours would otherwise be given away as an end of the pipe.
Descriptor above_standard(Descriptor low) {
  if (low.number() > 2) return low;
  return Descriptor{fcntl(low.number(), F_DUPFD_CLOEXEC, 3)};
}

int timeout_of(milliseconds time) {
  return static_cast<int>(std::clamp<long>(time.count(), 0, 3'600'000));
}

}  // namespace

Pipe make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw Error(Code::file_io, "pipe");
  Pipe pipe{above_standard(Descriptor{ends[0]}), above_standard(Descriptor{ends[1]})};
  if (pipe.reading.number() < 0 || pipe.writing.number() < 0 ||
      fcntl(pipe.reading.number(), F_SETFL, O_NONBLOCK) != 0)
    throw Error(Code::file_io, "pipe");
  return pipe;
}

namespace {

/// Those that run now; never destroyed, since a thread may ask while the process ends.
struct Running {
  std::mutex mutex;
  std::map<pid_t, Children> groups;
  bool leaving = false;
};
Running& running() {
  static auto* const all = new Running;
  return *all;
}

/// True when nobody is left in it, not even unreaped.
bool is_gone(pid_t group) { return kill(-group, 0) != 0 && errno == ESRCH; }

}  // namespace

void end_children(Children which) {
  std::vector<pid_t> groups;
  {
    const std::lock_guard guard{running().mutex};
    running().leaving = true;
    for (const auto& [group, of] : running().groups)
      if (which == Children::all || of == which) groups.push_back(group);
  }
  for (const pid_t group : groups) kill(-group, SIGTERM);
  const auto until = steady_clock::now() + kParting;
  // Whoever waits for a child reaps it meanwhile; a number that is gone is not signalled again.
  while (std::erase_if(groups, [](pid_t group) { return is_gone(group); }), !groups.empty()) {
    if (steady_clock::now() >= until) break;
    std::this_thread::sleep_for(kSlice);
  }
  for (const pid_t group : groups) kill(-group, SIGKILL);
}

Child::Child(const Command& command, const Plumbing& plumbing) {
  if (command.argv.empty()) throw Error(Code::usage);
  auto words = command.argv;
  auto additions = environment_of(command);
  const auto argv = pointers(words);
  const auto envp = pointers(additions);
  const Instructions instructions{plumbing, command.own_session};
  const std::lock_guard guard{running().mutex};  // none escapes `end_children`
  if (running().leaving) throw Error(Code::interrupted);
  if (posix_spawnp(&pid_, argv[0], &instructions.files, &instructions.attributes, argv.data(),
                   envp.data()) != 0) {
    pid_ = -1;
    throw Error(Code::file_io, command.argv.front()).because(Cause::command_missing);
  }
  handle_ = Descriptor{static_cast<int>(syscall(SYS_pidfd_open, pid_, 0))};
  running().groups.emplace(pid_, command.own_session ? Children::all : Children::of_this_session);
}

Child::~Child() {
  if (pid_ < 0) return;
  stop();
  (void)wait();
}

bool Child::serve(std::span<Stream> streams, steady_clock::time_point deadline) {
  std::vector<pollfd> waiting;
  for (const auto& stream : streams) waiting.push_back({stream.end.number(), POLLIN, 0});
  waiting.push_back({handle_.number(), POLLIN, 0});
  for (int rest = kMostRest; rest > 0;) {
    const bool over = ended();  // asked first: what it wrote before its end is then in the pipes
    if (over) --rest;           // a child of its own may go on writing for ever
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    if (!over && left <= 0ms) return false;
    const milliseconds most = over ? 0ms : handle_.number() < 0 ? std::min(left, kSlice) : left;
    const int ready = poll(waiting.data(), waiting.size(), timeout_of(most));
    if (ready < 0 && errno != EINTR) throw Error(Code::file_io, "poll");
    bool took = false;
    for (std::size_t i = 0; ready > 0 && i < streams.size(); ++i) {
      if (waiting[i].revents == 0) continue;
      took = true;
      if (!streams[i].take(waiting[i].fd)) {
        waiting[i].fd = -1;  // poll passes over negative ones
        streams[i].end.close();
      }
    }
    if (over && !took && ready >= 0) return true;
  }
  return true;
}

bool Child::ended() const {
  siginfo_t info{};
  // WNOWAIT: the number stays reserved, so a later signal to the group cannot hit a stranger.
  if (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0) return true;
  return info.si_pid == pid_;
}

bool Child::pause(milliseconds time) const {
  const auto until = steady_clock::now() + time;
  while (!ended()) {
    const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
    if (left <= 0ms) return false;
    pollfd handle{handle_.number(), POLLIN, 0};
    (void)poll(&handle, 1, timeout_of(handle.fd < 0 ? std::min(left, kSlice) : left));
  }
  return true;
}

void Child::stop() {
  kill(-pid_, SIGTERM);
  (void)pause(kGrace);
  kill(-pid_, SIGKILL);
}

std::optional<int> Child::wait() {
  int status = 0;
  pid_t reaped = 0;
  do reaped = waitpid(pid_, &status, 0);
  while (reaped < 0 && errno == EINTR);
  bool leaving = false;
  {
    const std::lock_guard guard{running().mutex};
    running().groups.erase(pid_);
    leaving = running().leaving;
  }
  if (leaving)
    for (;;) ::pause();
  pid_ = -1;
  if (reaped < 0) return std::nullopt;
  return status;
}

}  // namespace ukey::base
