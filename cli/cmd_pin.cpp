// `pin status | verify | change | unlock`: the PINs of one token.
#include <unistd.h>

#include <functional>
#include <nlohmann/json.hpp>

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

using Work = std::function<model::PinJob()>;

/// What the work came to; a refusal before anything was sent is recorded as well.
model::PinJob recorded(const PinLog& log, const Work& work) {
  try {
    return work();
  } catch (const base::Error& error) {
    log.add(nullptr, PinResult::failed, &error);
    throw;
  }
}

int run_job(Context& context, const Work& work) {
  const PinLog log{context};
  const auto job = recorded(log, work);
  const int status = show(context, job);
  try {
    log.add(&job.token, job.result, job.error ? &*job.error : nullptr);
  } catch (const base::Error& error) {  // the work is done and told; that it is not recorded, too
    put(STDERR_FILENO, report::error_text(error, context.style(true)), true);
    return status == 0 ? base::exit_status(error.code()) : status;
  }
  return status;
}

}  // namespace

int cmd_pin_status(Context& context) {
  const auto read = ops::read_pin_state(context.bench());
  auto document = context.document(read.token);
  document["pin"] = report::describe_pin(read.pin);
  return context.emit(document);
}

int cmd_pin_verify(Context& context) {
  return run_job(context, [&context] { return ops::verify_pin(context.bench(true)); });
}

int cmd_pin_change(Context& context) {
  begin_change(context);
  return run_job(context,
                 [&context] { return ops::change_pin(context.bench(true), new_pin(context)); });
}

int cmd_pin_unlock(Context& context) {
  begin_change(context);
  return run_job(context, [&context] {
    return ops::unlock_pin(context.bench(), pin_source(context, PinFamily::so, true),
                           new_pin(context));
  });
}

}  // namespace ukey::cli
