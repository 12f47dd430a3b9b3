// `batch plan`: what would become of every token and of every row of a manifest.
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/masters.hpp"
#include "cli/pin_source.hpp"
#include "ops/manifest.hpp"
#include "ops/plan.hpp"
#include "report/csv.hpp"

namespace ukey::cli {

namespace {

/// The manifest that --manifest names; absent without it.
std::optional<model::Manifest> manifest(Context& context) {
  const auto path = context.arguments().value("--manifest");
  if (!path) return std::nullopt;
  return ops::read_manifest(*path, context.platform());
}

/// Whether options name a source of the user PIN; it is not asked.
bool has_pin_source(const Context& context, const ops::Bench& bench) {
  return !pin_options(context, PinFamily::user).empty() ||
         (bench.selector && bench.selector->pin_source());
}

}  // namespace

int cmd_batch_plan(Context& context) {
  const bool csv = context.arguments().flag("--csv");
  if (csv && context.json())
    throw base::Error{base::Code::usage, "--csv --json"}.because(base::Cause::unwanted_word);
  const auto rows = manifest(context);
  const auto bench = context.bench();
  const auto plan =
      ops::make_plan(bench, rows, {has_pin_source(context, *bench), master_source(context)});
  auto document = context.document();
  auto parts = report::describe_plan(plan, rows ? rows->file : "", context.report_options());
  for (auto& [key, part] : parts.items()) document[key] = std::move(part);  // it may be large
  if (!csv) return context.emit(document);
  put(context.out(), report::plan_csv(document), false);
  return 0;
}

}  // namespace ukey::cli
