#include "report/render.hpp"

#include <string_view>

#include "report/keys.hpp"
#include "report/ledger.hpp"
#include "report/pages.hpp"
#include "report/phrases.hpp"
#include "report/table.hpp"

namespace ukey::report {

namespace {

struct Page {
  std::string_view command;
  std::string (*text)(const Json&, const Style&);
};

constexpr Page kPages[] = {{"status", status_page},
                           {"list", list_page},
                           {"cert list", certificate_list_page},
                           {"cert show", certificate_page},
                           {"cert verify", verify_page},
                           {"lock", lock_page},
                           {"seal list", seal_list_page},
                           {"seal show", seal_page},
                           {"renew check", renewal_page},
                           {"renew request", renewal_job_page},
                           {"renew install", renewal_job_page},
                           {"renew run", renewal_job_page},
                           {"renew resume", renewal_job_page},
                           {"guide", guide_page},
                           {"pin status", pin_page},
                           {"pin verify", pin_job_page},
                           {"pin change", pin_job_page},
                           {"pin unlock", pin_job_page},
                           {"batch plan", plan_page},
                           {"batch status", batch_status_page},
                           {"envelope check", envelope_page},
                           {"envelope encrypt", envelope_written_page},
                           {"envelope decrypt", envelope_written_page},
                           {"object list", object_page},
                           {"mechanism list", mechanism_page},
                           {"practice create", practice_page},
                           {"practice list", practice_page},
                           {"practice plug", practice_page},
                           {"practice unplug", practice_page},
                           {"practice remove", practice_page},
                           {"practice ca", practice_ca_page},
                           {"profile list", profile_list_page},
                           {"profile check", profile_check_page}};

/// What a frame holds besides the result.
bool is_frame(std::string_view key) {
  return key == "schema" || key == "command" || key == "as_of";
}

bool is_plain_list(const Json& value) {
  if (!value.is_array()) return false;
  for (const auto& element : value)
    if (element.is_structured()) return false;
  return true;
}

bool is_words(const Json& value) {
  return value.is_object() && value.size() == 2 && value.contains("zh") && value.contains("en");
}

bool is_flat(const Json& value) {
  return !value.is_structured() || is_plain_list(value) || is_words(value);
}

std::string part(const Json& value, const Style& style, std::size_t indent);

std::string nested(const std::string& key, const Json& value, const Style& style,
                   std::size_t indent) {
  std::string out = paragraph(key_word(key, style.lang), indent, style, Tone::strong);
  if (value.is_object())
    return key == "error" ? out + error_lines(value, style, indent + 2)
                          : out + part(value, style, indent + 2);
  bool first = true;
  for (const auto& element : value) {
    if (!first) out += "\n";
    first = false;
    out += element.is_structured() ? part(element, style, indent + 2)
                                   : paragraph(shown(key, element, style), indent + 2, style);
  }
  return out;
}

/// The flat keys of `value` as a block, then each nested one under its heading.
std::string part(const Json& value, const Style& style, std::size_t indent) {
  if (!value.is_object()) return paragraph(shown("text", value, style), indent, style);
  Block block{0, indent};
  std::string out;
  for (const auto& [key, element] : value.items()) {
    if (is_frame(key)) continue;
    if (key == "token" && element.is_object())
      block.add(key_word(key, style.lang), token_facts(look_at(value, style)));
    else if (is_flat(element))
      block.add(key_word(key, style.lang), shown(key, element, style), key_row(key).tone);
    else
      out += nested(key, element, style, indent);
  }
  return block.text(style) + out;
}

}  // namespace

std::string generic_page(const Json& document, const Style& style) {
  const auto text = part(document, style, 0);
  return text.empty() ? say(Phrase::done, style.lang) + "\n" : text;
}

std::string render(const Json& document, const Style& style) {
  if (at(document, "error").is_object() && !document.contains("token"))
    return finished(error_lines(at(document, "error"), style, 0));
  const Json& command = at(document, "command");
  if (command.is_string())
    for (const auto& page : kPages)
      if (page.command == command.get_ref<const std::string&>())
        return finished(page.text(document, style));
  return finished(generic_page(document, style));
}

}  // namespace ukey::report
