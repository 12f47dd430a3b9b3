#include "base/process.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <vector>

#include "base/error.hpp"
#include "tests/base/fixture.hpp"

using namespace ukey::base;
using ukey::base_test::shell;
using namespace std::chrono_literals;

namespace {

std::string text(const Bytes& octets) { return std::string{as_text(octets)}; }

/// True when the process is gone, or dead and only waits for its reaper.
bool dead(const std::string& pid) {
  std::ifstream status{"/proc/" + pid + "/stat"};
  std::string number;
  std::string program;
  std::string state;
  status >> number >> program >> state;
  return !status || state == "Z";
}

bool soon_dead(const std::string& pid) {
  for (int i = 0; i < 3000 && !dead(pid); ++i) usleep(20'000);
  return dead(pid);
}

bool no_child_left() { return waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD; }

Code code_of_running(const Command& command) {
  try {
    (void)run(command);
  } catch (const Error& error) {
    CHECK(error.subject() == (command.argv.empty() ? "" : command.argv.front()));
    return error.code();
  }
  return Code::bug;
}

}  // namespace

TEST_CASE("a child's two outputs and its exit status come back apart") {
  const auto outcome = run(shell("echo out; echo err >&2; exit 7"));
  CHECK(outcome.end == Outcome::End::exited);
  CHECK(outcome.status == 7);
  CHECK_FALSE(outcome.ok());
  CHECK(text(outcome.out) == "out\n");
  CHECK(text(outcome.err) == "err\n");
  CHECK_FALSE(outcome.cut);
  CHECK(no_child_left());
}

TEST_CASE("the words reach the program as they are, without a shell") {
  const auto outcome = run({{"printf", "%s|", "$HOME", "a b", "*", "; id", ""}});
  CHECK(outcome.ok());
  CHECK(text(outcome.out) == "$HOME|a b|*|; id||");
}

TEST_CASE("a megabyte goes in and comes back whole") {
  Bytes input(1'000'000);
  for (std::size_t i = 0; i < input.size(); ++i) input[i] = static_cast<std::uint8_t>(i * 31 >> 3);
  const auto outcome = run({{"cat"}}, input);
  CHECK(outcome.ok());
  CHECK(outcome.out == input);
}

TEST_CASE("a child that reads nothing of its input does not disturb us") {
  CHECK(run({{"true"}}, Bytes(1'000'000, 'x')).ok());
  CHECK(text(run({{"wc", "-c"}}).out).find('0') != std::string::npos);
}

TEST_CASE("only so much output is kept as was asked for, of each kind") {
  Command command = shell("head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2");
  command.most_output = 1000;
  const auto outcome = run(command);
  CHECK(outcome.ok());
  CHECK(outcome.out.size() == 1000);
  CHECK(outcome.err.size() == 1000);
  CHECK(outcome.cut);
  command.most_output = 300'000;
  CHECK_FALSE(run(command).cut);
}

TEST_CASE("a child killed by a signal is told from one that exited") {
  const auto outcome = run(shell("kill -9 $$"));
  CHECK(outcome.end == Outcome::End::signalled);
  CHECK(outcome.status == SIGKILL);
}

TEST_CASE("a child past its time is killed with all its own children") {
  const auto outcome = run(shell("sleep 600 & echo $!; wait", 2s));
  CHECK(outcome.end == Outcome::End::timed_out);
  REQUIRE_FALSE(outcome.out.empty());
  CHECK(soon_dead(std::string{text(outcome.out), 0, outcome.out.size() - 1}));
  CHECK(no_child_left());
}

TEST_CASE("a child that ignores the polite signal, or is stopped, is killed all the same") {
  CHECK(run(shell("trap '' TERM; while :; do sleep 1; done", 200ms)).end ==
        Outcome::End::timed_out);
  CHECK(run(shell("kill -STOP $$", 200ms)).end == Outcome::End::timed_out);
  CHECK(no_child_left());
}

TEST_CASE("a child that ended is not waited for because its own child holds the pipe") {
  const auto quiet = run(shell("sleep 600 & echo $!"));
  const std::string other{text(quiet.out), 0, quiet.out.size() - 1};
  CHECK_FALSE(dead(other));
  ::kill(std::stoi(other), SIGKILL);
  CHECK(run(shell("yes & exit 3")).status == 3);
}

TEST_CASE("no descriptor but the three is lent to a child") {
  const int leak = fcntl(0, F_DUPFD, 57);
  REQUIRE(leak >= 57);
  const std::string seen = text(run({{"ls", "/proc/self/fd"}}).out);
  close(leak);
  CHECK(seen == "0\n1\n2\n3\n");  // the fourth is the listing itself
}

TEST_CASE("what the environment is given replaces ours of that name and leaves the rest") {
  setenv("UKEY_TEST_ONE", "ours", 1);
  setenv("UKEY_TEST_TWO", "ours", 1);
  Command command = shell("echo $UKEY_TEST_ONE $UKEY_TEST_TWO $UKEY_TEST_THREE");
  command.environment = {"UKEY_TEST_ONE=theirs", "UKEY_TEST_THREE=new"};
  CHECK(text(run(command).out) == "theirs ours new\n");
  CHECK(std::string{getenv("UKEY_TEST_ONE")} == "ours");
}

TEST_CASE("signals that we block or ignore work in a child") {
  sigset_t term;
  sigset_t before;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &term, &before);
  auto* const handler = signal(SIGPIPE, SIG_IGN);
  CHECK(run(shell("kill -TERM $$; echo alive")).status == SIGTERM);
  CHECK(run(shell("kill -PIPE $$; echo alive")).status == SIGPIPE);
  signal(SIGPIPE, handler);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST_CASE("what cannot be started is an error about it") {
  CHECK(code_of_running({{"/no/such/program"}}) == Code::file_io);
  CHECK(code_of_running({{"no-such-program-in-path"}}) == Code::file_io);
  CHECK(code_of_running({{"/etc/passwd"}}) == Code::file_io);
  CHECK(code_of_running({{""}}) == Code::file_io);
  CHECK(code_of_running({{}}) == Code::usage);
  CHECK(no_child_left());
}

TEST_CASE("each line of a worker is heard while it works, the last one without its end too") {
  int heard[2];  // the worker goes on when its first line was heard
  REQUIRE(pipe(heard) == 0);
  std::vector<std::string> lines;
  const auto outcome =
      run_worker(shell("echo one; echo; read go </proc/" + std::to_string(getpid()) + "/fd/" +
                       std::to_string(heard[0]) + "; printf three"),
                 nullptr, [&](std::string_view line) {
                   if (lines.empty()) REQUIRE(write(heard[1], "go\n", 3) == 3);
                   lines.emplace_back(line);
                 });
  CHECK(outcome.ok());
  CHECK(outcome.out.empty());
  CHECK(lines == std::vector<std::string>{"one", "", "three"});
  close(heard[0]);
  close(heard[1]);
}

TEST_CASE("a worker gets its secret on stdin and nothing else") {
  Secret secret;
  for (const char c : std::string_view{"12345678"})
    REQUIRE(secret.push(static_cast<std::uint8_t>(c)));
  std::string said;
  const auto hear = [&said](std::string_view line) { said += line; };
  CHECK(run_worker(shell("cat; echo .; ls -l /proc/self/fd | grep -c pipe:"), &secret, hear).ok());
  CHECK(said == "12345678.3");
  said.clear();
  CHECK(run_worker(shell("cat; echo ."), nullptr, hear).ok());
  CHECK(said == ".");
}

TEST_CASE("a line of a worker that is too long is dropped, and the next one is heard") {
  auto command = shell("printf '%0100d\\nshort\\n' 0; echo wrong >&2; exit 4");
  command.most_output = 50;
  std::string said;
  const auto outcome =
      run_worker(command, nullptr, [&said](std::string_view line) { said += line; });
  CHECK(said == "short");
  CHECK(outcome.cut);
  CHECK(outcome.status == 4);
  CHECK(text(outcome.err) == "wrong\n");
}

TEST_CASE("a worker whose line cannot be taken is ended") {
  const auto hear = [](std::string_view) { throw Error{Code::file_io, "stdout"}; };
  CHECK_THROWS_AS((void)run_worker(shell("echo x; sleep 60"), nullptr, hear), Error);
  CHECK(no_child_left());
}
