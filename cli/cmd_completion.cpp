// `completion bash|zsh|fish`: made from the tables, never touching a token.
#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "cli/context.hpp"

namespace ukey::cli {

int cmd_completion(Context& context) {
  put(context.out(), completion_script(context.operand(), context.lang()), false);
  return 0;
}

}  // namespace ukey::cli
