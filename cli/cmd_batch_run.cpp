// `batch run | resume`: renewal of many tokens, each in a process of its own.
#include <algorithm>

#include "base/error.hpp"
#include "cli/arguments.hpp"
#include "cli/batch_choice.hpp"
#include "cli/batch_lines.hpp"
#include "cli/batch_run.hpp"
#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/pin_source.hpp"

namespace ukey::cli {

namespace {

/// The options it was begun with. An answer about bids holds for the day on which it was given.
Arguments earlier_options(Context& context, const model::Batch& batch) {
  std::vector<std::string> words{"batch", "run"};
  const auto zone = context.platform().zone;
  const bool same_day = base::date_in(batch.begun, zone) == base::date_in(context.now(), zone);
  const bool own_pin =
      !pin_options(context, PinFamily::user).empty() || context.arguments().flag("--login");
  for (const auto& word : batch.options) {
    if (!same_day && (word == "--no-open-bids" || word == "--bids-withdrawn")) continue;
    if (own_pin && word.starts_with("--pin-")) continue;
    words.push_back(word);
  }
  return parse(words);
}

}  // namespace

int cmd_batch_run(Context& context) {
  if (const auto task = child_task()) return run_child(context, *task);
  auto book = writable_book(context);  // what cannot be remembered is not begun
  return BatchRun{context, std::move(book)}.begin();
}

int cmd_batch_resume(Context& context) {
  const auto book = writable_book(context);
  auto batch = chosen_batch(context, reached_store(context, *book));
  if (!batch) throw base::Error{base::Code::not_found}.because(base::Cause::no_batch);
  context.add_options(earlier_options(context, *batch));
  return BatchRun{context, book}.resume(std::move(*batch));
}

}  // namespace ukey::cli
