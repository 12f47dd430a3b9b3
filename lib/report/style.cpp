#include "report/style.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace ukey::report {

namespace {

constexpr std::string_view kUnbroken = "\u00a0";
constexpr std::string_view kJoined = "\u2060";
constexpr std::string_view kEllipsis = "…";

std::string_view sequence(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return {};
    case Tone::strong:
      return "1";
    case Tone::good:
      return "1;32";
    case Tone::attention:
      return "33";
    case Tone::bad:
      return "1;31";
    case Tone::quiet:
      return "2";
  }
  return {};
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

}  // namespace

std::string_view mark(Mark mark, const Style& style) {
  switch (mark) {
    case Mark::good:
      return style.ascii ? "*" : "●";
    case Mark::waiting:
      return style.ascii ? "o" : "○";
    case Mark::bad:
      return style.ascii ? "x" : "×";
    case Mark::attention:
      return "!";
    case Mark::yes:
      return style.ascii ? "OK" : "√";
    case Mark::no:
      return style.ascii ? "NO" : "×";
    case Mark::open_question:
      return "?";
  }
  return "?";
}

std::string dot(const Style& style) { return style.ascii ? " | " : " · "; }

std::string painted(std::string_view text, Tone tone, const Style& style) {
  const auto code = sequence(tone);
  if (!style.color || code.empty() || text.empty()) return std::string{text};
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string printable(std::string_view text) { return base::printable(text); }

std::string fitted(std::string_view text, std::size_t width, const Style& style) {
  if (base::columns(text) <= width) return std::string{text};
  if (!style.ascii || width < 3) return base::shortened(text, width);
  std::string cut = base::shortened(text, width - 1);
  cut.resize(cut.size() - kEllipsis.size());
  return cut + "..";
}

std::string unbroken(std::string_view command) {
  std::string out;
  for (const char c : command) {
    const auto octet = static_cast<unsigned char>(c);
    const bool within_one = (octet & 0xc0U) == 0x80U;
    const bool wide = octet >= 0x80U || (!out.empty() && (out.back() & 0x80) != 0);
    if (!out.empty() && wide && !within_one) out += kJoined;
    out += c;
  }
  return replaced(std::move(out), " ", kUnbroken);
}

std::string finished(std::string text) {
  return replaced(replaced(std::move(text), kUnbroken, " "), kJoined, "");
}

}  // namespace ukey::report
