#include <fmt/format.h>

#include "report/keys.hpp"
#include "report/pages.hpp"
#include "report/phrases.hpp"
#include "report/table.hpp"

namespace ukey::report {

namespace {

using model::CheckResult;

/// The part of an RFC 2253 name that begins with "CN=", without its escapes; "" when there is none.
std::string common_name(std::string_view name) {
  std::string part;
  for (std::size_t i = 0; i <= name.size(); ++i) {
    const bool ends = i == name.size() || name[i] == ',' || name[i] == '+';
    if (!ends && name[i] == '\\' && i + 1 < name.size()) {
      part.push_back(name[++i]);
      continue;
    }
    if (!ends) {
      part.push_back(name[i]);
      continue;
    }
    if (part.starts_with("CN=")) return part.substr(3);
    part.clear();
  }
  return {};
}

/// Whose certificate it is, in a table: common name, else label.
std::string short_name(const Json& row) {
  const auto name = common_name(text_at(row, "subject"));
  return name.empty() ? text_at(row, "label") : name;
}

Tone tone_of(model::Validity state) {
  return state == model::Validity::valid ? Tone::plain : Tone::bad;
}

void add_row(Table& table, const Json& row, const Style& style) {
  const Json& error = at(row, "error");
  if (error.is_object()) {
    const auto label = text_at(row, "label");
    table.add({{std::string{mark(Mark::bad, style)}, Tone::bad},
               {"-"},
               {"-"},
               {"-"},
               {"-"},
               {"-"},
               {dotted({label, text_at(error, "message")}, style), Tone::bad}});
    return;
  }
  const auto state = enum_at<model::Validity>(row, "state").value_or(model::Validity::valid);
  const auto days = number_at(row, "days_left");
  table.add({{truth_at(row, "current") == true ? "*" : ""},
             {word_at<model::Role>(row, "role", style.lang)},
             {shown_at(row, "algorithm", style)},
             {date_at(row, "not_before", style)},
             {date_at(row, "not_after", style), tone_of(state)},
             {days ? std::to_string(*days) : "-", tone_of(state)},
             {short_name(row), Tone::strong}});
}

/// The keys of one part as labelled rows; nested parts are left to whoever shows them.
std::string key_block(const Json& part, const Style& style) {
  Block block;
  for (const auto& [key, value] : part.items()) {
    if (value.is_null() || value.is_object()) continue;
    block.add(key_word(key, style.lang), shown(key, value, style), key_row(key).tone);
  }
  std::string out = block.text(style);
  if (at(part, "error").is_object()) out += error_lines(at(part, "error"), style);
  return out;
}

/// Good needs the chain and the dates; a failure is bad whatever was not checked.
Phrase outcome(const Json& checks) {
  bool chain = false;
  bool dates = false;
  for (const auto& row : checks) {
    const auto result = enum_at<CheckResult>(row, "result");
    if (result == CheckResult::failed) return Phrase::verify_bad;
    const auto check = enum_at<model::Check>(row, "check");
    chain = chain || (check == model::Check::chain && result == CheckResult::ok);
    dates = dates || (check == model::Check::dates && result == CheckResult::ok);
  }
  return chain && dates ? Phrase::verify_good : Phrase::verify_open;
}

/// The checks of one certificate; those without "sha256" belong to every one.
Json checks_of(const Json& document, const Json& certificate) {
  Json out = Json::array();
  const auto wanted = text_at(certificate, "sha256");
  for (const auto& row : list_at(document, "checks"))
    if (const auto of = text_at(row, "sha256"); of.empty() || of == wanted) out.push_back(row);
  return out;
}

std::string check_table(const Json& checks, const Style& style) {
  Table table({{"", kWhole},
               {key_word("check", style.lang), kWhole},
               {key_word("result", style.lang), kWhole},
               {key_word("reason", style.lang), 12}});
  for (const auto& row : checks) {
    const auto result = enum_at<CheckResult>(row, "result").value_or(CheckResult::not_checked);
    const bool good = result == CheckResult::ok;
    const bool bad = result == CheckResult::failed;
    const Mark shown_mark = good ? Mark::yes : bad ? Mark::no : Mark::open_question;
    const Tone tone = good ? Tone::good : bad ? Tone::bad : Tone::attention;
    const auto reason = enum_at<model::CheckReason>(row, "reason");
    table.add({{std::string{mark(shown_mark, style)}, tone},
               {word_at<model::Check>(row, "check", style.lang)},
               {std::string{word(result, style.lang)}, tone},
               {reason ? std::string{word(*reason, style.lang)} : std::string{}}});
  }
  return table.text(style, 2);
}

std::string verified(const Json& checks, const std::string& name, const Style& style) {
  const Phrase which = outcome(checks);
  const bool good = which == Phrase::verify_good;
  const bool bad = which == Phrase::verify_bad;
  const Mark shown_mark = good ? Mark::good : bad ? Mark::bad : Mark::open_question;
  const Tone tone = good ? Tone::good : bad ? Tone::bad : Tone::attention;
  const auto line =
      dotted({fmt::format("{} {}", mark(shown_mark, style), say(which, style.lang)), name}, style);
  return paragraph(line, 0, style, tone) + check_table(checks, style);
}

std::string unread(const Json& row, const Style& style) {
  const auto name = text_at(row, "label");
  return paragraph(dotted({std::string{mark(Mark::bad, style)}, name}, style), 0, style,
                   Tone::bad) +
         error_lines(at(row, "error"), style);
}

}  // namespace

std::string certificate_list_page(const Json& document, const Style& style) {
  const Lang lang = style.lang;
  Table table({{"", kWhole},
               {key_word("role", lang), kWhole},
               {key_word("algorithm", lang), kWhole},
               {say(Phrase::title_from, lang), kWhole},
               {say(Phrase::title_until, lang), kWhole},
               {say(Phrase::title_days, lang), kWhole, true},
               {key_word("subject", lang), 10}});
  for (const auto& row : list_at(document, "certificates")) add_row(table, row, style);
  std::string out = subject_line(document, style);
  if (table.empty()) return out + "  " + say(Phrase::nothing_here, lang) + "\n";
  out += table.text(style, 2);
  return style.quiet ? out
                     : out + paragraph(say(Phrase::current_legend, lang), 2, style, Tone::quiet);
}

std::string certificate_page(const Json& document, const Style& style) {
  std::string out = subject_line(document, style);
  bool first = true;
  for (const auto& row : list_at(document, "certificates")) {
    if (!first) out += "\n";
    first = false;
    out += key_block(row, style);
  }
  if (first) out += "  " + say(Phrase::nothing_here, style.lang) + "\n";
  return out;
}

std::string verify_page(const Json& document, const Style& style) {
  std::string out = subject_line(document, style);
  const Json& certificates = list_at(document, "certificates");
  for (const auto& row : certificates) {
    const auto role = word_at<model::Role>(row, "role", style.lang);
    out += at(row, "error").is_object()
               ? unread(row, style)
               : verified(checks_of(document, row), dotted({role, short_name(row)}, style), style);
  }
  if (certificates.empty()) out += verified(list_at(document, "checks"), "", style);
  return out;
}

}  // namespace ukey::report
