#include <fmt/format.h>

#include "report/pages.hpp"
#include "report/phrases.hpp"
#include "report/render.hpp"
#include "report/table.hpp"

namespace ukey::report {

namespace {

/// "label (serial)"; of what says neither, the driver that shows it.
std::string guest_name(const Json& token, const Style& style) {
  const auto label = text_at(token, "label");
  const auto serial = text_at(token, "serial");
  if (!label.empty() && !serial.empty()) return fmt::format("{} ({})", label, serial);
  if (!label.empty() || !serial.empty()) return label + serial;
  const Json& files = list_at(token, "modules");
  const auto file = files.empty() ? std::string{} : shown("modules", files.front(), style);
  return say(Phrase::unnamed_card, style.lang, file_name(file));
}

/// "12:03:05", as clocks of the style's zone show it.
std::string time_of_day(const Json& line, const Style& style) {
  const auto time = time_at(line, "at");
  if (!time) return "-";
  const auto text = base::clock_text(*time, style.zone);
  return text.substr(text.find(' ') + 1);
}

}  // namespace

std::string render_sighting(const Json& line, const Style& style) {
  const Look look = look_at(line, style);
  const auto event = enum_at<model::WatchEvent>(line, "event");
  const bool came = event == model::WatchEvent::plugged || event == model::WatchEvent::present;
  const auto head = say(Phrase::sighting, style.lang, time_of_day(line, style),
                        word_at<model::WatchEvent>(line, "event", style.lang),
                        guest_name(at(line, "token"), style));
  const auto text = paragraph(head, 0, style, Tone::strong);
  return finished(came ? text + card_text(look) + "\n" : text);
}

}  // namespace ukey::report
