// An error in words: what happened, what the token answered, what to do next. It refuses guesses: a
// hint names a command or an action that exists.
#pragma once

#include <string>

#include "base/error.hpp"
#include "report/style.hpp"
#include "report/words.hpp"

namespace ukey::report {

struct Explanation {
  std::string headline;   ///< with the subject, as it came
  std::string technical;  ///< "C_Login -> CKR_PIN_INCORRECT (0xa0)" and the vendor's note; "" when
                          ///< no token answered
  std::string hint;       ///< the next command or action
};

/// The words for `error`. Its subject is in the headline still unescaped.
[[nodiscard]] Explanation explain(const base::Error& error, Lang lang);

/// "0xa0"; "" when the call was given up before it answered.
[[nodiscard]] std::string rv_text(const base::Pkcs11Answer& answer);

/// What a PKCS#11 module answered: "C_Login -> CKR_PIN_INCORRECT (0xa0)", or "C_Login ->
/// 0x800000a0" without symbol.
[[nodiscard]] std::string technical_text(std::string_view call, std::string_view ckr,
                                         std::string_view rv);

/// The lines for stderr, each with its line end: headline, technical line if there is one, hint.
[[nodiscard]] std::string error_text(const base::Error& error, const Style& style);

}  // namespace ukey::report
