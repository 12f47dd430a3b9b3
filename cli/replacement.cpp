#include "cli/replacement.hpp"

#include <filesystem>
#include <system_error>

#include "base/error.hpp"
#include "base/pending_file.hpp"
#include "cli/context.hpp"
#include "cli/terminal.hpp"
#include "report/note.hpp"

namespace ukey::cli {

void allow_replacement(const Context& context, std::span<const std::string> paths) {
  if (context.arguments().flag("--yes")) return;
  std::string there;
  for (const auto& path : paths) {
    std::error_code unknown;
    if (!std::filesystem::is_regular_file(path, unknown)) continue;
    there += (there.empty() ? "" : ", ") + path;
  }
  if (there.empty()) return;
  if (!report::is_yes(ask_line(report::replacement_question(there, context.lang()))))
    throw base::Error{base::Code::usage, "--yes"};
}

void allow_replacement(const Context& context) {
  const std::string out = context.arguments().value("--out").value_or("-");
  if (out != "-") allow_replacement(context, {&out, 1});
}

void write_result(const std::string& path, base::ByteView octets) {
  base::PendingFile file{path, base::Readers::all};
  file.write(octets);
  file.commit();
}

}  // namespace ukey::cli
