#include "report/fold.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "report/style.hpp"
#include "report/table.hpp"

namespace ukey::report {

namespace {

constexpr char kEscape = '\x1b';
constexpr std::size_t kHanging = 4;     // what continues a line that is not set in itself
constexpr std::size_t kLeastRoom = 20;  // in a narrower place nothing is gained

/// Without the sequences that choose a colour.
std::string visible(std::string_view line) {
  std::string out;
  while (!line.empty()) {
    const auto at = std::min(line.find(kEscape), line.size());
    out += line.substr(0, at);
    const auto end = line.find('m', at);
    line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  }
  return out;
}

/// Where the text begins that may be broken: behind blanks, and behind what is coloured.
std::size_t beginning(std::string_view line) {
  const auto escape = line.rfind(kEscape);
  if (escape != std::string_view::npos)
    return std::min(line.find('m', escape), line.size() - 1) + 1;
  return std::min(line.find_first_not_of(' '), line.size());
}

/// The commands in it as one word each.
std::string with_commands(std::string_view text) {
  constexpr std::string_view kProgram = "ukey ";
  std::string out;
  while (true) {
    const auto at = text.find(kProgram);
    if (at == std::string_view::npos) return out + std::string{text};
    auto end = at + kProgram.size();
    for (int words = 0; words < 2 && end < text.size(); ++words)
      end = std::min(text.find(' ', end), text.size() - 1) + 1;
    while (end > at && text[end - 1] == ' ') --end;
    out += std::string{text.substr(0, at)} + unbroken(text.substr(at, end - at));
    text.remove_prefix(end);
  }
}

std::string folded_line(std::string_view line, std::size_t width) {
  const auto from = beginning(line);
  const auto blanks = std::min(line.find_first_not_of(' '), line.size());
  const std::string further(blanks == 0 ? kHanging : blanks, ' ');
  const auto begun = base::columns(visible(line.substr(0, from)));
  if (width < std::max(begun, further.size()) + kLeastRoom) return std::string{line};
  // The first line is measured with blanks in the place of what stands before the text.
  const std::string before(begun > further.size() ? begun - further.size() : 0, '.');
  const auto parts = wrapped(before + with_commands(line.substr(from)), width - further.size());
  std::string out{line.substr(0, from)};
  for (std::size_t i = 0; i < parts.size(); ++i)
    out += i == 0 ? parts[i].substr(before.size()) : "\n" + further + parts[i];
  return finished(std::move(out));
}

}  // namespace

std::string folded(std::string_view text, std::size_t width) {
  std::string out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    out += base::columns(visible(line)) <= width ? std::string{line} : folded_line(line, width);
    if (end < text.size()) out += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace ukey::report
