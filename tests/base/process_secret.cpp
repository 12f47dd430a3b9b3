#include <doctest/doctest.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "base/error.hpp"
#include "base/process.hpp"
#include "tests/base/fixture.hpp"

using namespace ukey::base;
using ukey::base_test::shell;
using namespace std::chrono_literals;

namespace {

std::string secret_said_by(const std::string& script) {
  const Secret secret = run_for_secret(shell(script));
  return std::string{as_text(secret.reveal())};
}

Error error_of(const Command& command) {
  try {
    (void)run_for_secret(command);
  } catch (const Error& error) {
    return error;
  }
  return Error{Code::bug};
}

Code code_of(const Command& command) {
  const auto error = error_of(command);
  CHECK(error.subject().starts_with(command.argv.front()));
  return error.code();
}

}  // namespace

TEST_CASE("what a PIN command prints is the PIN, its line end included") {
  CHECK(secret_said_by("printf 1234") == "1234");
  CHECK(secret_said_by("echo 1234") == "1234\n");
  CHECK(secret_said_by("printf 12; sleep 0.1; printf 34") == "1234");
  CHECK(secret_said_by(":").empty());
}

TEST_CASE("a PIN command has no input") { CHECK(secret_said_by("cat").empty()); }

TEST_CASE("a PIN command that fails gives no PIN, whatever it printed") {
  CHECK(code_of(shell("printf 1234; exit 1")) == Code::pin_missing);
  CHECK(code_of(shell("printf 1234; kill -9 $$")) == Code::pin_missing);
  CHECK(code_of(shell("printf 1234; sleep 60", 200ms)) == Code::pin_missing);
  CHECK(code_of({{"/no/such/program"}}) == Code::file_io);
}

TEST_CASE("how a PIN command failed is told: its status, its signal, its time, its absence") {
  const auto status = error_of(shell("exit 3"));
  CHECK(status.subject() == "/bin/sh (3)");
  CHECK(status.cause() == Cause::command_failed);
  const auto signal = error_of(shell("kill -9 $$"));
  CHECK(signal.subject() == "/bin/sh (SIGKILL)");
  CHECK(signal.cause() == Cause::command_failed);
  CHECK(error_of(shell("sleep 60", 200ms)).cause() == Cause::command_slow);
  CHECK(error_of({{"/no/such/program"}}).cause() == Cause::command_missing);
}

TEST_CASE("a PIN command may print 255 octets and a line end, and not one more") {
  CHECK(secret_said_by("head -c 257 /dev/zero").size() == Secret::kRoom);
  CHECK(code_of(shell("head -c 258 /dev/zero")) == Code::pin_invalid);
  CHECK(code_of(shell("yes")) == Code::pin_invalid);
}

TEST_CASE("a PIN command ended by the interrupt key means that the user gave up") {
  CHECK(code_of(shell("kill -INT $$")) == Code::interrupted);
  CHECK(code_of(shell("trap 'exit 130' INT; kill -INT $$")) == Code::interrupted);
}

TEST_CASE("a PIN command may ask at the terminal, and gives the terminal back") {
  int keyboard = -1;
  const pid_t pid = forkpty(&keyboard, nullptr, nullptr, nullptr);
  REQUIRE_MESSAGE(pid >= 0, "this test needs a pseudo-terminal");
  if (pid == 0) {
    bool good = false;
    try {
      const Secret secret = run_for_secret(shell("read pin </dev/tty; printf %s \"$pin\"", 10s));
      good = as_text(secret.reveal()) == "1234" && tcgetpgrp(0) == getpgrp();
    } catch (const Error&) {
      good = false;
    }
    _exit(good ? 0 : 1);
  }
  REQUIRE(write(keyboard, "1234\n", 5) == 5);
  int status = -1;
  REQUIRE(waitpid(pid, &status, 0) == pid);
  close(keyboard);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
