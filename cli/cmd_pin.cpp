// `pin status | verify | change | unlock`: the PINs of one token.
#include <unistd.h>

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/error.hpp"
#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/pin_log.hpp"
#include "cli/pin_source.hpp"
#include "cli/terminal.hpp"
#include "ops/pins.hpp"
#include "ops/presence.hpp"
#include "report/explanation.hpp"
#include "report/note.hpp"

namespace ukey::cli {

namespace {

using model::PinResult;

/// Says what speaks against it and asks; --yes and --dry-run go on.
void confirm(const Context& context, const model::TokenInfo& token,
             const std::vector<model::PinDoubt>& doubts) {
  const auto subject = ops::subject_of(token);
  for (const auto doubt : doubts)
    context.warn(report::doubt_note(doubt, subject, context.style(true)));
  if (context.arguments().flag("--yes") || context.arguments().flag("--dry-run")) return;
  if (!report::is_yes(ask_line(report::doubt_question(subject, context.lang()))))
    throw base::Error{base::Code::usage, "--yes"}.because(base::Cause::unconfirmed);
}

/// What only a command that changes a token has to watch.
void begin_change(Context& context) {
  require_one_stdin(context);
  if (context.setting().as_of_overridden) context.warn(report::as_of_note(context.style(true)));
}

ops::NewPin new_pin(const Context& context) {
  return {pin_source(context, PinFamily::fresh, true),
          [&context](const auto& token, const auto& doubts) { confirm(context, token, doubts); },
          context.arguments().flag("--dry-run")};
}

int failed(Context& context, report::Json document, const model::PinJob& job) {
  const int status = base::exit_status(job.error->code());
  document["error"] = report::describe_error(*job.error, context.lang());
  if (context.json()) return context.emit(document, status);
  put(STDERR_FILENO, report::pin_failure(job, context.style(true)), true);
  return status;
}

int show(Context& context, const model::PinJob& job) {
  auto document = context.document(job.token);
  document.update(report::describe_pin_job(job));
  return job.error ? failed(context, std::move(document), job) : context.emit(document);
}

/// Records it, or tells why that cannot be: what was done is told all the same.
std::optional<base::Error> noted(const Context& context, PinLog& log, const model::TokenRef* token,
                                 PinResult result, const base::Error* failure) {
  try {
    log.end(token, result, failure);
    return std::nullopt;
  } catch (const base::Error& error) {
    context.try_warn(report::error_text(error, context.style(true)));
    return error;
  }
}

/// A bench that remembers in `reached` which token the work came to, and records what it begins.
ops::SharedBench pin_bench(Context& context, bool must_login, const std::shared_ptr<PinLog>& log,
                           const std::shared_ptr<std::optional<model::TokenRef>>& reached) {
  auto out = std::make_shared<ops::Bench>(*context.bench(must_login));
  out->reached = [reached](const model::TokenRef& token) { *reached = token; };
  out->sending = [log](const model::TokenRef& token) { log->begin(token); };
  return out;
}

using Work = std::function<model::PinJob(const ops::SharedBench&)>;

/// The work's document is printed; where that fails the work is done all the same, and said to be.
int told(Context& context, const model::PinJob& job) {
  try {
    return show(context, job);
  } catch (const base::Error& error) {
    if (job.error) {
      context.try_warn(report::pin_failure(job, context.style(true)));
      return base::exit_status(job.error->code());
    }
    context.try_warn(
        report::pin_done_note(job.result, context.arguments().command->name, context.style(true)));
    throw;
  }
}

/// Recorded before a PIN is sent and after it, then told: whoever reads the record learns what was
/// done, whatever becomes of the run and its output. A refusal before anything was sent is recorded
/// as well.
int run_job(Context& context, bool must_login, const Work& work) {
  const auto log = std::make_shared<PinLog>(context);
  const auto reached = std::make_shared<std::optional<model::TokenRef>>();
  std::optional<model::PinJob> job;
  try {
    job = work(pin_bench(context, must_login, log, reached));
  } catch (const base::Error& error) {
    (void)noted(context, *log, *reached ? &**reached : nullptr, PinResult::failed, &error);
    throw;
  }
  const auto* failure = job->error ? &*job->error : nullptr;
  const auto lost = noted(context, *log, &job->token, job->result, failure);
  const int status = told(context, *job);
  return status == 0 && lost ? base::exit_status(lost->code()) : status;
}

}  // namespace

int cmd_pin_status(Context& context) {
  const auto read = ops::read_pin_state(context.bench());
  auto document = context.document(read.token);
  document["pin"] = report::describe_pin(read.pin);
  return context.emit(document);
}

int cmd_pin_verify(Context& context) {
  const bool dry_run = context.arguments().flag("--dry-run");
  return run_job(context, true, [dry_run](const ops::SharedBench& bench) {
    return ops::verify_pin(bench, dry_run);
  });
}

int cmd_pin_change(Context& context) {
  begin_change(context);
  return run_job(context, true, [&context](const ops::SharedBench& bench) {
    return ops::change_pin(bench, new_pin(context));
  });
}

int cmd_pin_unlock(Context& context) {
  begin_change(context);
  return run_job(context, false, [&context](const ops::SharedBench& bench) {
    return ops::unlock_pin(bench, pin_source(context, PinFamily::so, true), new_pin(context));
  });
}

}  // namespace ukey::cli
