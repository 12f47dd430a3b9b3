#include "cli/context.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.hpp"
#include "cli/interruption.hpp"
#include "cli/modules.hpp"
#include "cli/pin_source.hpp"
#include "cli/places.hpp"
#include "cli/terminal.hpp"
#include "cli/trace.hpp"
#include "cli/trust.hpp"
#include "ledger/journal.hpp"
#include "ops/claim.hpp"
#include "ops/presence.hpp"
#include "profile/reader.hpp"
#include "report/note.hpp"
#include "report/render.hpp"

namespace ukey::cli {

namespace {

constexpr double kLongestCall = 86'400;

std::pair<report::PinAsked, PinFamily> asked_for(ops::PinEntry entry) {
  switch (entry) {
    case ops::PinEntry::user:
      return {report::PinAsked::user, PinFamily::user};
    case ops::PinEntry::so:
      return {report::PinAsked::so, PinFamily::so};
    case ops::PinEntry::fresh:
      break;
  }
  return {report::PinAsked::fresh, PinFamily::fresh};
}

}  // namespace

Context::Context(Arguments arguments, int out, report::Lang lang, Interruption& interruption)
    : arguments_(std::move(arguments)),
      out_(out),
      lang_(lang),
      interruption_(interruption),
      now_(clock_now()) {
  for (const char* option : {"--pin-env", "--so-pin-env", "--new-pin-env"})
    if (const auto name = arguments_.value(option)) {
      if (secrets_.contains(*name))  // one variable holds one PIN
        throw base::Error{base::Code::usage, option}.because(base::Cause::bad_value);
      secrets_[*name] = taken_secret(*name, option);
    }
  if (arguments_.flag("--trace"))
    trace_ = std::make_shared<Trace>(*arguments_.value("--trace"), lang_);
}

Context::~Context() = default;

base::Time clock_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::shared_ptr<base::Secret> Context::secret_variable(const std::string& name) const {
  const auto found = secrets_.find(name);
  return found == secrets_.end() ? nullptr : found->second;
}

std::string Context::operand() const {
  if (arguments_.operands.empty()) return "";
  return base::decoded(base::as_bytes(arguments_.operands.front()));  // GBK terminals
}

const std::shared_ptr<const model::Profiles>& Context::profiles() {
  if (!profiles_)
    profiles_ = std::make_shared<const model::Profiles>(
        profile::read_profiles(profile_folders(arguments_.value("--profiles"))));
  return profiles_;
}

const model::Platform& Context::platform() {
  (void)profiles();
  if (const auto* known = known_platform()) return *known;
  throw base::Error{base::Code::bad_profile, platform_id()};
}

std::string Context::platform_id() const {
  return arguments_.value("--platform").value_or("qinghai");
}

const model::Platform* Context::known_platform() const {
  if (!profiles_) return nullptr;
  const auto row = std::ranges::find(profiles_->platforms, platform_id(), &model::Platform::id);
  return row == profiles_->platforms.end() ? nullptr : &*row;
}

model::Setting Context::setting() {
  model::Setting out{now_, false, &platform()};
  if (const auto text = arguments_.value("--as-of")) {
    const auto time = base::parse_time(*text, out.platform->zone);
    if (!time)
      throw base::Error{base::Code::usage, "--as-of " + *text}.because(base::Cause::bad_value);
    out.as_of = *time;
    out.as_of_overridden = true;
  }
  return out;
}

p11::Limits Context::limits() const {
  const auto text = arguments_.value("--timeout");
  if (!text) return {};
  char* end = nullptr;
  const double seconds = std::strtod(text->c_str(), &end);
  if (text->empty() || *end != '\0' || !(seconds > 0 && seconds <= kLongestCall))
    throw base::Error{base::Code::usage, "--timeout " + *text}.because(base::Cause::bad_value);
  return p11::Limits::all(std::chrono::milliseconds{std::llround(std::ceil(seconds * 1000))});
}

ops::SharedBench Context::bench(bool must_login) {
  auto out = std::make_shared<ops::Bench>();
  out->limits = limits();
  const auto judged = setting();
  out->profiles = profiles();
  out->platform = judged.platform;
  out->as_of = judged.as_of;
  out->clock = [from = judged.as_of - now_] { return clock_now() + from; };
  if (const auto selector = arguments_.value("--token"))
    out->selector =
        p11::Selector::parse(base::decoded(base::as_bytes(*selector)));  // GBK terminals
  out->pin = pin_source(*this, PinFamily::user, false);
  if (out->selector && out->selector->pin_source() && !out->pin)
    out->pin = [this, file = *out->selector->pin_source()](const auto&) {
      return pin_from_file(*this, file);
    };
  if (!out->pin)
    out->pin = pin_source(*this, PinFamily::user, must_login || arguments_.flag("--login"));
  out->typed_there = [this, selector = out->selector](const auto& token, ops::PinEntry entry) {
    const auto [asked, family] = asked_for(entry);
    auto unused = pin_options(*this, family);
    if (unused.empty() && family == PinFamily::user && selector && selector->pin_source())
      unused = "pin-source";
    if (!unused.empty()) try_warn(report::unused_pin_note(unused, style(true)));
    try_warn(report::typed_there_note(asked, ops::subject_of(token), style(true)));
  };
  if (arguments_.flag("--crl")) out->revocation = trust_of(arguments_, std::nullopt);
  out->state_folder = state_folder();
  out->machine_name = "ukey";
  out->use_final_try = arguments_.flag("--use-final-try");
  if (trace_)
    out->observer = [trace = trace_](const model::CallRecord& call) { trace->hear(call); };
  if (!json())
    out->module_failed = [this](const model::ModuleRow& row) {
      note(report::module_note(row, style(true)));
    };
  out->modules = module_choices(arguments_, *profiles());
  out->loaded = loaded_;
  return out;
}

report::Options Context::report_options() const { return {arguments_.flag("--show-ids"), lang_}; }

report::Style Context::style(bool for_stderr) const {
  const int descriptor = for_stderr ? STDERR_FILENO : out_;
  report::Style out;
  out.lang = lang_;
  const std::string wanted = arguments_.value("--color").value_or("auto");
  const bool can = is_terminal(descriptor) && !environment("NO_COLOR") &&
                   environment("TERM").value_or("") != "dumb";
  out.color = wanted == "always" || (wanted == "auto" && can);
  out.ascii = terminal_charset() != "UTF-8";
  out.width = terminal_width(descriptor);
  if (const auto* known = known_platform()) out.zone = known->zone;
  out.quiet = quiet();
  return out;
}

report::Json Context::document() {
  return report::document(arguments_.command->name, setting(), now_);
}

report::Json Context::document(const std::optional<model::TokenRef>& token) {
  auto out = document();
  if (token)
    out["token"] = report::describe_token(*token, report_options());
  else
    out["file"] = base::decoded(base::as_bytes(arguments_.value("--file").value_or("")));
  return out;
}

int Context::emit(const report::Json& document, int status) {
  interruption_.end();
  if (json())
    put(out_, report::json_text(document), false);
  else
    put(out_, report::render(document, style()), true);
  return status;
}

void Context::add_options(const Arguments& earlier) {
  for (const auto& [name, values] : earlier.options) arguments_.options.try_emplace(name, values);
}

void Context::soften_interrupt(std::function<void()> once) {
  interruption_.soften(std::move(once));
}
void Context::take_interrupts() { interruption_.end(); }

void Context::warn(const std::string& text) const { put(STDERR_FILENO, text, true); }

void Context::try_warn(const std::string& text) const {
  try {
    warn(text);
  } catch (const base::Error&) {  // the exit status alone speaks
  }
}

void Context::warn_interrupted(const model::Card& card, report::Json& part) const {
  const auto& token = card.token;
  const auto& name = token.label.empty() ? token.serial : token.label;
  try {
    if (!ledger::Journal::open(state_folder(), card)) return;
    if (ops::is_claimed(state_folder() + "/claims", token.info())) return;
    part["resume_due"] = true;
    put(STDERR_FILENO, report::interrupted_renewal_note(name, style(true)), true);
  } catch (const base::Error& error) {  // who only looks is told, and shown the token all the same
    put(STDERR_FILENO, report::unreadable_record_note(error, style(true)), true);
  }
}

void Context::note(const std::string& text) const {
  if (!quiet()) put(STDERR_FILENO, text, true);
}

report::Lang language(const std::vector<std::string>& words) {
  std::optional<std::string> said;
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    if (words[i].starts_with("--lang=")) said = words[i].substr(7);
    if (words[i] == "--lang" && i + 1 < words.size()) said = words[i + 1];
  }
  for (const char* name : {"UKEY_LANG", "LC_ALL", "LC_MESSAGES", "LANG"})
    if (!said) said = environment(name);
  return said.value_or("en").starts_with("zh") ? report::Lang::zh : report::Lang::en;
}

void put(int descriptor, std::string_view text, bool for_people) {
  const std::string whole = for_people ? shown_at(descriptor, text) : std::string{text};
  std::string_view rest = whole;
  while (!rest.empty()) {
    const ssize_t done = write(descriptor, rest.data(), rest.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0)
      throw base::Error{base::Code::file_io, descriptor == STDERR_FILENO ? "stderr" : "stdout"};
    rest.remove_prefix(static_cast<std::size_t>(done));
  }
}

}  // namespace ukey::cli
