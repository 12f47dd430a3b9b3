#include "cli/bids.hpp"

#include <unistd.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "cli/terminal.hpp"
#include "ops/envelopes.hpp"
#include "report/note.hpp"

namespace ukey::cli {

namespace {

using model::BidAnswer;

constexpr std::size_t kNamed = 5;  // envelopes that a refusal names

std::string named(const model::EnvelopeRow& row) {
  return row.entry.empty() ? row.file : row.file + " / " + row.entry;
}

std::string names_of(const std::vector<model::EnvelopeRow>& rows) {
  std::string out;
  for (std::size_t i = 0; i < rows.size() && i < kNamed; ++i)
    out += (i == 0 ? "" : ", ") + named(rows[i]);
  return rows.size() > kNamed ? out + ", ... (" + std::to_string(rows.size()) + ")" : out;
}

/// Files that cannot be read say nothing, and nothing is not "no bid": they stop the renewal.
std::vector<std::string> look_into(Context& context, const std::vector<std::string>& paths,
                                   const model::Card& card, bool withdrawn) {
  if (paths.empty()) return {};
  const auto found = ops::bid_envelopes(paths, card.certificates);
  for (const auto& row : found.unread)
    if (row.error && row.error->code() == base::Code::file_io) throw base::Error{*row.error};
  if (!found.unread.empty())
    put(STDERR_FILENO, report::unread_bids_note(names_of(found.unread), context.style(true)), true);
  if (!found.current.empty() && !withdrawn)
    throw base::Error{base::Code::bid_open, names_of(found.current)};
  std::vector<std::string> unread;
  for (const auto& row : found.unread) unread.push_back(named(row));
  return unread;
}

}  // namespace

std::string holder_name(const model::Card& card) {
  return card.holder.organisation.value_or(card.holder.name.value_or("?"));
}

model::BidStatement bid_statement(Context& context, const model::Card& card) {
  const auto& arguments = context.arguments();
  const bool withdrawn = arguments.flag("--bids-withdrawn");
  model::BidStatement out;
  out.at = context.now();
  out.files = arguments.list("--bid-files");
  out.unread = look_into(context, out.files, card, withdrawn);
  if (withdrawn) {
    out.answer = BidAnswer::withdrawn;
    return out;
  }
  if (arguments.flag("--no-open-bids")) return out;
  out.typed = true;
  const auto question = report::bid_question(card.token.label, holder_name(card), context.lang());
  const auto said = ask_line(question);
  if (report::is_no(said)) out.answer = BidAnswer::open;
  if (!report::is_no(said) && !report::is_yes(said))
    throw base::Error{base::Code::bid_unanswered, card.token.label};
  return out;
}

void require_none_open(const model::BidStatement& statement, const model::Card& card) {
  if (statement.answer == BidAnswer::open)
    throw base::Error{base::Code::bid_open, card.token.label};
}

}  // namespace ukey::cli
