#include <algorithm>

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "profile/parts.hpp"

namespace ukey::profile {

namespace {

constexpr Symbols<model::CertificateKind, 2> kKinds{
    {{"each_key", model::CertificateKind::each_key}, {"dual", model::CertificateKind::dual}}};

// As OpenSSL shortens them (RFC 4514, 3, where it names one).
constexpr std::array<std::string_view, 9> kNameParts{
    "C", "ST", "L", "O", "OU", "CN", "DC", "serialNumber", "emailAddress"};

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
  out.unconfirmed = read_unconfirmed(root);
  out.file = root.findings().file();
  return out;
}

}  // namespace ukey::profile
