// What a command runs with: its arguments and everything that was read once from the environment,
// the clock and the terminal.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "base/time.hpp"
#include "cli/arguments.hpp"
#include "model/profile.hpp"
#include "model/setting.hpp"
#include "ops/bench.hpp"
#include "report/describe.hpp"
#include "report/style.hpp"

namespace ukey::cli {

class Interruption;
class Trace;

class Context {
 public:
  /// Reads nothing but the environment and the clock; profiles are read when they are first needed.
  Context(Arguments arguments, int out, report::Lang lang, Interruption& interruption);
  ~Context();
  Context(const Context&) = delete;  // one run, one context
  Context& operator=(const Context&) = delete;

  [[nodiscard]] const Arguments& arguments() const { return arguments_; }
  [[nodiscard]] report::Lang lang() const { return lang_; }
  [[nodiscard]] bool json() const { return arguments_.flag("--json"); }
  [[nodiscard]] bool quiet() const { return arguments_.flag("--quiet"); }
  /// The octets of the environment variable that a `--…pin-env` option named; nullptr when it was
  /// not set.
  [[nodiscard]] std::shared_ptr<base::Secret> secret_variable(const std::string& name) const;
  [[nodiscard]] base::Time now() const { return now_; }
  [[nodiscard]] int out() const { return out_; }
  /// The first operand, or "".
  [[nodiscard]] std::string operand() const;

  /// The profiles; throws bad_profile, file_io.
  [[nodiscard]] const std::shared_ptr<const model::Profiles>& profiles();
  /// The platform that --platform names; throws bad_profile.
  [[nodiscard]] const model::Platform& platform();
  /// The time to judge by, and the platform; throws usage on a bad --as-of.
  [[nodiscard]] model::Setting setting();
  /// All that an operation needs. A PIN source only when options give one, or --login was said, or
  /// with `must_login`; the terminal is the last.
  [[nodiscard]] ops::SharedBench bench(bool must_login = false);
  /// The modules that the benches have loaded; to clear it is to finalise them.
  [[nodiscard]] const std::shared_ptr<ops::LoadedModules>& loaded() const { return loaded_; }

  [[nodiscard]] report::Options report_options() const;
  /// For standard output, or with `for_stderr` for messages.
  [[nodiscard]] report::Style style(bool for_stderr = false) const;
  /// The frame of this command's document.
  [[nodiscard]] report::Json document();
  /// The same with `token`, or with `file` for what --file named.
  [[nodiscard]] report::Json document(const std::optional<model::TokenRef>& token);

  /// Takes the options of an earlier run for those that this one does not say.
  void add_options(const Arguments& earlier);
  /// The first ctrl-C calls `once` instead of ending the run.
  void soften_interrupt(std::function<void()> once);

  /// Prints the document as JSON or text and returns `status`; an interrupt from then on has no
  /// document of its own.
  int emit(const report::Json& document, int status = 0);
  /// From now on SIGINT is the command's own affair.
  void take_interrupts();
  /// A warning on stderr, which nothing silences.
  void warn(const std::string& text) const;
  /// The same where nothing can be done about a stderr that is gone.
  void try_warn(const std::string& text) const;
  /// Warns when an interrupted renewal of this token waits to be finished, and says so in the part
  /// of a document about it. One that another process is at work on is not interrupted.
  void warn_interrupted(const model::Card& card, report::Json& part) const;
  /// One line on stderr for people, unless --quiet.
  void note(const std::string& text) const;

 private:
  [[nodiscard]] p11::Limits limits() const;
  [[nodiscard]] std::string platform_id() const;
  /// nullptr until the profiles were read, and when none is the platform.
  [[nodiscard]] const model::Platform* known_platform() const;

  Arguments arguments_;
  int out_;
  report::Lang lang_;
  Interruption& interruption_;
  base::Time now_;
  std::shared_ptr<const model::Profiles> profiles_;
  std::shared_ptr<Trace> trace_;
  std::shared_ptr<ops::LoadedModules> loaded_ = std::make_shared<ops::LoadedModules>();
  std::map<std::string, std::shared_ptr<base::Secret>> secrets_;  // taken out of the environment
};

/// The time now; Context::now is that of the program's start.
[[nodiscard]] base::Time clock_now();

/// The language of this run: --lang in `words` (scanned before they are parsed), UKEY_LANG, then
/// LC_ALL, LC_MESSAGES, LANG.
[[nodiscard]] report::Lang language(const std::vector<std::string>& words);

/// Writes all of `text` to `descriptor` in the terminal's character set when it is one; throws
/// Error file_io.
void put(int descriptor, std::string_view text, bool for_people);

}  // namespace ukey::cli
