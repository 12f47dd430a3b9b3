// What the pages about a token share: who holds it, which CA, the command that acts on it. It reads
// JSON parts only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "report/style.hpp"
#include "report/value.hpp"

namespace ukey::report {

/// One token's part of a document, as it is looked at for text.
struct Look {
  const Json& part;  ///< has `token` and whatever else the command gave
  const Style& style;
  std::optional<base::Time> as_of;
};

/// The look at a document of one token.
[[nodiscard]] Look look_at(const Json& document, const Style& style);

/// "ukey cert list -t 1234", unbroken: other tokens may be plugged in, whether or not the document
/// shows them. A placeholder where nothing fits the token alone.
[[nodiscard]] std::string command(const Look& look, std::string_view words);

/// The same for the token that the selector fits, in quotes where a shell wants them.
[[nodiscard]] std::string command(std::string_view words, std::string_view selector, Lang lang);

/// The holder's name as it is called: unit before person for an enterprise; "holder unknown" when
/// absent.
[[nodiscard]] std::string holder_name(const Look& look);

/// Kind of holder, numbers, and the second name; "" when nothing is known.
[[nodiscard]] std::string holder_facts(const Look& look);

/// "BJCA", or the phrase for an unknown one.
[[nodiscard]] std::string ca_word(const Look& look);

/// The kind of lock as a card names it; "" when there is no lock part.
[[nodiscard]] std::string lock_word(const Look& look);

/// Label, serial, maker and model, driver file: on one line.
[[nodiscard]] std::string token_facts(const Look& look);

/// What a document is about, on its first line: the token, else the file; "" when it says neither.
[[nodiscard]] std::string subject_line(const Json& document, const Style& style);

/// The label, or serial, or the phrase for neither.
[[nodiscard]] std::string token_name(const Look& look);

/// The label in a list of tokens; with the slot where only that tells the token from another.
[[nodiscard]] std::string listed_name(const Json& token);

/// `left` and, at the end of the line, `right`; "" when both do not fit.
[[nodiscard]] std::string spread(std::string_view left, std::string_view right, std::size_t width);

/// Parts that are not empty with the style's dot between.
[[nodiscard]] std::string dotted(const std::vector<std::string>& parts, const Style& style);

/// A "!" line, wrapped.
[[nodiscard]] std::string warning_line(std::string_view text, Tone tone, const Style& style);

/// The three lines of an error part (headline, technical if any, hint), indented.
[[nodiscard]] std::string error_lines(const Json& error, const Style& style,
                                      std::size_t indent = 2);

}  // namespace ukey::report
