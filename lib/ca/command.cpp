#include "ca/command.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/private_folder.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "ca/collection.hpp"
#include "x509/bundle.hpp"
#include "x509/certificate.hpp"
#include "x509/openssl.hpp"
#include "x509/request.hpp"

namespace ukey::ca {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostOutput = std::size_t{16} << 20;

std::string_view symbol(model::Role role) {
  switch (role) {
    case model::Role::sign:
      return "sign";
    case model::Role::encrypt:
      return "encrypt";
    case model::Role::sign_encrypt:
      return "sign_encrypt";
    case model::Role::ca:
      return "ca";
    case model::Role::other:
      return "other";
  }
  throw base::Error{base::Code::bug};
}

std::string_view symbol(model::HolderKind kind) {
  switch (kind) {
    case model::HolderKind::enterprise:
      return "enterprise";
    case model::HolderKind::individual:
      return "individual";
    case model::HolderKind::unknown:
      return "unknown";
  }
  throw base::Error{base::Code::bug};
}

Json text_or_null(const std::optional<std::string>& text) { return text ? Json(*text) : Json(); }

/// The last line of what a program complained of that is not blank.
std::string last_line(base::ByteView octets) {
  constexpr std::size_t kTail = 4096;
  if (octets.size() > kTail) octets = octets.last(kTail);
  const auto text = base::trimmed(base::as_text(octets));
  const auto line = text.substr(text.find_last_of("\r\n") + 1);  // npos + 1 is 0
  return cleaned(base::as_bytes(line));
}

}  // namespace

std::string facts_json(const Request& request) {
  const auto old = x509::parse_certificate(request.old_certificate);
  const auto& facts = request.facts;
  Json out;
  out["schema"] = "ukey/1";
  out["token"]["serial"] = facts.token.serial;
  out["token"]["label"] = facts.token.label;
  out["token"]["manufacturer"] = facts.token.manufacturer;
  out["token"]["model"] = facts.token.model;
  out["holder"]["name"] = text_or_null(facts.holder.name);
  out["holder"]["organisation"] = text_or_null(facts.holder.organisation);
  out["holder"]["uscc"] = text_or_null(facts.holder.uscc);
  out["holder"]["kind"] = symbol(facts.holder.kind);
  out["ca"]["id"] = facts.ca_id;
  out["role"] = symbol(facts.role);
  out["years"] = facts.years == 0 ? Json() : Json(facts.years);
  out["old"]["serial"] = old.serial;
  out["old"]["not_after"] = base::rfc3339(old.not_after);
  out["old"]["sha256"] = old.sha256;
  out["old"]["pem"] = x509::pem(request.old_certificate);
  out["request_sha256"] = x509::sha256(request.pkcs10);
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Answer ask_command(const std::vector<std::string>& argv, std::chrono::seconds limit,
                   const Request& request) {
  const base::PrivateFolder folder;
  base::Command command;
  command.argv = base::replaced(argv, "{serial}", request.facts.token.serial);
  if (command.argv.empty()) throw base::Error{base::Code::usage};
  command.environment = {"UKEY_FACTS=" + folder.put("facts.json", facts_json(request))};
  command.limit = limit;
  command.most_output = kMostOutput;
  const auto& program = command.argv.front();
  const auto pem = x509::request_pem(request.pkcs10);
  const auto outcome = base::run(command, base::as_bytes(pem));
  if (outcome.end == base::Outcome::End::timed_out)
    throw base::Error{base::Code::ca_unreachable,
                      program + " (" + std::to_string(limit.count()) + " s)"}
        .because(base::Cause::ca_command_slow);
  if (!outcome.ok()) {
    const auto reason = last_line(outcome.err);
    throw base::Error{base::Code::ca_refused, reason.empty() ? program : reason};
  }
  const bool too_much = outcome.cut && outcome.out.size() == kMostOutput;
  if (too_much) throw not_understood();
  Collection collection;
  try {
    for (const auto& der : x509::certificates_in(outcome.out)) collection.add(der);
  } catch (const base::Error& error) {
    if (error.code() != base::Code::bad_input) throw;
    throw not_understood();
  }
  return std::move(collection).answer();
}

}  // namespace ukey::ca
