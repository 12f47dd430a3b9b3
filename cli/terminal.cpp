#include "cli/terminal.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <memory>
#include <optional>
#include <utility>

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/places.hpp"
#include "report/fold.hpp"

namespace ukey::cli {

namespace {

constexpr std::uint8_t kInterrupt =
    3;                              // ctrl-C, which arrives as a character while signals are off
constexpr std::uint8_t kEnd = 4;    // ctrl-D
constexpr std::uint8_t kKill = 21;  // ctrl-U
constexpr std::uint8_t kWord = 23;  // ctrl-W
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

base::Descriptor controlling_terminal() {
  return base::Descriptor{open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)};
}

/// The controlling terminal with echo, line editing and signals off; all as before when it dies.
class RawTerminal {
 public:
  RawTerminal() {
    if (tty_.number() < 0 || tcgetattr(tty_.number(), &before_) != 0)
      throw base::Error{base::Code::pin_missing};
    settings_before = before_;
    guarded_terminal = tty_.number();
    signals_.emplace();
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | ISIG);
    tcsetattr(tty_.number(), TCSAFLUSH, &quiet);
  }
  ~RawTerminal() {
    tcsetattr(tty_.number(), TCSAFLUSH, &before_);
    signals_.reset();
    guarded_terminal = -1;
  }
  RawTerminal(const RawTerminal&) = delete;  // two would restore in the wrong order
  RawTerminal& operator=(const RawTerminal&) = delete;

  void say(const std::string& text) const { (void)!write(tty_.number(), text.data(), text.size()); }

  /// The settings that it had.
  [[nodiscard]] const termios& before() const { return before_; }

  /// One octet; false at the end of input.
  bool take(std::uint8_t& octet) const {
    for (;;) {
      const ssize_t got = read(tty_.number(), &octet, 1);
      if (got == 1) return true;
      if (got < 0 && errno == EINTR) continue;
      return false;
    }
  }

 private:
  base::Descriptor tty_ = controlling_terminal();
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

namespace {

bool continues(std::uint8_t octet) { return (octet & 0xc0) == 0x80; }

/// The last character, all octets of it.
void erase_character(base::Secret& secret) {
  while (!secret.empty() && continues(secret.reveal().back())) secret.pop();
  secret.pop();
}

/// The last word and the blanks after it.
void erase_word(base::Secret& secret) {
  while (!secret.empty() && secret.reveal().back() == ' ') secret.pop();
  while (!secret.empty() && secret.reveal().back() != ' ') secret.pop();
}

/// A PIN as its keys come. What is no key of a PIN spoils it, but is read to the end of the line,
/// so that the rest of it does not go to the shell.
class Entry {
 public:
  explicit Entry(const termios& settings) : settings_(settings) {}

  /// False when the entry is over.
  bool take(std::uint8_t key) {
    if (key == '\n' || key == '\r') return false;
    if (key == kInterrupt) throw base::Error{base::Code::interrupted};
    if (key == kEnd && secret_.empty() && !spoilt_) return false;
    if (key == kErase || key == kBackspace || key == settings_.c_cc[VERASE]) {
      erase_character(secret_);
    } else if (key == kWord) {
      erase_word(secret_);
    } else if (key == kKill || key == settings_.c_cc[VKILL]) {
      while (!secret_.empty()) secret_.pop();
      spoilt_.reset();
    } else if (key < ' ') {
      spoilt_ = base::Error{base::Code::pin_invalid}.because(base::Cause::control_key);
    } else if (!secret_.push(key) && !spoilt_) {
      spoilt_ = base::Error{base::Code::pin_invalid};
    }
    return true;
  }

  base::Secret done() {
    if (spoilt_) throw base::Error{*spoilt_};
    return std::move(secret_);
  }

 private:
  termios settings_;
  base::Secret secret_;
  std::optional<base::Error> spoilt_;
};

}  // namespace

std::string shown_at(int descriptor, std::string_view text) {
  const bool folds = descriptor == STDERR_FILENO && is_terminal(descriptor);
  return base::encoded(folds ? report::folded(text, terminal_width(descriptor)) : std::string{text},
                       terminal_charset());
}

base::Secret ask_secret(const std::string& question) {
  const RawTerminal terminal;
  Entry entry{terminal.before()};
  terminal.say(base::encoded(question, terminal_charset()));
  const std::shared_ptr<void> line_end{nullptr, [&](void*) { terminal.say("\n"); }};
  for (std::uint8_t key = 0; terminal.take(key);)
    if (!entry.take(key)) return entry.done();
  throw base::Error{base::Code::interrupted};  // hung up: half a PIN is none
}

std::string ask_line(const std::string& question) {
  const auto terminal = controlling_terminal();
  if (terminal.number() < 0) return "";
  const std::string shown = base::encoded(question, terminal_charset());
  (void)!write(terminal.number(), shown.data(), shown.size());
  char answer[256];
  const ssize_t got = read(terminal.number(), answer, sizeof answer);
  return got > 0 ? std::string{answer, static_cast<std::size_t>(got)} : "";
}

}  // namespace ukey::cli
