// `lock` and `renew check`: one token, one verdict.
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "ops/card.hpp"

namespace ukey::cli {

namespace {

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

}  // namespace

int cmd_lock(Context& context) {
  const auto card = ops::read_only_card(context.bench(), ops::Depth::contents);
  const auto options = context.report_options();
  auto document = context.document(card.token);
  document["holder"] = report::describe_holder(card.holder, options);
  document["lock"] = report::describe_lock(card.lock, options);
  return context.emit(document);
}

int cmd_renew_check(Context& context) {
  const auto card = ops::read_only_card(context.bench(), ops::Depth::labels);
  const auto options = context.report_options();
  auto document = context.document(card.token);
  document["pin"] = report::describe_pin(card.pin);
  document["holder"] = report::describe_holder(card.holder, options);
  document["ca"] = report::describe_ca(card.ca);
  document["renewal"] = report::describe_renewal(card.renewal);
  add_guide(context, document, card);
  return context.emit(document, card.renewal.verdict == model::Verdict::open ? 0 : 1);
}

}  // namespace ukey::cli
