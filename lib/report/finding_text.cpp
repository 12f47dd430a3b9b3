#include "report/pages.hpp"
#include "report/phrases.hpp"

namespace ukey::report {

namespace {

std::string master_text(const Json& token, const Style& style) {
  const auto label = text_at(token, "label");
  const auto name = label.empty() ? say(Phrase::no_label, style.lang) : label;
  const auto serial = text_at(token, "serial");
  if (truth_at(token, "present") == true)
    return say(Phrase::master_present, style.lang, name, serial);
  return say(Phrase::master_seen, style.lang, name, serial, date_at(token, "seen", style));
}

}  // namespace

std::string finding_lines(const Json& document, const Style& style) {
  std::string out;
  for (const auto& finding : list_at(document, "findings")) {
    std::vector<std::string> tokens;
    for (const auto& token : list_at(finding, "tokens"))
      tokens.push_back(master_text(token, style));
    out += warning_line(say(Phrase::masters_found, style.lang, text_at(finding, "holder"),
                            text_at(finding, "uscc"), tokens.size(), joined(tokens, style.lang)),
                        Tone::attention, style);
  }
  return out;
}

}  // namespace ukey::report
