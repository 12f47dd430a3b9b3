#include "report/look.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "report/explanation.hpp"
#include "report/keys.hpp"
#include "report/phrases.hpp"
#include "report/table.hpp"

namespace ukey::report {

namespace {

bool is_plain(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  const bool digit = c >= '0' && c <= '9';
  return letter || digit || c == '.' || c == '_' || c == '-';
}

/// As a shell takes it literally, for a command that people copy; "" when it cannot stand there.
std::string quoted(std::string_view selector) {
  if (selector.empty() || selector.front() == '-' || printable(selector) != selector) return {};
  if (std::ranges::all_of(selector, is_plain)) return std::string{selector};
  return selector.find('\'') == std::string_view::npos ? fmt::format("'{}'", selector) : "";
}

bool is_enterprise(const Json& holder) {
  return enum_at<model::HolderKind>(holder, "kind") == model::HolderKind::enterprise;
}

}  // namespace

Look look_at(const Json& document, const Style& style) {
  return {document, style, time_at(document, "as_of")};
}

std::string command(const Look& look, std::string_view words) {
  const Json& selector = at(at(look.part, "token"), "selector");  // as it is: to be typed
  return command(words, selector.is_string() ? selector.get<std::string>() : "", look.style.lang);
}

std::string command(std::string_view words, std::string_view selector, Lang lang) {
  const auto chosen = quoted(selector);
  return unbroken(fmt::format("ukey {} -t {}", words,
                              chosen.empty() ? say(Phrase::serial_placeholder, lang) : chosen));
}

std::string holder_name(const Look& look) {
  const Json& holder = at(look.part, "holder");
  const std::string organisation = text_at(holder, "organisation");
  if (is_enterprise(holder) && !organisation.empty()) return organisation;
  if (const auto name = text_at(holder, "name"); !name.empty()) return name;
  return organisation.empty() ? say(Phrase::no_holder, look.style.lang) : organisation;
}

std::string holder_facts(const Look& look) {
  const Json& holder = at(look.part, "holder");
  if (!holder.is_object()) return {};
  const Lang lang = look.style.lang;
  std::vector<std::string> parts;
  const auto kind = enum_at<model::HolderKind>(holder, "kind");
  if (kind && *kind != model::HolderKind::unknown) parts.emplace_back(word(*kind, lang));
  const auto uscc = text_at(holder, "uscc");
  if (!uscc.empty()) parts.push_back(say(Phrase::uscc_is, lang, uscc));
  const auto id = text_at(holder, "person_id");
  if (!id.empty()) parts.push_back(say(Phrase::id_is, lang, id));
  for (const char* key : {"name", "organisation"})
    if (const auto text = text_at(holder, key); text != holder_name(look)) parts.push_back(text);
  return dotted(parts, look.style);
}

std::string ca_word(const Look& look) {
  const Json& ca = at(look.part, "ca");
  const auto id = text_at(ca, "id");
  if (id.empty() || id == "unknown") return say(Phrase::ca_unknown, look.style.lang);
  return shown("ca", at(ca, "id"), look.style);
}

std::string lock_word(const Look& look) {
  const auto kind = enum_at<model::LockKind>(at(look.part, "lock"), "kind");
  if (!kind) return {};
  if (*kind == model::LockKind::undetermined)
    return say(Phrase::lock_undetermined, look.style.lang);
  if (*kind == model::LockKind::blank) return say(Phrase::lock_blank, look.style.lang);
  return std::string{word(*kind, look.style.lang)};
}

std::string token_facts(const Look& look) {
  const Json& token = at(look.part, "token");
  std::vector<std::string> parts{text_at(token, "label")};
  const auto serial = text_at(token, "serial");
  if (!serial.empty()) parts.push_back(say(Phrase::serial_is, look.style.lang, serial));
  parts.push_back(text_at(token, "manufacturer"));
  if (text_at(token, "model") != parts.back()) parts.push_back(text_at(token, "model"));
  std::vector<std::string> files;
  for (const auto& file : list_at(token, "modules"))
    files.push_back(file_name(shown("modules", file, look.style)));
  parts.push_back(joined(files, look.style.lang));
  return dotted(parts, look.style);
}

std::string subject_line(const Json& document, const Style& style) {
  const auto text = at(document, "token").is_object() ? token_facts(look_at(document, style))
                                                      : text_at(document, "file");
  return text.empty() ? text : paragraph(text, 0, style, Tone::strong);
}

std::string token_name(const Look& look) {
  const Json& token = at(look.part, "token");
  for (const char* key : {"label", "serial"})
    if (const auto text = text_at(token, key); !text.empty()) return text;
  return say(Phrase::no_label, look.style.lang);
}

std::string listed_name(const Json& token) {
  constexpr std::string_view kScheme = "pkcs11:";
  const auto label = text_at(token, "label");
  const auto selector = text_at(token, "selector");
  if (!selector.starts_with(kScheme)) return label;
  const auto slot = selector.substr(kScheme.size(), selector.find(';') - kScheme.size());
  return label.empty() ? slot : label + " " + slot;
}

std::string spread(std::string_view left, std::string_view right, std::size_t width) {
  const std::size_t taken = base::columns(left) + base::columns(right);
  if (taken + 2 > width) return {};
  return fmt::format("{}{}{}", left, std::string(width - taken, ' '), right);
}

std::string dotted(const std::vector<std::string>& parts, const Style& style) {
  std::string out;
  for (const auto& part : parts) {
    if (part.empty()) continue;
    if (!out.empty()) out += dot(style);
    out += part;
  }
  return out;
}

std::string warning_line(std::string_view text, Tone tone, const Style& style) {
  static constexpr std::size_t kIndent = 4;
  std::string out;
  const std::size_t room = style.width > kIndent ? style.width - kIndent : 1;
  for (const auto& line : wrapped(text, room)) {
    const auto lead = out.empty() ? fmt::format("  {} ", mark(Mark::attention, style)) : "    ";
    out += painted(lead + line, tone, style) + "\n";
  }
  return out;
}

std::string error_lines(const Json& error, const Style& style, std::size_t indent) {
  std::string out = paragraph(text_at(error, "message"), indent, style, Tone::bad);
  const auto technical =
      technical_text(text_at(error, "call"), text_at(error, "ckr"), text_at(error, "rv"));
  if (!technical.empty()) out += paragraph(technical, indent, style, Tone::quiet);
  return out + paragraph(text_at(error, "hint"), indent, style);
}

}  // namespace ukey::report
