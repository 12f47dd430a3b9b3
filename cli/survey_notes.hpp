// What people are told on stderr beside a survey.
#pragma once

#include <vector>

#include "cli/context.hpp"
#include "model/token.hpp"

namespace ukey::cli {

/// One note on stderr for each module that was found through a profile and does not work. With
/// --json the document says it.
void note_failed_modules(Context& context, const std::vector<model::ModuleRow>& modules);

}  // namespace ukey::cli
