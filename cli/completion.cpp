#include "cli/completion.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "cli/commands.hpp"
#include "cli/options.hpp"

namespace ukey::cli {

namespace {

using report::Lang;

std::string_view help_of(const OptionRow& row, Lang lang) {
  return lang == Lang::zh ? row.zh : row.en;
}

/// "a|b|c" as "a b c".
std::string words_of(std::string_view choices) {
  std::string out{choices};
  std::ranges::replace(out, '|', ' ');
  return out;
}

/// The words that may follow `command` ("": the first word).
std::vector<std::string_view> next_words(std::string_view command) {
  std::vector<std::string_view> out;
  std::set<std::string_view> seen;
  for (const auto& row : commands()) {
    std::string_view name = row.name;
    if (!command.empty()) {
      if (!name.starts_with(command) || name.size() <= command.size() ||
          name[command.size()] != ' ')
        continue;
      name.remove_prefix(command.size() + 1);
    }
    name = name.substr(0, name.find(' '));
    if (seen.insert(name).second) out.push_back(name);
  }
  return out;
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string out;
  for (const auto word : words) out += (out.empty() ? "" : " ") + std::string{word};
  return out;
}

std::vector<const OptionRow*> all_options() {
  std::vector<const OptionRow*> out;
  std::set<std::string_view> seen;
  for (const auto& row : global_options()) out.push_back(&row);
  for (const auto& command : commands())
    for (const auto name : command.options)
      if (seen.insert(name).second) out.push_back(&command_option(name));
  return out;
}

/// One "case" arm of bash a kind of value.
std::string bash_values() {
  std::string out;
  for (const auto* row : all_options()) {
    if (row->kind == Kind::flag || row->kind == Kind::optional_value) continue;
    std::string names{row->name};
    if (!row->short_name.empty()) names += "|" + std::string{row->short_name};
    std::string reply = "COMPREPLY=()";
    if (row->offer == Offer::choices)
      reply = "COMPREPLY=($(compgen -W '" + words_of(row->value) + "' -- \"$word\"))";
    if (row->offer == Offer::files) reply = "COMPREPLY=($(compgen -f -- \"$word\"))";
    if (row->offer == Offer::directories) reply = "COMPREPLY=($(compgen -d -- \"$word\"))";
    out += "    " + names + ") " + reply + "; return;;\n";
  }
  return out;
}

std::string bash_commands() {
  std::string out = "    '') words='" + joined(next_words("")) + "';;\n";
  std::set<std::string_view> groups;
  for (const auto& row : commands()) {
    const auto group = row.name.substr(0, row.name.find(' '));
    if (group != row.name && groups.insert(group).second)
      out += "    '" + std::string{group} + "') words='" + joined(next_words(group)) + "';;\n";
  }
  for (const auto& row : commands())
    if (!row.operands.choices.empty() || !row.options.empty())
      out += "    '" + std::string{row.name} + "') words='" + words_of(row.operands.choices) +
             "' own='" + joined(row.options) + "';;\n";
  return out;
}

std::string bash_script() {
  std::string globals;
  for (const auto& row : global_options())
    globals += (globals.empty() ? "" : " ") + std::string{row.name};
  std::string values;
  for (const auto* row : all_options())
    if (row->kind == Kind::value || row->kind == Kind::list)
      values += "|" + std::string{row->name} +
                (row->short_name.empty() ? "" : "|" + std::string{row->short_name});
  return "# bash completion for ukey\n"
         "_ukey() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} last=${COMP_WORDS[COMP_CWORD-1]} said='' words='' "
         "own='' i\n"
         "  case $last in\n" +
         bash_values() +
         "  esac\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    case ${COMP_WORDS[i]} in\n"
         "    " +
         values.substr(1) +
         ") ((i++));;\n"
         "    -*) ;;\n"
         "    *) said=\"${said:+$said }${COMP_WORDS[i]}\";;\n"
         "    esac\n"
         "  done\n"
         "  case $said in\n" +
         bash_commands() +
         "  esac\n"
         "  case $word in\n"
         "  -*) COMPREPLY=($(compgen -W \"$own " +
         globals +
         "\" -- \"$word\"));;\n"
         "  *) COMPREPLY=($(compgen -W \"$words\" -- \"$word\") $(compgen -f -- \"$word\"))\n"
         "     [ -n \"$words\" ] && COMPREPLY=($(compgen -W \"$words\" -- \"$word\"));;\n"
         "  esac\n"
         "}\n"
         "complete -o filenames -F _ukey ukey\n";
}

/// Safe inside single quotes of every shell.
std::string shell_quoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'')
      out += "'\\''";
    else
      out += c;
  }
  return "'" + out + "'";
}

std::string zsh_script(Lang lang) {
  std::string out =
      "#compdef ukey\n# zsh completion for ukey\n_ukey() {\n"
      "  local said='' i\n"
      "  for ((i = 2; i < CURRENT; i++)); do\n"
      "    [[ ${words[i]} == -* ]] || said=\"${said:+$said }${words[i]}\"\n"
      "  done\n"
      "  if [[ ${words[CURRENT]} == -* ]]; then\n    local -a options\n    options=(\n";
  for (const auto* row : all_options()) {
    std::string text{help_of(*row, lang)};
    std::ranges::replace(text, ':', ' ');
    out += "      " + shell_quoted(std::string{row->name} + ":" + text) + "\n";
  }
  out += "    )\n    _describe option options\n    return\n  fi\n  case $said in\n";
  out += "  '') compadd " + joined(next_words("")) + ";;\n";
  std::set<std::string_view> groups;
  for (const auto& row : commands()) {
    const auto group = row.name.substr(0, row.name.find(' '));
    if (group != row.name && groups.insert(group).second)
      out += "  " + shell_quoted(group) + ") compadd " + joined(next_words(group)) + ";;\n";
    if (!row.operands.choices.empty())
      out += "  " + shell_quoted(row.name) + ") compadd " + words_of(row.operands.choices) + ";;\n";
  }
  return out + "  *) _files;;\n  esac\n}\n_ukey \"$@\"\n";
}

std::string fish_option(const OptionRow& row, Lang lang, const std::string& condition) {
  std::string out = "complete -c ukey" + condition + " -l " + std::string{row.name.substr(2)};
  if (!row.short_name.empty()) out += " -s " + std::string{row.short_name.substr(1)};
  if (row.kind == Kind::value || row.kind == Kind::list) out += " -r";
  if (row.offer == Offer::choices) out += " -f -a " + shell_quoted(words_of(row.value));
  if (row.offer == Offer::files || row.offer == Offer::directories) out += " -F";
  return out + " -d " + shell_quoted(help_of(row, lang)) + "\n";
}

std::string fish_script(Lang lang) {
  std::string out = "# fish completion for ukey\ncomplete -c ukey -f\n";
  out +=
      "complete -c ukey -n __fish_use_subcommand -a " + shell_quoted(joined(next_words(""))) + "\n";
  std::set<std::string_view> groups;
  for (const auto& row : commands()) {
    const auto group = row.name.substr(0, row.name.find(' '));
    const std::string seen = " -n '__fish_seen_subcommand_from " + std::string{group} + "'";
    if (group != row.name && groups.insert(group).second)
      out += "complete -c ukey" + seen + " -a " + shell_quoted(joined(next_words(group))) + "\n";
    if (!row.operands.choices.empty())
      out +=
          "complete -c ukey" + seen + " -a " + shell_quoted(words_of(row.operands.choices)) + "\n";
  }
  for (const auto* row : all_options()) out += fish_option(*row, lang, "");
  return out;
}

}  // namespace

std::string completion_script(std::string_view shell, Lang lang) {
  if (shell == "zsh") return zsh_script(lang);
  if (shell == "fish") return fish_script(lang);
  return bash_script();
}

}  // namespace ukey::cli
