#include <algorithm>

#include "base/bytes.hpp"
#include "base/command.hpp"
#include "base/text.hpp"
#include "profile/parts.hpp"

namespace ukey::profile {

namespace {

constexpr Symbols<model::CertificateKind, 2> kKinds{
    {{"each_key", model::CertificateKind::each_key}, {"dual", model::CertificateKind::dual}}};

constexpr Symbols<model::Route, 3> kRoutes{
    {{"file", model::Route::file}, {"cmp", model::Route::cmp}, {"command", model::Route::command}}};

constexpr Symbols<model::CmpCommand, 3> kCmpCommands{{{"kur", model::CmpCommand::kur},
                                                      {"cr", model::CmpCommand::cr},
                                                      {"p10cr", model::CmpCommand::p10cr}}};

constexpr long kMostSeconds = 86400;

// As OpenSSL shortens them (RFC 4514, 3, where it names one).
constexpr std::array<std::string_view, 9> kNameParts{
    "C", "ST", "L", "O", "OU", "CN", "DC", "serialNumber", "emailAddress"};

/// http:// or https:// and a host, in printable ASCII without blanks.
bool is_url(std::string_view text) {
  const bool plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
  for (const std::string_view scheme : {"http://", "https://"})
    if (text.starts_with(scheme))
      return plain && text.size() > scheme.size() && text[scheme.size()] != '/';
  return false;
}

/// Something like "CN=…"; lib/ca reads it to the end.
bool is_name(std::string_view text) {
  const auto sign = text.find('=');
  return is_text(text) && sign != 0 && sign < text.size() - 1;
}

bool is_command(std::string_view text) {
  if (!is_text(text)) return false;
  try {
    return !base::words_of(text).empty();
  } catch (const base::Error&) {
    return false;  // an open quote
  }
}

bool is_digest(std::string_view text) {
  const auto octets = base::unhex(text);
  return octets && octets->size() == 32;
}

/// "O=BJCA\nCN=…" in lower case: what two CAs must not share.
std::string pattern_text(const model::IssuerPattern& pattern) {
  std::string out = "issuer";
  for (const auto& [part, value] : pattern)
    out += " " + part + "=" + base::ascii_lower(value) + "\n";
  return out;
}

void read_issuers(Table& root, model::CaProfile& out) {
  root.required_tables("issuers", [&out](Table& row) {
    model::IssuerPattern pattern;
    for (const auto part : kNameParts)
      if (auto value = row.optional_text(part)) pattern.emplace_back(part, *value);
    // A country alone would take every CA of it.
    const bool vague = std::ranges::all_of(pattern, [](const auto& p) { return p.first == "C"; });
    if (vague) return row.reject("");
    row.findings().claim(pattern_text(pattern), row.place_of(""));
    out.issuers.push_back(std::move(pattern));
  });
}

void read_trust(Table& root, model::CaProfile& out) {
  out.trust_sha256 = root.optional_texts("trust_sha256", is_digest);
  for (std::string& digest : out.trust_sha256) digest = base::ascii_lower(digest);
}

void read_renewal(Table& table, model::CaService& out) {
  out.via = table.required_choice("via", kRoutes);
  out.url = table.optional_text("url", is_url).value_or("");
  out.cmp_command = table.optional_choice("cmp_command", kCmpCommands).value_or(out.cmp_command);
  out.recipient = table.optional_text("recipient", is_name).value_or("");
  out.command = table.optional_text("command", is_command).value_or("");
  const auto seconds = table.optional_number("timeout_seconds", 1, kMostSeconds);
  out.timeout = std::chrono::seconds{seconds.value_or(out.timeout.count())};
  out.implicit_confirm = table.optional_flag("implicit_confirm").value_or(out.implicit_confirm);
  if (out.via == model::Route::cmp && !table.has("url")) table.reject("url");
  if (out.via == model::Route::command && !table.has("command")) table.reject("command");
}

}  // namespace

model::CaProfile read_ca(Table& root) {
  model::CaProfile out;
  out.id = read_id(root);
  out.name = root.required_words("name");
  read_issuers(root, out);
  out.certificates = root.required_choice("certificates", kKinds);
  read_trust(root, out);
  out.unique_id_oids = root.optional_texts("unique_id_oids", is_oid);
  root.optional_table("contact", [&out](Table& contact) { out.contact = read_contact(contact); });
  root.optional_table("renewal",
                      [&out](Table& table) { read_renewal(table, out.renewal.emplace()); });
  out.unconfirmed = read_unconfirmed(root);
  out.file = root.findings().file();
  return out;
}

}  // namespace ukey::profile
