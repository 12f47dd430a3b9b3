#include "cli/batch_screen.hpp"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "cli/context.hpp"
#include "cli/terminal.hpp"
#include "report/batch.hpp"

namespace ukey::cli {

namespace {

constexpr const char* kWipe = "\r\x1b[K";

void say(const Context& context, const report::Json& event) {
  put(context.out(), report::json_line(event), false);
}

}  // namespace

BatchScreen::BatchScreen(Context& context)
    : context_(context), bar_(!context.json() && !context.quiet() && is_terminal(STDERR_FILENO)) {}

void BatchScreen::draw() const {
  if (!bar_) return;
  const auto style = context_.style(true);
  put(STDERR_FILENO, kWipe + report::batch_bar(done_, total_, running_, style), true);
}

void BatchScreen::clear() const {
  if (bar_) put(STDERR_FILENO, kWipe, false);
}

void BatchScreen::started(const model::Batch& batch, std::size_t items, unsigned jobs) {
  total_ = items;
  if (!context_.json()) return;
  auto line = context_.document();
  line.update(report::describe_batch_start(batch, items, jobs));
  say(context_, line);
}

void BatchScreen::began(const model::BatchItem& item) {
  ++running_;
  if (context_.json())
    say(context_, report::describe_item_progress(item, {}, context_.report_options()));
  draw();
}

void BatchScreen::progressed(const model::BatchItem& item, model::RenewalStep step) {
  if (context_.json())
    say(context_, report::describe_item_progress(item, step, context_.report_options()));
}

void BatchScreen::ended(const model::BatchItem& item, const model::ItemEnd& end, bool at_work) {
  ++done_;
  if (at_work && running_ > 0) --running_;
  if (context_.json())
    return say(context_, report::describe_item_end(item, end, context_.report_options()));
  clear();
  put(context_.out(), report::item_line(item, end, done_, total_, context_.style()), true);
  draw();
}

void BatchScreen::summed(const model::Batch& batch, const model::BatchSummary& summary) {
  clear();
  if (context_.json()) return say(context_, report::describe_batch_summary(batch, summary));
  put(context_.out(), report::batch_summary_text(batch, summary, context_.style()), true);
}

void BatchScreen::stopping() {
  clear();
  context_.try_warn(report::stopping_note(context_.style(true)));
}

}  // namespace ukey::cli
