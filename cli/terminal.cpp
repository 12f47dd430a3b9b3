#include "cli/terminal.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/places.hpp"

namespace ukey::cli {

namespace {

constexpr std::uint8_t kInterrupt =
    3;                            // ctrl-C, which arrives as a character while signals are off
constexpr std::uint8_t kEnd = 4;  // ctrl-D
constexpr std::uint8_t kErase = 127;
constexpr std::uint8_t kBackspace = 8;

// What a signal handler needs to leave the terminal as it was; one prompt at a time.
std::atomic<int> guarded_terminal{-1};
static_assert(std::atomic<int>::is_always_lock_free);
termios settings_before{};

extern "C" void restore_and_die(int number) {
  restore_terminal();
  signal(number, SIG_DFL);
  raise(number);
}

constexpr std::array kDeadly{SIGINT, SIGTERM, SIGHUP, SIGQUIT};

/// Signals that would end the program restore the terminal first; what was ignored (nohup) stays
/// so. As before when it dies.
class DeadlySignals {
 public:
  DeadlySignals() {
    struct sigaction ours {};
    ours.sa_handler = restore_and_die;
    sigfillset(&ours.sa_mask);
    for (std::size_t i = 0; i < kDeadly.size(); ++i) {
      sigaction(kDeadly[i], nullptr, &before_[i]);
      if (before_[i].sa_handler == SIG_DFL) sigaction(kDeadly[i], &ours, nullptr);
    }
  }
  ~DeadlySignals() {
    for (std::size_t i = 0; i < kDeadly.size(); ++i) sigaction(kDeadly[i], &before_[i], nullptr);
  }
  DeadlySignals(const DeadlySignals&) = delete;             // undone once
  DeadlySignals& operator=(const DeadlySignals&) = delete;  // same

 private:
  std::array<struct sigaction, kDeadly.size()> before_{};
};

/// The controlling terminal with echo, line editing and signals off; all as before when it dies.
class RawTerminal {
 public:
  RawTerminal() : number_(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {
    if (number_ < 0 || tcgetattr(number_, &before_) != 0) {
      if (number_ >= 0) close(number_);
      throw base::Error{base::Code::pin_missing};
    }
    settings_before = before_;
    guarded_terminal = number_;
    signals_.emplace();
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | ISIG);
    tcsetattr(number_, TCSAFLUSH, &quiet);
  }
  ~RawTerminal() {
    tcsetattr(number_, TCSAFLUSH, &before_);
    signals_.reset();
    guarded_terminal = -1;
    close(number_);
  }
  RawTerminal(const RawTerminal&) = delete;  // two would restore in the wrong order
  RawTerminal& operator=(const RawTerminal&) = delete;

  void say(const std::string& text) const { (void)!write(number_, text.data(), text.size()); }

  /// One octet; false at the end of input.
  bool take(std::uint8_t& octet) const {
    for (;;) {
      const ssize_t got = read(number_, &octet, 1);
      if (got == 1) return true;
      if (got < 0 && errno == EINTR) continue;
      return false;
    }
  }

 private:
  int number_;
  termios before_{};
  std::optional<DeadlySignals> signals_;
};

}  // namespace

void restore_terminal() {
  const int terminal = guarded_terminal;
  if (terminal >= 0) tcsetattr(terminal, TCSAFLUSH, &settings_before);
}

bool is_terminal(int descriptor) { return isatty(descriptor) == 1; }

std::size_t terminal_width(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

std::string terminal_charset() {
  // Read from the name, not through setlocale: a kiosk may not have generated the locale that its
  // terminal speaks.
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto locale = environment(name);
    if (!locale) continue;
    const auto dot = locale->find('.');
    if (dot == std::string::npos) break;
    const auto charset = base::ascii_lower(locale->substr(dot + 1, locale->find('@') - dot - 1));
    if (charset.starts_with("gb")) return "GB18030";
    if (charset.starts_with("big5")) return "BIG5";
    break;
  }
  return "UTF-8";
}

base::Secret ask_secret(const std::string& question) {
  base::Secret secret;
  const RawTerminal terminal;
  terminal.say(base::encoded(question, terminal_charset()));
  for (std::uint8_t octet = 0; terminal.take(octet);) {
    if (octet == kInterrupt) {
      terminal.say("\n");
      throw base::Error{base::Code::interrupted};
    }
    if (octet == '\n' || octet == '\r' || octet == kEnd) break;
    if (octet == kErase || octet == kBackspace) {
      secret.pop();
    } else if (!secret.push(octet)) {
      terminal.say("\n");
      throw base::Error{base::Code::pin_invalid};
    }
  }
  terminal.say("\n");
  return secret;
}

std::string ask_line(const std::string& question) {
  const int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (terminal < 0) return "";
  const std::string shown = base::encoded(question, terminal_charset());
  (void)!write(terminal, shown.data(), shown.size());
  char answer[256];
  const ssize_t got = read(terminal, answer, sizeof answer);
  close(terminal);
  return got > 0 ? std::string{answer, static_cast<std::size_t>(got)} : "";
}

}  // namespace ukey::cli
