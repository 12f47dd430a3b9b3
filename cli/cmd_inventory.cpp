// `object list` and `mechanism list`: what lies on a token, for power users.
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "ops/inventory.hpp"

namespace ukey::cli {

int cmd_object_list(Context& context) {
  const auto read = ops::read_objects(context.bench());
  const auto options = context.report_options();
  auto document = context.document(read.token);
  document["objects"] = report::describe_objects(read.objects, options);
  return context.emit(document);
}

int cmd_mechanism_list(Context& context) {
  const auto read = ops::read_mechanisms(context.bench());
  auto document = context.document(read.token);
  document["mechanisms"] = report::describe_mechanisms(read.mechanisms, context.lang());
  return context.emit(document);
}

}  // namespace ukey::cli
