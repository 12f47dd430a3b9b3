#include "cli/pin_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "base/process.hpp"
#include "cli/context.hpp"
#include "cli/terminal.hpp"
#include "ops/presence.hpp"
#include "policy/pin.hpp"
#include "report/explanation.hpp"
#include "report/note.hpp"

namespace ukey::cli {

namespace {

using Source = std::function<base::Secret(const model::TokenInfo&)>;

struct Names {
  const char* file;
  const char* env;
  const char* input;
  const char* command;
};

Names names_of(PinFamily family) {
  switch (family) {
    case PinFamily::user:
      return {"--pin-file", "--pin-env", "--pin-stdin", "--pin-command"};
    case PinFamily::so:
      return {"--so-pin-file", "--so-pin-env", "--so-pin-stdin", "--so-pin-command"};
    case PinFamily::fresh:
      break;
  }
  return {"--new-pin-file", "--new-pin-env", "--new-pin-stdin", "--new-pin-command"};
}

constexpr const char* kAsIs = "--pin-as-is";
constexpr int kMostEntries = 3;

/// How long a command may take that gives a PIN: it may ask a person.
constexpr std::chrono::minutes kCommandLimit{5};

base::Error invalid(const std::string& subject, base::Cause cause) {
  return base::Error{base::Code::pin_invalid, subject}.because(cause);
}

/// One line end is stripped; what is left must be a PIN, as far as any token goes.
base::Secret checked(base::Secret secret, const std::string& subject) {
  secret.strip_line_end();
  if (secret.empty())
    throw base::Error{base::Code::pin_missing, subject}.because(base::Cause::empty);
  if (secret.too_long()) throw base::Error{base::Code::pin_invalid, subject};
  if (const auto cause = policy::misread(secret)) throw invalid(subject, *cause);
  return secret;
}

/// A wrong PIN costs a try, so that what is hardly meant is sent only with --pin-as-is.
base::Secret meant(const Context& context, base::Secret secret, const std::string& subject) {
  if (context.arguments().flag(kAsIs)) return secret;
  if (const auto cause = policy::mistyped(secret)) throw invalid(subject, *cause);
  if (policy::is_dressed(secret)) context.warn(report::dressed_note(subject, context.style(true)));
  return secret;
}

/// Reads to the end straight into the secret's own memory, so that no other copy stays behind.
base::Secret read_secret(int descriptor, const std::string& subject) {
  base::Secret secret;
  std::size_t size = 0;
  for (;;) {
    std::uint8_t beyond = 0;  // tells a full secret from one that is too long
    auto room = secret.room().subspan(size);
    if (room.empty()) room = std::span{&beyond, 1};
    const ssize_t got = read(descriptor, room.data(), room.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw base::Error{base::Code::file_io, subject};
    if (got == 0) break;
    if (room.data() == &beyond) throw base::Error{base::Code::pin_invalid, subject};
    size += static_cast<std::size_t>(got);
    secret.resize(size);
  }
  return checked(std::move(secret), subject);
}

/// Errors name the option, for the variable's name may be a PIN.
base::Secret from_environment(const Context& context, const std::string& option,
                              const std::string& name) {
  const auto taken = context.secret_variable(name);
  if (!taken) throw base::Error{base::Code::pin_missing, option}.because(base::Cause::unset);
  return meant(context, checked(std::move(*taken), option), option);  // nothing stays behind
}

base::Secret from_input(const Context& context) {
  return meant(context, read_secret(STDIN_FILENO, "stdin"), "stdin");
}

base::Secret from_command(const Context& context, const std::string& command,
                          const model::TokenInfo& token) {
  const bool by_serial = command.find("{serial}") != std::string::npos;
  if (by_serial && (token.serial_shared || !model::is_telling(token.serial)))
    throw base::Error{base::Code::ambiguous_token, ops::subject_of(token)}.because(
        base::Cause::shared_serial);
  auto words = base::words_of(command);
  const std::string program = words.empty() ? command : words.front();
  base::Command child;
  child.argv = base::replaced(std::move(words), "{serial}", token.serial);
  child.limit = kCommandLimit;
  return meant(context, checked(base::run_for_secret(child), program), program);
}

base::Secret entered(report::PinAsked which, const std::string& subject, report::Lang lang) {
  auto secret = ask_secret(report::pin_question(which, subject, lang));
  if (secret.empty()) throw base::Error{base::Code::pin_missing, subject};
  return checked(std::move(secret), subject);
}

/// What is hardly meant is asked for anew, or with --pin-as-is sent after a yes.
base::Secret typed(const Context& context, report::PinAsked which, const std::string& subject) {
  for (int entries = 1;; ++entries) {
    auto secret = entered(which, subject, context.lang());
    const auto cause = policy::mistyped(secret);
    if (!cause) return secret;
    const bool as_is = context.arguments().flag(kAsIs);
    if (as_is && report::is_yes(ask_line(report::as_is_question(subject, context.lang()))))
      return secret;
    if (as_is || entries == kMostEntries) throw invalid(subject, *cause);
    context.warn(report::error_text(invalid(subject, *cause), context.style(true)));
  }
}

/// A new PIN is typed without being seen, so it is typed twice.
base::Secret typed_twice(const Context& context, const std::string& subject) {
  auto once = typed(context, report::PinAsked::fresh, subject);
  const auto again = entered(report::PinAsked::again, subject, context.lang());
  if (policy::is_same(once, again)) return once;
  throw base::Error{base::Code::pin_missing, subject}.because(base::Cause::typed_twice);
}

Source terminal_source(const Context& context, PinFamily family) {
  return [&context, family](const model::TokenInfo& token) {
    const auto subject = ops::subject_of(token);
    if (family == PinFamily::fresh) return typed_twice(context, subject);
    const auto which = family == PinFamily::so ? report::PinAsked::so : report::PinAsked::user;
    return typed(context, which, subject);
  };
}

/// What goes wrong with the security officer's PIN is told as such.
Source as_so(Source source) {
  return [source = std::move(source)](const model::TokenInfo& token) {
    try {
      return source(token);
    } catch (const base::Error& error) {
      throw error.of_so();
    }
  };
}

/// The sources that the options of a family name.
std::vector<Source> named_sources(const Context& context, PinFamily family) {
  const Names names = names_of(family);
  const auto& arguments = context.arguments();
  std::vector<Source> sources;
  if (const auto file = arguments.value(names.file))
    sources.emplace_back([&context, file](const auto&) { return pin_from_file(context, *file); });
  if (const auto name = arguments.value(names.env))
    sources.emplace_back([&context, option = std::string{names.env}, name](const auto&) {
      return from_environment(context, option, *name);
    });
  if (arguments.flag(names.input))
    sources.push_back(is_terminal(STDIN_FILENO)  // which would show it
                          ? terminal_source(context, family)
                          : [&context](const auto&) { return from_input(context); });
  if (const auto command = arguments.value(names.command))
    sources.emplace_back(
        [&context, command](const auto& token) { return from_command(context, *command, token); });
  return sources;
}

}  // namespace

std::string pin_options(const Context& context, PinFamily family) {
  const Names names = names_of(family);
  std::string out;
  for (const std::string_view option : {names.file, names.env, names.input, names.command})
    if (context.arguments().flag(option)) out += (out.empty() ? "" : " ") + std::string{option};
  return out;
}

base::Secret secret_from_file(const Context& context, const std::string& file) {
  const base::Descriptor descriptor{open(file.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat facts {};
  if (descriptor.number() < 0 || fstat(descriptor.number(), &facts) != 0 || S_ISDIR(facts.st_mode))
    throw base::Error{base::Code::file_io, file};
  auto secret = read_secret(descriptor.number(), file);
  if (S_ISREG(facts.st_mode) && (facts.st_mode & (S_IRGRP | S_IROTH)) != 0)
    context.warn(report::readable_file_note(file, context.style(true)));
  return secret;
}

base::Secret pin_from_file(const Context& context, const std::string& file) {
  return meant(context, secret_from_file(context, file), file);
}

Source pin_source(const Context& context, PinFamily family, bool ask) {
  auto sources = named_sources(context, family);
  if (sources.size() > 1)
    throw base::Error{base::Code::usage, pin_options(context, family)}.because(
        base::Cause::two_sources);
  if (sources.empty() && ask) sources.push_back(terminal_source(context, family));
  if (sources.empty()) return {};
  return family == PinFamily::so ? as_so(sources.front()) : sources.front();
}

void require_one_stdin(const Context& context) {
  bool taken = false;
  for (const auto family : {PinFamily::user, PinFamily::so, PinFamily::fresh}) {
    const auto* const option = names_of(family).input;
    if (!context.arguments().flag(option)) continue;
    if (taken) throw base::Error{base::Code::usage, option}.because(base::Cause::one_input);
    taken = true;
  }
}

}  // namespace ukey::cli
