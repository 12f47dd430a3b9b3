// `practice create | list | plug | unplug | remove`: the drawer of practice tokens.
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/number_option.hpp"
#include "cli/places.hpp"
#include "cli/terminal.hpp"
#include "practice/drawer.hpp"
#include "report/note.hpp"

namespace ukey::cli {

namespace {

practice::Drawer drawer() { return practice::Drawer{practice_folder()}; }

int show(Context& context, const std::vector<practice::DrawerToken>& tokens) {
  std::vector<report::PracticeRow> rows;
  for (const auto& token : tokens)
    rows.push_back({token.name, token.label, token.serial, token.plugged});
  auto document = context.document();
  document["drawer"] = drawer().folder().string();
  document["practice"] = report::describe_practice(rows);
  return context.emit(document);
}

/// What changes a token is confirmed at the terminal or by --yes; without either nothing is done.
void confirm(const Context& context, const std::string& subject) {
  if (context.arguments().flag("--yes")) return;
  if (!report::is_yes(ask_line(report::removal_question(subject, context.lang()))))
    throw base::Error{base::Code::usage, "--yes"}.because(base::Cause::unconfirmed);
}

/// With --dry-run nothing is changed: the drawer is shown as it is, and what was not tried is said.
bool is_rehearsal(Context& context) {
  if (!context.arguments().flag("--dry-run")) return false;
  context.note(report::rehearsal_note(context.arguments().command->name, context.lang()));
  return true;
}

/// How many copies of each named token; 0 for the tokens themselves.
unsigned copies_of(const Arguments& arguments) {
  const auto number = number_option(arguments, "--count", 1, practice::kMostCopies);
  if (number && arguments.operands.empty())
    throw base::Error{base::Code::usage, "NAME"}.because(base::Cause::missing_word);
  return number.value_or(0);
}

}  // namespace

int cmd_practice_create(Context& context) {
  practice::CreateRequest request;
  request.copies = copies_of(context.arguments());
  if (is_rehearsal(context)) return show(context, drawer().list());
  request.now = context.setting().as_of;
  request.names = context.arguments().operands;
  request.softhsm = environment("UKEY_PRACTICE_SOFTHSM").value_or("");
  request.force = context.arguments().flag("--force");
  return show(context, drawer().create(request));
}

int cmd_practice_list(Context& context) { return show(context, drawer().list()); }

int cmd_practice_plug(Context& context) {
  if (!is_rehearsal(context))
    for (const auto& name : context.arguments().operands) drawer().plug(name);
  return show(context, drawer().list());
}

int cmd_practice_unplug(Context& context) {
  if (!is_rehearsal(context))
    for (const auto& name : context.arguments().operands) drawer().unplug(name);
  return show(context, drawer().list());
}

int cmd_practice_remove(Context& context) {
  const auto& names = context.arguments().operands;
  const bool all = context.arguments().flag("--all");
  if (all == !names.empty())
    throw base::Error{base::Code::usage, all ? "--all" : "NAME"}.because(
        all ? base::Cause::unwanted_word : base::Cause::missing_word);
  if (is_rehearsal(context)) return show(context, drawer().list());
  std::string subject = all ? drawer().folder().string() : "";
  for (const auto& name : names) subject += (subject.empty() ? "" : ", ") + name;
  confirm(context, subject);
  if (all) drawer().remove_all();
  for (const auto& name : names) drawer().remove(name);
  return show(context, drawer().list());
}

}  // namespace ukey::cli
