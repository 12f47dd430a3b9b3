// Single lines for stderr beside a result: notes and questions. Their facts come from the model,
// their words from here.
#pragma once

#include <string>
#include <string_view>

#include "model/pin.hpp"
#include "model/renewal_job.hpp"
#include "model/token.hpp"
#include "report/style.hpp"
#include "report/words.hpp"

namespace ukey::report {

/// "note: module FILE (PROFILE) does not work: …", one line with its line end. Precondition: the
/// row has an error.
[[nodiscard]] std::string module_note(const model::ModuleRow& module, const Style& style);

/// Which PIN is asked for on the terminal; `again`: the new one a second time.
enum class PinAsked { user, so, fresh, again };

/// What is asked on the terminal for a PIN of a token, without line end: "PIN of LABEL (SERIAL): ".
/// Without a token it is of all tokens of a batch.
[[nodiscard]] std::string pin_question(PinAsked which, std::string_view token, Lang lang);

/// That a file with a PIN in it can be read by others, one line with its line end.
[[nodiscard]] std::string readable_file_note(std::string_view file, const Style& style);

/// That a token is changed while judging by another time than now, one line with its line end.
[[nodiscard]] std::string as_of_note(const Style& style);

/// What speaks against going on, about this token, one line with its line end.
[[nodiscard]] std::string doubt_note(model::PinDoubt doubt, std::string_view token,
                                     const Style& style);

/// What is asked before a token's PIN is changed in spite of a doubt; the answer is yes or no.
[[nodiscard]] std::string doubt_question(std::string_view token, Lang lang);

/// How work on a PIN failed, for stderr: the error, which steps are done, how the token stands now.
/// Precondition: the job has an error.
[[nodiscard]] std::string pin_failure(const model::PinJob& job, const Style& style);

/// How a renewal failed, for stderr: the error, which certificates do not fit and why, which steps
/// are done, what the token holds now. Precondition: the job has an error.
[[nodiscard]] std::string renewal_failure(const model::RenewalJob& job, const Style& style);

/// What should have gone from the token and did not, and why; without line end.
[[nodiscard]] std::string leftover_text(const model::Leftover& left, Lang lang);

/// What is asked before a renewal of `token`, of `holder`: whether it is true that no bid is open.
/// The answer is yes or no.
[[nodiscard]] std::string bid_question(std::string_view token, std::string_view holder, Lang lang);

/// That the ledger is away, and why, and that entries wait for it; one line with its line end.
[[nodiscard]] std::string spooled_note(const base::Error& why, const Style& style);

/// That so many records wait for the ledger, which is asked without them; one line with its line
/// end.
[[nodiscard]] std::string waiting_note(std::size_t records, const Style& style);

/// That a token which was in when a watch began is not renewed; one line with its line end.
[[nodiscard]] std::string inserted_note(std::string_view token, const Style& style);

/// That a token was renewed today already; one line with its line end.
[[nodiscard]] std::string handled_note(std::string_view token, const Style& style);

/// That the ledger could not be asked for main locks, and why; one line with its line end.
[[nodiscard]] std::string unasked_ledger_note(const base::Error& why, const Style& style);

/// That an interrupted renewal of `token` waits, one line with its line end.
[[nodiscard]] std::string interrupted_renewal_note(std::string_view token, const Style& style);

/// That a record of renewals cannot be read, so that nobody knows whether one was interrupted; one
/// line with its line end.
[[nodiscard]] std::string unreadable_record_note(const base::Error& error, const Style& style);

/// That no envelope could be read in these bid files, so that they say nothing, one line.
[[nodiscard]] std::string unread_bids_note(std::string_view files, const Style& style);

/// What is asked before a token's certificates are renewed; the answer is yes or no.
[[nodiscard]] std::string renewal_question(std::string_view token, std::string_view holder,
                                           Lang lang);

/// What a renewal is doing now, one line with its line end.
[[nodiscard]] std::string progress_note(model::RenewalStep step, const Style& style);

/// What work on a PIN came to, for stderr when its document cannot be printed: one line with its
/// line end. `command` is "pin verify" or another of its group.
[[nodiscard]] std::string pin_done_note(model::PinResult result, std::string_view command,
                                        const Style& style);

/// Which PIN is to be typed on the token itself now, one line with its line end.
[[nodiscard]] std::string typed_there_note(PinAsked which, std::string_view token,
                                           const Style& style);

/// That these options, which name a PIN, are not used, for it is typed on the token itself: one
/// line with its line end.
[[nodiscard]] std::string unused_pin_note(std::string_view options, const Style& style);

/// That a PIN from `source` has quotation marks or a word about it and is sent so, one line with
/// its line end.
[[nodiscard]] std::string dressed_note(std::string_view source, const Style& style);

/// What is asked before a PIN that is hardly what was meant is sent to `token`; the answer is yes
/// or no.
[[nodiscard]] std::string as_is_question(std::string_view token, Lang lang);

/// What is asked before `subject` is erased, without line end; the answer is yes or no.
[[nodiscard]] std::string removal_question(std::string_view subject, Lang lang);

/// That a watch for tokens goes on, and what ends it, one line with its line end.
[[nodiscard]] std::string watching_note(const Style& style);

/// What makes a drawer that the practice CA can work with, where there is none or one of an older
/// version, one line with its line end.
[[nodiscard]] std::string drawer_note(bool missing, const Style& style);

/// What is asked before the file `path` is replaced, without line end; the answer is yes or no.
[[nodiscard]] std::string replacement_question(std::string_view path, Lang lang);

/// That --dry-run kept `command` from changing anything, one line with its line end.
[[nodiscard]] std::string rehearsal_note(std::string_view command, Lang lang);

/// Whether what was typed at such a question is a yes: "y", "yes" or "是", blanks and ASCII case
/// aside.
[[nodiscard]] bool is_yes(std::string_view answer);

/// Whether it is a no: "n", "no", "否" or "不是". What is neither is no answer.
[[nodiscard]] bool is_no(std::string_view answer);

}  // namespace ukey::report
