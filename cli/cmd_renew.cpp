// `renew check | request | install | run | resume`: the certificates of one token.
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/recording.hpp"
#include "cli/renewal_order.hpp"
#include "cli/request_file.hpp"
#include "ops/card.hpp"
#include "ops/renewal.hpp"
#include "report/explanation.hpp"
#include "report/note.hpp"
#include "x509/bundle.hpp"

namespace ukey::cli {

namespace {

constexpr std::size_t kMostFile = 16U << 20;

/// What the holder has to bring for the service that comes next, where there is one.
void add_guide(Context& context, report::Json& document, const model::Card& card) {
  using model::NextStep;
  const auto step = card.renewal.next_step;
  if (step != NextStep::first_issue && step != NextStep::renew_now) return;
  const bool first = step == NextStep::first_issue;
  std::optional<model::HolderKind> holder;
  if (card.holder.kind != model::HolderKind::unknown) holder = card.holder.kind;
  const bool known = context.platform().contacts.contains(card.ca.id);
  document["guide"] =
      report::describe_guide(first ? model::Service::first_issue : model::Service::renew,
                             context.platform(), holder, known ? card.ca.id : "");
}

int show(Context& context, const model::RenewalJob& job,
         const std::vector<report::WrittenFile>& files = {}) {
  auto document = context.document(job.token);
  document.update(report::describe_renewal_job(job, context.report_options()));
  if (!files.empty()) document["files"] = report::describe_files(files);
  if (!job.error) return context.emit(document);
  const int status = base::exit_status(job.error->code());
  document["error"] = report::describe_error(*job.error, context.lang());
  if (context.json()) return context.emit(document, status);
  put(STDERR_FILENO, report::renewal_failure(job, context.style(true)), true);
  return status;
}

}  // namespace

int cmd_renew_check(Context& context) {
  const auto card = ops::read_only_card(context.bench(), ops::Depth::labels);
  const auto options = context.report_options();
  auto document = context.document(card.token);
  document["pin"] = report::describe_pin(card.pin);
  document["holder"] = report::describe_holder(card.holder, options);
  document["ca"] = report::describe_ca(card.ca);
  document["renewal"] = report::describe_renewal(card.renewal);
  context.warn_interrupted(card, document);
  add_guide(context, document, card);
  return context.emit(document, card.renewal.verdict == model::Verdict::open ? 0 : 1);
}

int cmd_renew_request(Context& context) {
  auto order = renewal_order(context);
  if (!order.new_keys) order.confirm = nullptr;  // nothing on the token changes
  const auto out = context.arguments().value("--out").value_or("-");
  if (out == "-" && context.json())
    throw base::Error{base::Code::usage, "--out FILE"}.because(base::Cause::missing_word);
  std::vector<report::WrittenFile> files;
  order.deliver = request_delivery(context, &files);
  const auto bench = context.bench(true);
  const auto job = recorded(context, order, [&bench](const auto& followed) {
    return ops::request_renewal(bench, followed);
  });
  if (out == "-" && !job.error && !order.dry_run) return 0;
  return show(context, job, files);
}

int cmd_renew_install(Context& context) {
  std::vector<base::Bytes> issued;
  for (const auto& path : context.arguments().operands) {
    try {
      for (auto& der : x509::certificates_in(base::read_file(path, kMostFile)))
        issued.push_back(std::move(der));
    } catch (const base::Error& error) {
      if (error.cause() == base::Cause::large_file) throw;
      throw base::Error{error.code(), path};
    }
  }
  const auto bench = context.bench(true);
  const auto job = recorded(context, renewal_order(context), [&](const auto& order) {
    return ops::install_certificates(bench, order, std::move(issued));
  });
  return show(context, job);
}

int cmd_renew_run(Context& context) {
  auto order = renewal_order(context);
  std::vector<report::WrittenFile> files;
  order.deliver = request_delivery(context, &files);
  const auto bench = context.bench(true);
  const auto job = recorded(
      context, order, [&bench](const auto& followed) { return ops::run_renewal(bench, followed); });
  return show(context, job, files);
}

int cmd_renew_resume(Context& context) {
  const auto bench = context.bench(true);
  const auto job = recorded(context, renewal_order(context), [&bench](const auto& order) {
    return ops::resume_renewal(bench, order);
  });
  return show(context, job);
}

}  // namespace ukey::cli
