#include "cli/bids.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "cli/terminal.hpp"
#include "report/note.hpp"

namespace ukey::cli {

namespace {

using model::BidAnswer;

std::string holder_of(const model::Card& card) {
  return card.holder.organisation.value_or(card.holder.name.value_or("?"));
}

void look_into(const std::vector<std::string>& paths, const model::Card& card, bool withdrawn) {
  (void)paths;
  (void)card;
  (void)withdrawn;
}

}  // namespace

model::BidStatement bid_statement(Context& context, const model::Card& card) {
  const auto& arguments = context.arguments();
  const bool withdrawn = arguments.flag("--bids-withdrawn");
  model::BidStatement out;
  out.at = context.now();
  out.files = arguments.list("--bid-files");
  look_into(out.files, card, withdrawn);
  if (withdrawn) {
    out.answer = BidAnswer::withdrawn;
    return out;
  }
  if (arguments.flag("--no-open-bids")) return out;
  out.typed = true;
  const auto question = report::bid_question(card.token.label, holder_of(card), context.lang());
  if (!report::is_yes(ask_line(question)))
    throw base::Error{base::Code::bid_unanswered, card.token.label};
  return out;
}

}  // namespace ukey::cli
