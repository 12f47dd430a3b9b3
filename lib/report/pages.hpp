// The pages of text output, one a command: document in, finished lines out. Commands without a page
// get the generic one. Inside report/ only.
#pragma once

#include <string>

#include "report/look.hpp"

namespace ukey::report {

/// `status`: a card a token.
[[nodiscard]] std::string status_page(const Json& document, const Style& style);
/// One card, of a token's part of a document.
[[nodiscard]] std::string card_text(const Look& look);
/// `list`: a line a token.
[[nodiscard]] std::string list_page(const Json& document, const Style& style);
/// `cert list`, `cert show`, `cert verify`.
[[nodiscard]] std::string certificate_list_page(const Json& document, const Style& style);
[[nodiscard]] std::string certificate_page(const Json& document, const Style& style);
[[nodiscard]] std::string verify_page(const Json& document, const Style& style);
/// `lock`: the verdict and its evidence.
[[nodiscard]] std::string lock_page(const Json& document, const Style& style);
/// `seal list`, `seal show`.
[[nodiscard]] std::string seal_list_page(const Json& document, const Style& style);
[[nodiscard]] std::string seal_page(const Json& document, const Style& style);
/// `renew check`: the verdict, its dates, the next step; with a part `guide` what to bring and whom
/// to call.
[[nodiscard]] std::string renewal_page(const Json& document, const Style& style);
/// `renew request`, `renew install`, `renew run`, `renew resume`.
[[nodiscard]] std::string renewal_job_page(const Json& document, const Style& style);
/// `guide`, and the same part inside another document.
[[nodiscard]] std::string guide_page(const Json& document, const Style& style);
[[nodiscard]] std::string guide_part(const Json& guide, const Style& style);
/// `pin status`; `pin verify`, `pin change`, `pin unlock`.
[[nodiscard]] std::string pin_page(const Json& document, const Style& style);
[[nodiscard]] std::string pin_job_page(const Json& document, const Style& style);
/// `envelope check`; `envelope encrypt`, `envelope decrypt`.
[[nodiscard]] std::string envelope_page(const Json& document, const Style& style);
[[nodiscard]] std::string envelope_written_page(const Json& document, const Style& style);
/// `object list`, `mechanism list`, `practice list`.
[[nodiscard]] std::string object_page(const Json& document, const Style& style);
[[nodiscard]] std::string mechanism_page(const Json& document, const Style& style);
[[nodiscard]] std::string practice_page(const Json& document, const Style& style);
[[nodiscard]] std::string practice_ca_page(const Json& document, const Style& style);
/// `profile list`, `profile check`; `profile show` is the generic page.
[[nodiscard]] std::string profile_list_page(const Json& document, const Style& style);
[[nodiscard]] std::string profile_check_page(const Json& document, const Style& style);
/// `batch plan`: a line an item, the findings, how many there are of each verdict.
[[nodiscard]] std::string plan_page(const Json& document, const Style& style);
/// Any document: its keys in their order, nested parts under a heading.
[[nodiscard]] std::string generic_page(const Json& document, const Style& style);

/// Pieces that several pages show.
/// Mark, verdict, holder, and at the end of the line kind of lock and CA (on a second line where
/// they do not fit).
[[nodiscard]] std::string renewal_headline(const Look& look);
/// "2026-12-12 (20 days left)"; with the time of day and the last full day where the end is not the
/// end of a day.
[[nodiscard]] std::string valid_until(const Look& look);
/// The renewal window in words; "" when none is known.
[[nodiscard]] std::string window_text(const Look& look);
/// What to do next, with its command.
[[nodiscard]] std::string next_step(const Look& look);
/// What to do about a locked user PIN.
[[nodiscard]] std::string unlocking(const Look& look);
/// What would settle an undetermined kind of lock.
[[nodiscard]] std::string settling(const Look& look);
/// "unit seal √  legal rep. seal ×": the evidence on one line; "" without evidence.
[[nodiscard]] std::string seals_text(const Look& look);
/// The lines of a document's findings; "" without any.
[[nodiscard]] std::string finding_lines(const Json& document, const Style& style);
/// The lines of everything that needs attention on a card; "" when nothing does.
[[nodiscard]] std::string warnings(const Look& look);

}  // namespace ukey::report
