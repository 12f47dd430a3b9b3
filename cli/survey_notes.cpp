#include "cli/survey_notes.hpp"

#include "report/note.hpp"

namespace ukey::cli {

void note_failed_modules(Context& context, const std::vector<model::ModuleRow>& modules) {
  if (context.json()) return;
  for (const auto& module : modules)
    if (module.error) context.note(report::module_note(module, context.style(true)));
}

}  // namespace ukey::cli
