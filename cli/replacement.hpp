// Files that a command writes where --out says: one rule for all of them. What is there already
// goes only when somebody says so, and not before what takes its place is whole.
#pragma once

#include <span>
#include <string>

#include "base/bytes.hpp"

namespace ukey::cli {

class Context;

/// Asks at the terminal when one of these is a file already, once for all; devices and pipes are
/// nobody's loss. Throws usage (subject "--yes") unless the answer is a yes, or --yes was given.
/// For a command to call before it does anything.
void allow_replacement(const Context& context, std::span<const std::string> paths);

/// The same for what --out names; nothing is asked for stdout and without --out.
void allow_replacement(const Context& context);

/// Writes a file that others may read too. Throws file_io (subject: path), and leaves then what was
/// there.
void write_result(const std::string& path, base::ByteView octets);

}  // namespace ukey::cli
