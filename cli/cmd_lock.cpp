// `lock`: which kind of lock a token is, with the evidence.
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "ops/card.hpp"

namespace ukey::cli {

int cmd_lock(Context& context) {
  const auto card = ops::read_only_card(context.bench(), ops::Depth::contents);
  const auto options = context.report_options();
  auto document = context.document(card.token);
  document["holder"] = report::describe_holder(card.holder, options);
  document["lock"] = report::describe_lock(card.lock, options);
  return context.emit(document);
}

}  // namespace ukey::cli
