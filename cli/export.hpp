// Results that are files: to standard output, a file or a folder, as --out says.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "cli/context.hpp"

namespace ukey::cli {

struct Output {
  std::string name;  ///< proposed file name; made safe before it is used
  base::Bytes octets;
};

/// Without --out, or with "-": to standard output, one after another when they are text
/// (`joinable`), else only one (Error usage, subject "--out"). With --out: one output to that file,
/// or into that folder when it is one; several into the folder, which is made. Prints `document`
/// with `files[]` (path, bytes) then; to standard output nothing else goes.
int export_outputs(Context& context, report::Json document, const std::vector<Output>& outputs,
                   bool joinable);

/// `name` without path separators, control characters and leading dots; "unnamed" when nothing is
/// left.
[[nodiscard]] std::string safe_name(const std::string& name);

}  // namespace ukey::cli
