// `seal list | show | export`: seals of the one token, or of an exported file.
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/export.hpp"
#include "ops/seals.hpp"
#include "report/words.hpp"

namespace ukey::cli {

namespace {

struct SealSource {
  std::optional<model::TokenRef> token;
  std::vector<model::SealRow> rows;
};

SealSource read_seals(Context& context, bool contents) {
  const auto bench = context.bench();
  if (const auto file = context.arguments().value("--file")) return {{}, {ops::file_seal(*file)}};
  auto read = ops::read_token_seals(bench, contents);
  return {read.token, std::move(read.rows)};
}

int show_rows(Context& context, bool contents, const std::string& selector) {
  const auto source = read_seals(context, contents);
  auto document = context.document(source.token);
  document["seals"] =
      report::describe_seals(ops::picked(source.rows, selector), context.report_options());
  return context.emit(document);
}

std::string extension_of(model::SealFormat format) {
  return format == model::SealFormat::unknown ? "bin" : std::string{report::symbol(format)};
}

std::optional<Output> output_of(const model::SealRow& row, bool raw) {
  if (!row.contents) return std::nullopt;
  if (raw) return Output{row.object.label + ".esl", row.contents->octets};
  if (row.contents->picture_data.empty()) return std::nullopt;
  const auto format = row.contents->picture ? row.contents->picture->format : row.contents->format;
  return Output{row.object.label + "." + extension_of(format), row.contents->picture_data};
}

}  // namespace

int cmd_seal_list(Context& context) { return show_rows(context, false, ""); }

int cmd_seal_show(Context& context) { return show_rows(context, true, context.operand()); }

int cmd_seal_export(Context& context) {
  const auto source = read_seals(context, true);
  std::vector<Output> outputs;
  for (const auto& row : ops::picked(source.rows, context.operand()))
    if (auto output = output_of(row, context.arguments().flag("--raw")))
      outputs.push_back(std::move(*output));
  if (outputs.empty()) throw base::Error{base::Code::not_found, context.operand()};
  return export_outputs(context, context.document(source.token), outputs, false);
}

}  // namespace ukey::cli
