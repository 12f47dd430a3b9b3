// Single lines for stderr beside a result: notes and questions. Their facts come from the model,
// their words from here.
#pragma once

#include <string>
#include <string_view>

#include "model/token.hpp"
#include "report/style.hpp"
#include "report/words.hpp"

namespace ukey::report {

/// "note: module FILE (PROFILE) does not work: …", one line with its line end. Precondition: the
/// row has an error.
[[nodiscard]] std::string module_note(const model::ModuleRow& module, const Style& style);

/// What is asked on the terminal for the user PIN of a token, without line end: "PIN of LABEL
/// (SERIAL): ".
[[nodiscard]] std::string pin_question(std::string_view token, Lang lang);

/// What is asked before `subject` is erased, without line end; the answer is yes or no.
[[nodiscard]] std::string removal_question(std::string_view subject, Lang lang);

/// That --dry-run kept `command` from changing anything, one line with its line end.
[[nodiscard]] std::string rehearsal_note(std::string_view command, Lang lang);

/// Whether what was typed at such a question is a yes: "y", "yes" or "是", blanks and ASCII case
/// aside.
[[nodiscard]] bool is_yes(std::string_view answer);

}  // namespace ukey::report
