#include "x509/holder.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "x509/der.hpp"
#include "x509/number.hpp"

namespace ukey::x509 {

namespace {

// How the text of an extension is to be read.
enum class Reading {
  organisation,  // the organisation's number
  entity,  // JJ<organisation>, SF<person>, <n>@<ca>JJ0<organisation>, <n>@<ca>SF0<person>, or a
           // bare number, where only the check character tells whose it is
  person   // a personal number
};

struct Row {
  std::string_view oid;
  Reading reading;
};

// In the order of trust: the first that yields a number wins.
// clang-format off
constexpr std::array<Row, 15> kExtensions{{
    {"1.2.156.10260.4.1.4", Reading::organisation},
    {"1.2.156.112562.2.1.1.1", Reading::entity},
    {"1.2.156.112562.2.1.1.4", Reading::entity},
    {"1.2.156.112562.2.1.2.2", Reading::entity},
    {"1.2.156.112562.2.1.1.17", Reading::organisation},
    {"1.2.156.112562.2.1.1.8", Reading::entity},
    {"1.2.156.112562.2.1.1.23", Reading::entity},
    {"2.16.840.1.113732.2", Reading::entity},
    {"2.4.16.11.7.2", Reading::entity},
    {"1.2.156.1001.4", Reading::entity},
    {"1.2.86.21.1.1", Reading::entity},
    {"1.2.86.11.7.4", Reading::organisation},
    {"1.2.156.10260.4.1.1", Reading::person},
    {"1.2.156.10260.4.1.1.1", Reading::person},
    {"1.2.86.11.7.1", Reading::person}}};
// clang-format on

constexpr std::size_t kLongestNumber = 64;  // octets of a number; what is longer is something else

struct Found {
  std::optional<std::string> uscc, person;
  bool organisation = false;
};

/// `text` when it may be a number: short, not blank, without controls.
std::optional<std::string> clean(std::string_view text) {
  const auto value = base::trimmed(text);
  if (value.empty() || value.size() > kLongestNumber || base::printable(value) != value)
    return std::nullopt;
  return std::string{value};
}

std::optional<std::string> payload_text(base::ByteView value, int depth);

/// A tagged choice (IdentifyCode) or an OCTET STRING around the text; both taggings occur.
std::optional<std::string> wrapped_text(const Element& element, int depth) {
  const bool choice = element.tag_class == DerClass::context && element.tag <= 2;
  if (depth == 0 || (!choice && !element.is(kOctetString))) return std::nullopt;
  return payload_text(element.content, depth - 1);
}

std::optional<std::string> payload_text(base::ByteView value, int depth) {
  auto rest = value;
  const auto element = take(rest);
  if (element && rest.empty()) {
    if (const auto string = text(*element)) return clean(*string);
    if (auto inner = wrapped_text(*element, depth)) return inner;
  }
  const auto bare = base::as_text(value);
  return base::is_utf8(bare) ? clean(bare) : std::nullopt;
}

void note_organisation(std::string_view number, Found& found) {
  if (number.empty()) return;
  found.organisation = true;
  if (!found.uscc && (is_uscc(number) || looks_like_uscc(number))) found.uscc = number;
}

/// Placeholders ("0", "-") stand where a CA had to write something; a personal number has a digit
/// that is not zero.
void note_person(std::string_view number, Found& found) {
  if (found.person || number.find_first_of("123456789") == std::string_view::npos) return;
  found.person = number;
}

void note_bare(std::string_view number, Found& found) {
  if (is_resident_id(number)) return note_person(number, found);
  if (is_uscc(number)) note_organisation(number, found);
}

void note_entity(std::string_view text, Found& found) {
  std::string_view zero;  // after the CA's number the letters are followed by "0"
  if (const auto sign = text.find('@'); sign != std::string_view::npos) {
    const auto letters = text.find_first_not_of("0123456789", sign + 1);
    if (letters == std::string_view::npos) return;
    text.remove_prefix(letters);
    zero = "0";
  }
  const auto kind = text.substr(0, 2);
  if ((kind != "JJ" && kind != "SF") || text.substr(2, zero.size()) != zero)
    return note_bare(text, found);
  const auto number = text.substr(2 + zero.size());
  if (kind == "JJ") return note_organisation(number, found);
  note_person(number, found);
}

void note(Reading reading, std::string_view text, Found& found) {
  switch (reading) {
    case Reading::organisation:
      return note_organisation(text, found);
    case Reading::entity:
      return note_entity(text, found);
    case Reading::person:
      return note_person(text, found);
  }
}

/// In the subject: first the attributes meant for numbers, then all.
std::optional<std::string> subject_uscc(const NameParts& subject) {
  for (const auto* attribute : {"organizationIdentifier", "serialNumber", "name"})
    for (const auto& [name, value] : subject)
      if (name == attribute)
        if (auto uscc = uscc_in(value)) return uscc;
  for (const auto& [name, value] : subject)
    if (auto uscc = uscc_in(value)) return uscc;
  return std::nullopt;
}

std::optional<std::string> first(const NameParts& parts, std::string_view attribute) {
  for (const auto& [name, value] : parts)
    if (name == attribute && !base::trimmed(value).empty()) return value;
  return std::nullopt;
}

/// BJCA writes its own O beside the holder's.
std::optional<std::string> organisation(const NameParts& subject, const NameParts& issuer) {
  for (const auto& part : subject) {
    const bool own = std::find(issuer.begin(), issuer.end(), part) == issuer.end();
    if (part.first == "O" && own && !base::trimmed(part.second).empty()) return part.second;
  }
  return first(subject, "O");
}

}  // namespace

model::Holder read_holder(const NameParts& subject, const NameParts& issuer,
                          const std::vector<Extension>& extensions) {
  Found found;
  for (const auto& row : kExtensions)
    for (const auto& extension : extensions)
      if (extension.oid == row.oid)
        if (const auto text = payload_text(extension.value, 2)) note(row.reading, *text, found);
  if (!found.uscc) found.uscc = subject_uscc(subject);

  model::Holder holder;
  holder.name = first(subject, "CN");
  holder.organisation = organisation(subject, issuer);
  holder.uscc = found.uscc;
  holder.person_id = found.person;
  const bool readable = std::any_of(subject.begin(), subject.end(), [](const auto& part) {
    return !base::trimmed(part.second).empty();
  });
  if (holder.person_id)
    holder.kind = model::HolderKind::individual;
  else if (found.organisation || holder.uscc || holder.organisation)
    holder.kind = model::HolderKind::enterprise;
  else if (readable)
    holder.kind = model::HolderKind::individual;
  return holder;
}

}  // namespace ukey::x509
