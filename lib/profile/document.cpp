#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/bytes.hpp"
#include "base/file.hpp"
#include "profile/parts.hpp"

namespace ukey::profile {

namespace {

// toml++ bounds the nesting of values but not that of dotted keys, and takes tables apart
// recursively: a line of half a million "a." would overflow the stack.
constexpr std::size_t kMostDots = 2000;

/// Counts the dots of one line that stand outside strings and comments.
std::size_t bare_dots(std::string_view line) {
  std::size_t dots = 0;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote == '"' && c == '\\')
      ++i;
    else if (quote != 0)
      quote = c == quote ? '\0' : quote;
    else if (c == '#')
      break;
    else if (c == '"' || c == '\'')
      quote = c;
    else if (c == '.')
      ++dots;
  }
  return dots;
}

/// Multi-line strings are refused so that each line can be judged alone.
void bound_depth(const std::string& file, std::string_view text) {
  std::size_t dots = 0;
  for (unsigned number = 1; !text.empty(); ++number) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    dots += bare_dots(line);
    const bool multi_line = line.find("\"\"\"") != line.npos || line.find("'''") != line.npos;
    if (dots > kMostDots || multi_line) throw bad_profile(file, {number, ""});
  }
}

base::Bytes contents(const std::string& file) {
  std::error_code fault;  // a pipe in a profile directory would hold the program up for ever
  if (!std::filesystem::is_regular_file(file, fault)) throw base::Error(base::Code::file_io, file);
  try {
    return base::read_file(file, kMostFile);
  } catch (const base::Error& error) {
    if (error.code() != base::Code::bad_input) throw;
    throw base::Error(base::Code::bad_profile, file);
  }
}

}  // namespace

toml::table load(const std::string& file) {
  const auto octets = contents(file);
  const auto text = base::as_text(octets);
  bound_depth(file, text);
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw bad_profile(file, {std::max(1U, error.source().begin.line), ""});
  }
}

bool is_id(std::string_view text) {
  constexpr std::string_view kFirst = "abcdefghijklmnopqrstuvwxyz0123456789";
  constexpr std::string_view kAll = "abcdefghijklmnopqrstuvwxyz0123456789-_";
  return !text.empty() && text.size() <= 64 && kFirst.find(text.front()) != kFirst.npos &&
         text.find_first_not_of(kAll) == text.npos;
}

bool is_oid(std::string_view text) {
  std::size_t arcs = 0;
  while (true) {
    const auto arc = text.substr(0, text.find('.'));
    const bool digits =
        !arc.empty() && arc.size() <= 20 && arc.find_first_not_of("0123456789") == arc.npos;
    if (!digits || (arc.size() > 1 && arc.front() == '0')) return false;
    if (arcs == 0 && (arc.size() > 1 || arc.front() > '2')) return false;
    ++arcs;
    if (arc.size() == text.size()) return arcs > 1;
    text.remove_prefix(arc.size() + 1);
  }
}

std::string read_id(Table& root) {
  auto id = root.required_text("id", is_id);
  const auto stem = std::filesystem::path(root.findings().file()).stem().string();
  if (!id.empty() && id != stem) root.reject("id");
  return id;
}

std::vector<std::string> read_unconfirmed(Table& root) {
  auto paths = root.optional_texts("unconfirmed");
  for (std::size_t i = 0; i < paths.size(); ++i)
    if (!root.reaches(paths[i])) root.reject("unconfirmed[" + std::to_string(i) + "]");
  return paths;
}

model::Contact read_contact(Table& contact) {
  model::Contact out;
  out.counter = contact.optional_text("counter").value_or("");
  out.hotline = contact.optional_text("hotline").value_or("");
  out.qq_group = contact.optional_text("qq_group").value_or("");
  out.online = contact.optional_text("online").value_or("");
  const bool none =
      out.counter.empty() && out.hotline.empty() && out.qq_group.empty() && out.online.empty();
  if (none) contact.reject("");
  return out;
}

}  // namespace ukey::profile
