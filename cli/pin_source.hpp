// Where a PIN comes from: a file, an environment variable, standard input, a command, or the
// terminal. Never argv.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/secret.hpp"
#include "model/token.hpp"

namespace ukey::cli {

class Context;

/// Which of the three families of options.
enum class PinFamily { user, so, fresh };

/// The source that the options of this family name; with `ask`, the terminal when they name none (a
/// new PIN is asked twice there). Empty when there is none. Two sources at once are Error usage.
/// The source throws file_io (subject: the file), pin_missing (an unset variable, a failed command,
/// nothing typed) and pin_invalid: of more than 255 octets, or with the cause that policy::misread
/// or, unless --pin-as-is allows it, policy::mistyped gives. At the terminal the latter is asked
/// for again, or with --pin-as-is confirmed.
[[nodiscard]] std::function<base::Secret(const model::TokenInfo&)> pin_source(
    const Context& context, PinFamily family, bool ask);

/// The options of this family that were given, "--pin-file --pin-stdin"; "" when none was.
[[nodiscard]] std::string pin_options(const Context& context, PinFamily family);

/// The PIN in `file`, as --pin-file and `pin-source=file:` give it; warns when others can read it.
[[nodiscard]] base::Secret pin_from_file(const Context& context, const std::string& file);

/// The same of a secret that is no PIN: any characters are meant.
[[nodiscard]] base::Secret secret_from_file(const Context& context, const std::string& file);

/// Throws Error usage when two families read standard input, which holds one PIN only.
void require_one_stdin(const Context& context);

}  // namespace ukey::cli
