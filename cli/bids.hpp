// Whether a bid is open: what options or a person at the terminal say of it, after the files that
// were named have been looked into.
#pragma once

#include <string>

#include "model/card.hpp"
#include "model/renewal_job.hpp"

namespace ukey::cli {

class Context;

/// Who holds the token, as questions name it; "?" when nobody knows.
[[nodiscard]] std::string holder_name(const model::Card& card);

/// The answer. --bid-files are looked into first: throws bid_open (subject: the files) when the
/// token's current certificate opens one of them, unless --bids-withdrawn. Then --bids-withdrawn,
/// --no-open-bids, or a yes or no typed at the terminal; bid_unanswered without any. --yes is no
/// answer. A typed no means that a bid is open: for the caller to record, then to refuse.
[[nodiscard]] model::BidStatement bid_statement(Context& context, const model::Card& card);

/// Throws bid_open about the card's token when that was the answer.
void require_none_open(const model::BidStatement& statement, const model::Card& card);

}  // namespace ukey::cli
