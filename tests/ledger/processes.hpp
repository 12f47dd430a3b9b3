// Processes of their own for the tests of the ledger, begun together and ended at any moment.
#pragma once

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <vector>

namespace ukey::ledger_test {

/// A child that does `work` and ends; what it says comes through a pipe, line by line.
class Process {
 public:
  using Say = std::function<void(const std::string&)>;

  explicit Process(const std::function<void(const Say&)>& work) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    pid_ = fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) run(work, ends);
    close(ends[1]);
    out_ = ends[0];
  }
  ~Process() {
    kill(SIGKILL);
    static_cast<void>(ended_well());
    close(out_);
  }
  Process(const Process&) = delete;             // waited for once
  Process& operator=(const Process&) = delete;  // same

  void kill(int number) const {
    if (pid_ > 0) ::kill(pid_, number);
  }

  /// Waits until it has said so many octets.
  void await(int octets) const {
    int said = 0;
    for (int i = 0; i < 12'000 && said < octets; ++i) {
      usleep(5'000);
      REQUIRE(ioctl(out_, FIONREAD, &said) == 0);
    }
  }

  /// Whole lines that it said until it ended.
  [[nodiscard]] std::vector<std::string> lines() const {
    std::string all;
    char piece[4096];
    for (ssize_t got = 0; (got = read(out_, piece, sizeof piece)) > 0;)
      all.append(piece, static_cast<std::size_t>(got));
    std::vector<std::string> out;
    for (auto at = all.find('\n'); at != std::string::npos; at = all.find('\n')) {
      out.push_back(all.substr(0, at));
      all.erase(0, at + 1);
    }
    return out;
  }

  /// Waits for its end; true when it did its work without an error.
  [[nodiscard]] bool ended_well() {
    if (pid_ <= 0) return false;
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

 private:
  [[noreturn]] static void run(const std::function<void(const Say&)>& work, const int (&ends)[2]) {
    close(ends[0]);
    try {
      work([&](const std::string& line) {
        const auto whole = line + "\n";
        if (write(ends[1], whole.data(), whole.size()) < 0) _exit(2);
      });
    } catch (...) {
      _exit(1);
    }
    _exit(0);
  }

  pid_t pid_ = -1;
  int out_ = -1;
};

}  // namespace ukey::ledger_test
