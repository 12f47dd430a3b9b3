#include "cli/batch_child.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "cli/batch_lines.hpp"
#include "cli/batch_words.hpp"
#include "cli/context.hpp"
#include "cli/places.hpp"
#include "p11/pin_guard.hpp"
#include "report/batch.hpp"

namespace ukey::cli {

namespace {

using report::Json;

constexpr const char* kProgram = "/proc/self/exe";
constexpr std::size_t kMostLine = std::size_t{1} << 20;
constexpr std::chrono::hours kScanLimit{1};  // each call has a limit of its own
constexpr unsigned kMostScans = 64;          // each one but the first lost a slot

/// A child: what it is run with, and each line of JSON that it says. Lines that are none are
/// passed over, for modules print too.
base::Outcome run_words(std::vector<std::string> words, const ChildTask& task,
                        std::chrono::milliseconds limit, const base::Secret* secret,
                        const std::function<void(const Json&)>& hear) {
  base::Command command;
  command.argv = {kProgram, "batch", "run", "--json", "--quiet", "--yes"};
  command.argv.insert(command.argv.end(), words.begin(), words.end());
  command.environment = {task_variable(task)};
  command.limit = limit;
  command.most_output = kMostLine;
  command.own_session = true;
  return base::run_worker(command, secret, [&hear](std::string_view line) {
    const auto json = Json::parse(line, nullptr, false);
    if (!json.is_object()) return;
    try {
      hear(json);
    } catch (const Json::exception&) {  // a module printed it
    }
  });
}

/// How a child ended that did not say it itself.
base::Error broken(const base::Outcome& outcome, const std::string& subject) {
  using base::Code;
  if (outcome.end == base::Outcome::End::timed_out)
    return base::Error{Code::module_timeout, subject};
  base::Error out{Code::module_broken, subject};
  return outcome.end == base::Outcome::End::signalled ? out.because(base::Cause::child_died) : out;
}

/// What a child said to people, each line with its token.
void tell_of_child(const Context& context, const model::TokenRef& token, const base::Bytes& said) {
  const auto text = base::decoded(said);
  for (std::size_t from = 0; from < text.size();) {
    const auto end = std::min(text.find('\n', from), text.size());
    const auto line = text.substr(from, end - from);
    from = end + 1;
    if (!line.empty()) context.try_warn(report::child_note(token.label, line, context.style(true)));
  }
}

/// What one scan says.
struct Report {
  Scan scan;
  std::string last;  ///< the slot that was looked at last
  bool whole = false;
  std::optional<base::Error> error;

  void hear(const Json& line) {
    const auto event = line.value("event", "");
    if (event == "slot") last = line.value("slot", "");
    if (event == "token") scan.tokens.push_back(sighting_of(line));
    if (event == "modules") {
      for (const auto& row : line.at("modules")) scan.modules.push_back(module_row_of(row));
      whole = true;
    }
    if (event.empty()) error = error_of(line);
  }

  /// A module that hangs takes its other tokens along, unless the slot is left out.
  [[nodiscard]] std::optional<base::Error> hung() const {
    if (error && error->code() == base::Code::module_timeout) return error;
    for (const auto& row : scan.modules)
      if (row.error && row.error->code() == base::Code::module_timeout &&
          last.starts_with(row.file + "#"))
        return row.error;
    return std::nullopt;
  }
};

model::SeenSlot lost(const std::string& mark, const base::Error& error) {
  const auto hash = mark.rfind('#');
  model::SeenSlot out;
  out.token.modules = {mark.substr(0, hash)};
  out.slot = std::strtoul(mark.c_str() + hash + 1, nullptr, 16);
  out.error = error.about(mark);
  return out;
}

}  // namespace

std::string slot_mark(const std::string& file, unsigned long slot) {
  return file + "#" + base::hex_number(slot);
}

Scan scan_tokens(const Context& context) {
  ChildTask task;
  task.scan = true;
  std::vector<model::SeenSlot> gone;
  for (unsigned i = 0; i < kMostScans; ++i) {
    Report report;
    const auto outcome = run_words(scan_words(context), task, kScanLimit, nullptr,
                                   [&report](const Json& line) { report.hear(line); });
    const auto hung = report.hung();
    const bool seen =
        report.last.empty() || std::ranges::find(task.skip, report.last) != task.skip.end();
    if (report.whole && (!hung || seen)) {
      report.scan.tokens.insert(report.scan.tokens.end(), gone.begin(), gone.end());
      return report.scan;
    }
    if (report.error && !hung) throw base::Error{*report.error};
    const auto error = hung ? *hung : broken(outcome, report.last);
    if (seen) throw base::Error{error};
    task.skip.push_back(report.last);
    gone.push_back(lost(report.last, error));
  }
  throw base::Error{base::Code::module_broken};
}

model::ItemEnd run_item(const Context& context, const ItemLaunch& launch,
                        const std::function<void(model::RenewalStep)>& progress) {
  std::optional<model::ItemEnd> end;
  std::optional<base::Error> refused;
  bool sent = false;  // a PIN, and nobody has said what came of it
  std::vector<model::RenewalStep> steps;
  const auto hear = [&](const Json& line) {
    const auto event = line.value("event", "");
    if (event == "item") end = item_end_of(line);
    if (event == "pin") sent = true;
    if (event.empty()) refused = error_of(line);
    if (event != "progress") return;
    const auto step = report::enumerator<model::RenewalStep>(line.value("step", ""));
    if (step == model::RenewalStep::login) sent = false;  // it was right
    if (!step) return;
    steps.push_back(*step);
    progress(*step);
  };
  auto words = item_words(context);
  words.insert(words.end(), launch.words.begin(), launch.words.end());
  words.insert(words.end(), launch.pin_words.begin(), launch.pin_words.end());
  const auto outcome =
      run_words(std::move(words), launch.task, launch.limit, launch.secret.get(), hear);
  tell_of_child(context, launch.task.token, outcome.err);
  if (end) {
    const bool lost = sent && end->error && !p11::before_any_pin(*end->error);
    end->pin_unproven = end->pin_unproven || lost;
    return *end;
  }
  const auto error = refused ? *refused : broken(outcome, launch.task.token.label);
  throw ItemDied{error, sent, steps};
}

}  // namespace ukey::cli
