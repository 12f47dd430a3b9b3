// The only file that includes CLI11, which is slow to compile.
#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/error.hpp"
#include "cli/arguments.hpp"
#include "cli/options.hpp"
#include "cli/suggestion.hpp"

namespace ukey::cli {

namespace {

using Options = std::vector<std::pair<std::string, CLI::Option*>>;

void add(CLI::App& app, const OptionRow& row, Options& options) {
  std::string names{row.name};
  if (!row.short_name.empty()) names += "," + std::string{row.short_name};
  CLI::Option* option = nullptr;
  switch (row.kind) {
    case Kind::flag:
      option = app.add_flag(names);
      break;
    case Kind::optional_value:
      option = app.add_flag(names + "{-}");
      break;
    case Kind::value:
    case Kind::list:
      option = app.add_option(names)->expected(1)->allow_extra_args(false);
      break;
  }
  if (row.kind == Kind::list) option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  if (row.offer == Offer::choices) {
    const std::vector<std::string> choices = CLI::detail::split(std::string{row.value}, '|');
    option->check(CLI::IsMember(choices));
  }
  options.emplace_back(row.name, option);
}

void add_operands(CLI::App& app, const Operands& operands, std::vector<std::string>& target) {
  if (operands.name.empty()) return;
  auto* option = app.add_option(std::string{operands.name}, target);
  option->expected(static_cast<int>(operands.least), static_cast<int>(operands.most));
  if (operands.least > 0) option->required();
  if (!operands.choices.empty())
    option->check(CLI::IsMember(CLI::detail::split(std::string{operands.choices}, '|')));
}

/// The subcommand for "cert show", its group made when it is not there yet.
CLI::App* add_command(CLI::App& root, const CommandRow& row) {
  CLI::App* parent = &root;
  for (const auto& word : CLI::detail::split(std::string{row.name}, ' ')) {
    const auto there =
        parent->get_subcommands([&word](CLI::App* app) { return app->get_name() == word; });
    parent = there.empty() ? parent->add_subcommand(word) : there.front();
    parent->fallthrough()->require_subcommand(0, 1);
    parent->set_help_flag();
  }
  return parent;
}

/// "cert show" of the deepest subcommand that was said; "" for none.
std::string said_command(const CLI::App& root) {
  std::string name;
  const CLI::App* app = &root;
  while (!app->get_subcommands().empty()) {
    app = app->get_subcommands().front();
    name += (name.empty() ? "" : " ") + app->get_name();
  }
  return name;
}

using base::Cause;

[[noreturn]] void refuse_as(Cause cause, const std::string& subject) {
  throw base::Error{base::Code::usage, subject}.because(cause);
}

/// The datum in one of CLI11's English sentences: "--lang: fr not in {zh,en}" gives "--lang: fr
/// (zh,en)", "--years: 1 required INT missing" and "SERVICE is required" give the name alone.
std::string datum_of(std::string what) {
  what = what.substr(0, what.find('\n'));
  const auto choices = what.find(" not in {");
  if (choices != std::string::npos)
    return what.substr(0, choices) + " (" + what.substr(choices + 9, what.find('}') - choices - 9) +
           ")";
  constexpr std::string_view kUnconverted = "Could not convert: ";  // a flag that was given a value
  if (what.starts_with(kUnconverted)) what.erase(0, kUnconverted.size());
  return what.substr(0, what.find_first_of(": "));
}

Cause cause_of(const CLI::ParseError& error) {
  const std::string what = error.what();
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) return Cause::missing_word;
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) == nullptr) return Cause::bad_value;
  return what.find("At Most") != std::string::npos ? Cause::repeated : Cause::missing_value;
}

/// A word that nobody expected, on a command line that has to do with PINs: it may be one.
bool may_be_secret(const std::vector<std::string>& words, const std::string& command) {
  const auto about_pins = [](const std::string& word) {
    return word.starts_with("--login") || word.starts_with("--pin") ||
           word.starts_with("--so-pin") || word.starts_with("--new-pin");
  };
  return command.starts_with("pin") || std::ranges::any_of(words, about_pins);
}

/// An option without what may be its value: "--pin=1234" and "-p1234" are shown as "--pin" and
/// "-p".
std::string without_value(const std::string& word) {
  return word.starts_with("--") ? word.substr(0, word.find('=')) : word.substr(0, 2);
}

[[noreturn]] void refuse_extra(const CLI::App& root, std::vector<std::string> extra,
                               const std::vector<std::string>& words) {
  const auto command = said_command(root);
  std::erase(extra, "--");
  const std::string word = extra.empty() ? "--" : extra.front();
  const auto meant = suggestion(command, word);
  const auto with_meant = [&meant](const std::string& shown) {
    return meant.empty() ? shown : shown + " (" + meant + "?)";
  };
  if (word.starts_with("-")) refuse_as(Cause::unknown_option, with_meant(without_value(word)));
  if (may_be_secret(words, command)) {
    if (meant.empty()) refuse_as(Cause::unwanted_secret, "");
    refuse_as(Cause::unknown_word, meant + "?");
  }
  const bool in_command = find_command(command) != nullptr;
  refuse_as(in_command ? Cause::unwanted_word : Cause::unknown_word, with_meant(word));
}

[[noreturn]] void refuse(const CLI::App& root, const CLI::ParseError& error,
                         const std::vector<std::string>& words) {
  const auto extra = root.remaining(true);
  if (!extra.empty()) refuse_extra(root, extra, words);
  refuse_as(cause_of(error), datum_of(error.what()));
}

bool is_flag(std::string_view name) {
  for (const auto& row : global_options())
    if (row.name == name) return row.kind == Kind::flag;
  for (const auto& row : commands())
    for (const auto option : row.options)
      if (option == name) return command_option(option).kind == Kind::flag;
  return false;
}

/// CLI11 would take the next word as the value of "--token=", and "--yes=no" for a yes.
void refuse_odd_values(const std::vector<std::string>& words) {
  for (const auto& word : words) {
    if (word == "--") return;
    if (word.starts_with("--") && word.ends_with('='))
      refuse_as(Cause::missing_value, without_value(word));
    if (word.find('=') != std::string::npos && is_flag(without_value(word)))
      refuse_as(Cause::unwanted_value, without_value(word));
  }
}

/// CLI11 takes "-t=abc" as the value "=abc"; people mean "abc".
std::vector<std::string> without_short_equals(std::vector<std::string> words) {
  for (auto& word : words) {
    if (word == "--") break;
    if (word.size() > 2 && word[0] == '-' && word[1] != '-' && word[2] == '=') word.erase(2, 1);
  }
  return words;
}

}  // namespace

std::optional<std::string> Arguments::value(std::string_view name) const {
  const auto found = options.find(name);
  if (found == options.end() || found->second.empty()) return std::nullopt;
  return found->second.back();
}

std::vector<std::string> Arguments::list(std::string_view name) const {
  const auto found = options.find(name);
  return found == options.end() ? std::vector<std::string>{} : found->second;
}

Arguments parse(const std::vector<std::string>& words) {
  refuse_odd_values(words);
  CLI::App root{"", "ukey"};
  root.set_help_flag();
  root.fallthrough()->require_subcommand(0, 1);
  Options options;
  for (const auto& row : global_options()) add(root, row, options);
  Arguments out;
  for (const auto& row : commands()) {
    auto* app = add_command(root, row);
    for (const auto name : row.options) add(*app, command_option(name), options);
    add_operands(*app, row.operands, out.operands);
  }
  auto reversed = without_short_equals(words);
  std::ranges::reverse(reversed);
  const bool asks_help =
      std::ranges::any_of(words, [](const auto& word) { return word == "--help" || word == "-h"; });
  try {
    root.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    if (!asks_help) refuse(root, error, words);
  }
  if (!asks_help && !root.remaining(true).empty()) refuse_extra(root, root.remaining(true), words);
  for (const auto& [name, option] : options)
    if (option->count() > 0) out.options[name] = option->results();
  if (asks_help) out.options["--help"] = {""};
  const std::string said = said_command(root);
  out.command = find_command(said.empty() ? "status" : said);
  out.group = said;
  return out;
}

}  // namespace ukey::cli
