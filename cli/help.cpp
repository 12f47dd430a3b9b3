#include "cli/help.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cli/options.hpp"

namespace ukey::cli {

namespace {

using report::Lang;

constexpr std::size_t kWidth = 80;

std::string_view said(Lang lang, std::string_view zh, std::string_view en) {
  return lang == Lang::zh ? zh : en;
}

/// `text` broken at blanks after `taken` columns of the first line; further lines begin at
/// `column`.
std::string wrapped(std::string_view text, std::size_t taken, std::size_t column) {
  std::string out;
  const std::size_t start = taken;
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    const auto word = text.substr(0, space);
    const bool first = taken == start && out.empty();
    if (!first && taken + 1 + base::columns(word) > kWidth) {
      out += "\n" + std::string(column, ' ');
      taken = column;
    } else if (!first) {
      out += ' ';
      ++taken;
    }
    out += word;
    taken += base::columns(word);
    text = space == std::string_view::npos ? std::string_view{} : text.substr(space + 1);
  }
  return out;
}

/// "  name  words", the words wrapped under themselves; a name too wide gets a line of its own.
std::string entry(std::string_view name, std::string_view words, std::size_t column) {
  std::string out = "  " + std::string{name};
  if (base::columns(out) + 2 > column)
    out += "\n" + std::string(column, ' ');
  else
    out = base::padded(out, column);
  return out + wrapped(words, column, column) + "\n";
}

std::string option_name(const OptionRow& row) {
  std::string out = row.short_name.empty() ? "    " : std::string{row.short_name} + ", ";
  out += row.name;
  if (row.kind == Kind::optional_value) return out + "[=" + std::string{row.value} + "]";
  if (!row.value.empty()) out += " " + std::string{row.value};
  return out;
}

std::string option_lines(Lang lang) {
  std::string out;
  for (const auto& row : global_options())
    out += entry(option_name(row), said(lang, row.zh, row.en), 32);
  return out;
}

std::string usage_of(const CommandRow& row) {
  std::string out = "ukey " + std::string{row.name};
  for (const auto name : row.options) {
    const auto& option = command_option(name);
    out += " [" + std::string{option.name} +
           (option.value.empty() ? "" : " " + std::string{option.value}) + "]";
    if (option.kind == Kind::list) out += "…";
  }
  if (row.operands.name.empty()) return out;
  const std::string operand{row.operands.choices.empty() ? row.operands.name
                                                         : row.operands.choices};
  const std::string more = row.operands.most > 1 ? "…" : "";
  return out + (row.operands.least > 0 ? " " + operand : " [" + operand + "]") + more;
}

std::string command_help(const CommandRow& row, Lang lang) {
  const std::string_view lead = said(lang, "用法：", "Usage: ");
  std::string out = std::string{lead} +
                    wrapped(usage_of(row), base::columns(lead), base::columns(lead) + 5) + "\n\n";
  out += std::string{said(lang, row.zh, row.en)} + std::string{said(lang, "。", ".")} + "\n";
  if (!row.options.empty()) {
    out += said(lang, "\n选项：\n", "\nOptions:\n");
    for (const auto name : row.options) {
      const auto& option = command_option(name);
      out += entry(option_name(option), said(lang, option.zh, option.en), 32);
    }
  }
  out += said(lang, "\n全局选项（可放在命令前或后）：\n",
              "\nGlobal options (before or after the command):\n");
  return out + option_lines(lang);
}

std::string group_help(std::string_view group, Lang lang) {
  std::string out =
      std::string{said(lang, "用法：", "Usage: ")} + "ukey " + std::string{group} +
      std::string{said(lang, " 命令 [选项]\n\n命令：\n", " COMMAND [OPTIONS]\n\nCommands:\n")};
  for (const auto& row : commands())
    if (row.name.starts_with(std::string{group} + " "))
      out += entry(row.name, said(lang, row.zh, row.en), 22);
  return out;
}

std::string program_help(Lang lang) {
  std::string out{said(
      lang,
      "ukey：查看、判断、续期中国 CA 的 UKey（数字证书介质）\n\n"
      "用法：ukey [选项] [命令] [选项]    不写命令即 status\n\n命令：\n",
      "ukey: look at, judge and renew the USB tokens (UKeys) of Chinese CAs\n\n"
      "Usage: ukey [OPTIONS] [COMMAND] [OPTIONS]    without a command: status\n\nCommands:\n")};
  for (const auto& row : commands()) out += entry(row.name, said(lang, row.zh, row.en), 22);
  out += said(lang, "\n选项（可放在命令前或后）：\n", "\nOptions (before or after the command):\n");
  out += option_lines(lang);
  out += said(lang,
              "\n退出码：0 完成  1 结论为否  2 用法  3 模块或资料  4 锁  5 PIN  6 锁拒绝\n"
              "        7 文件  8 规则不允许  9 CA  10 批量有失败  70 程序缺陷  130 被中断\n"
              "手册：man ukey，man ukey-status …\n",
              "\nExit status: 0 done  1 verdict no  2 usage  3 module or profile  4 token\n"
              "  5 PIN  6 refused by the token  7 file  8 refused by the rules  9 CA\n"
              "  10 batch with failures  70 bug  130 interrupted\n"
              "Manual: man ukey, man ukey-status …\n");
  return out;
}

}  // namespace

std::string version_text() { return "ukey " UKEY_VERSION "\n"; }

std::string help_text(const Arguments& arguments, Lang lang) {
  if (arguments.group.empty()) return program_help(lang);
  if (arguments.command != nullptr) return command_help(*arguments.command, lang);
  return group_help(arguments.group, lang);
}

}  // namespace ukey::cli
