#include "cli/app.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <exception>
#include <optional>

#include "base/child.hpp"
#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "base/private_folder.hpp"
#include "cli/arguments.hpp"
#include "cli/context.hpp"
#include "cli/help.hpp"
#include "cli/interruption.hpp"
#include "cli/options.hpp"
#include "cli/terminal.hpp"
#include "ledger/courier.hpp"
#include "p11/watchdog.hpp"
#include "report/explanation.hpp"

#ifdef __SANITIZE_ADDRESS__
extern "C" void __lsan_do_leak_check();
#endif

namespace ukey::cli {

namespace {

/// Modules print to descriptor 1 as they please; while this lives they print to stderr, and the
/// result has a descriptor of its own.
class ShieldedOutput {
 public:
  ShieldedOutput() : real_(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)) {
    dup2(STDERR_FILENO, STDOUT_FILENO);
  }
  ~ShieldedOutput() {
    if (real_.number() < 0) return;
    dup2(real_.number(), STDOUT_FILENO);
  }
  ShieldedOutput(const ShieldedOutput&) = delete;  // descriptor 1 is one
  ShieldedOutput& operator=(const ShieldedOutput&) = delete;
  [[nodiscard]] int real() const { return real_.number(); }

 private:
  base::Descriptor real_;
};

/// A file that became descriptor 0, 1 or 2 because that was closed would get what is meant for
/// people. What stands in for them cannot be used, so that a closed stdout is still an error.
void fill_standard_descriptors() {
  constexpr int kUseless[] = {O_WRONLY, O_RDONLY, O_WRONLY};
  for (int number = 0; number <= 2; ++number)
    if (fcntl(number, F_GETFD) < 0) (void)open("/dev/null", kUseless[number]);
}

/// What is needed to report a failure even when the words could not be parsed.
struct Failure {
  bool json;
  report::Lang lang;
  std::string command;
};

std::string document_text(const base::Error& error, const Failure& failure) {
  const CommandRow* const row = find_command(failure.command);
  const bool lines = row != nullptr && row->lines;
  return report::error_json(failure.command, error, failure.lang, lines);
}

int fail(const base::Error& error, const Failure& failure, Context* context, int out) {
  bool silent = failure.json;
  try {
    if (failure.json) put(out, document_text(error, failure), false);
  } catch (const base::Error&) {  // no document can be had: say it on stderr
    silent = false;
  }
  try {
    report::Style style;
    if (context != nullptr) style = context->style(true);
    style.lang = failure.lang;
    if (!silent) put(STDERR_FILENO, report::error_text(error, style), true);
  } catch (const base::Error&) {  // stderr or stdout is gone: the exit status alone speaks
  }
  return base::exit_status(error.code());
}

bool says_json(const std::vector<std::string>& words) {
  for (const auto& word : words) {
    if (word == "--") return false;
    if (word == "--json") return true;
  }
  return false;
}

/// Whether the word after this one is its value.
bool takes_next(std::string_view word) {
  const auto fits = [word](const OptionRow& row) {
    const bool value = row.kind == Kind::value || row.kind == Kind::list;
    return value && (row.name == word || row.short_name == word);
  };
  if (std::ranges::any_of(global_options(), fits)) return true;
  return std::ranges::any_of(commands(), [&fits](const CommandRow& row) {
    return std::ranges::any_of(row.options,
                               [&fits](auto name) { return fits(command_option(name)); });
  });
}

/// The command that these words probably mean, for the document of a run whose words could not be
/// parsed.
std::string said_command(const std::vector<std::string>& words) {
  std::string said;
  bool is_value = false;
  for (const auto& word : words) {
    const bool skipped = is_value || word.starts_with("-");
    is_value = !is_value && word.size() > 1 && takes_next(word);
    if (skipped) continue;
    const std::string longer = said.empty() ? word : said + " " + word;
    const auto fits = [&longer](const CommandRow& row) {
      return row.name == longer || row.name.starts_with(longer + " ");
    };
    if (std::ranges::any_of(commands(), fits)) said = longer;
  }
  return said;
}

int run_parsed(Context& context, int out) {
  const auto& arguments = context.arguments();
  if (arguments.flag("--version")) {
    put(out, version_text(), true);
    return 0;
  }
  if (arguments.flag("--help")) {
    put(out, help_text(arguments, context.lang()), true);
    return 0;
  }
  if (arguments.command == nullptr)
    throw base::Error{base::Code::usage, arguments.group}.because(base::Cause::missing_command);
  return arguments.command->run(context);
}

Failure failure_of(const std::vector<std::string>& words) {
  return {says_json(words), language(words), said_command(words)};
}

volatile sig_atomic_t final_status = 0;

/// Ends the process with the status of the work, whose answer is out: whatever a module does when
/// it is finalised or unloaded (crash, hang, leave), or a signal meanwhile, changes nothing about
/// it.
[[noreturn]] void end_with(ops::LoadedModules& modules, int status) {
  constexpr int kAnyEnd[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGINT, SIGTERM, SIGHUP};
  final_status = status;
  for (const int number : kAnyEnd) signal(number, [](int) { _exit(final_status); });
  (void)std::atexit([] { _exit(final_status); });
  modules.clear();
#ifdef __SANITIZE_ADDRESS__
  const bool leaks = p11::any_abandoned() || ledger::any_given_up();  // by what was given up
  if (!leaks) __lsan_do_leak_check();  // else done at exit, which is not reached
#endif
  _exit(status);
}

int run_words(const std::vector<std::string>& words, int out, Interruption& interruption,
              std::atomic<const CommandRow*>& command, std::optional<Context>& context) {
  Failure failure = failure_of(words);
  const auto failed = [&](const base::Error& error) {
    interruption.end();
    return fail(error.of_command(failure.command), failure, context ? &*context : nullptr, out);
  };
  try {
    auto arguments = parse(words);
    command = arguments.command;
    failure.command =
        arguments.command != nullptr ? std::string{arguments.command->name} : arguments.group;
    context.emplace(std::move(arguments), out, failure.lang, interruption);
    return run_parsed(*context, out);
  } catch (const base::Error& error) {
    return failed(error);
  } catch (const std::exception& error) {
    return failed(base::Error{base::Code::bug, error.what()});
  }
}

}  // namespace

int run(const std::vector<std::string>& words) {
  signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of write, not a death in mid-call
  fill_standard_descriptors();
  const ShieldedOutput output;
  std::atomic<const CommandRow*> command{nullptr};  // once the words are parsed
  Interruption interruption{[&words, &output, &command](int signal) {
    restore_terminal();
    const bool told = signal == SIGINT;
    base::remove_private_folders();
    // The workers of a batch have a session of their own, and go on without it.
    base::end_children(told ? base::Children::all : base::Children::of_this_session);
    if (!told) return;
    auto failure = failure_of(words);
    if (const CommandRow* const row = command) failure.command = row->name;
    const base::Error error{base::Code::interrupted};
    fail(error.of_command(failure.command), failure, nullptr, output.real());
  }};
  std::optional<Context> context;
  const int status = run_words(words, output.real(), interruption, command, context);
  const auto modules = context ? context->loaded() : std::make_shared<ops::LoadedModules>();
  interruption.end();
  context.reset();  // and the PINs in it
  end_with(*modules, status);
}

}  // namespace ukey::cli
