// `status` and `list`: all tokens, a card or a line each.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/error.hpp"
#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/masters.hpp"
#include "ops/card.hpp"

namespace ukey::cli {

namespace {

/// 0 when at least one token was read, else the first error's status.
int status_of(const model::Survey& survey) {
  const auto failed = [](const model::Card& card) { return card.error.has_value(); };
  if (!std::ranges::all_of(survey.cards, failed)) return 0;
  return base::exit_status(survey.cards.front().error->code());
}

std::vector<model::SeveralMasters> several_masters(Context& context, const model::Survey& survey,
                                                   base::Time now) {
  std::vector<const model::Card*> cards;
  for (const auto& card : survey.cards) cards.push_back(&card);
  return ops::masters_among(cards, now, master_source(context));
}

}  // namespace

int cmd_status(Context& context) {
  const auto bench = context.bench();
  const auto survey = ops::read_survey(bench, ops::Depth::labels, false);
  auto document = context.document();
  document.update(report::describe_survey(survey, context.report_options()));
  document["findings"] = report::describe_masters(several_masters(context, survey, bench->as_of),
                                                  context.report_options());
  for (std::size_t i = 0; i < survey.cards.size(); ++i)
    context.warn_interrupted(survey.cards[i], document["tokens"][i]);
  return context.emit(document, status_of(survey));
}

int cmd_list(Context& context) {
  const bool all = context.arguments().flag("--all");
  const auto survey = ops::read_survey(context.bench(), ops::Depth::certificates, all);
  auto document = context.document();
  document.update(report::describe_list(survey, context.report_options()));
  return context.emit(document, status_of(survey));
}

}  // namespace ukey::cli
