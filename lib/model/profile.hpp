// What pkcs11-profiles/ says, as data: token middlewares, CAs, platforms.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "model/ca_service.hpp"
#include "model/certificate.hpp"
#include "model/lock.hpp"

namespace ukey::model {

/// May seals be private objects, seen only after login? `hidden`: this middleware shows no seals in
/// PKCS#11 at all.
enum class SealPrivacy { never, maybe, hidden };

/// Label patterns of one seal; exact match first, then contained, the longest wins.
using SealLabels = std::map<SealRole, std::vector<std::string>>;

/// Manufacturer and model of CK_TOKEN_INFO; "*" at the end matches any rest, "*" alone anything.
/// Case counts.
struct TokenMatch {
  std::string manufacturer;
  std::string model;
};

/// One middleware (tokens/<id>.toml).
struct TokenProfile {
  std::string id;
  base::Words name;
  std::vector<TokenMatch> match;
  std::vector<std::string> module_files;  ///< of this system; absolute, or a bare name to look for
  bool autoload = false;
  bool concurrent = false;
  SealPrivacy seal_privacy = SealPrivacy::maybe;
  SealLabels seal_labels;
  std::optional<unsigned> retry_limit;
  std::map<unsigned long, std::string> mechanisms;  ///< vendor number -> name
  std::map<unsigned long, std::string> key_types;   ///< vendor CKK_ number -> name
  std::map<unsigned long, base::Words> errors;      ///< vendor CK_RV -> what it means
  std::map<base::Code, base::Words> hints;          ///< what to do next, with this module
  std::vector<std::string> unconfirmed;  ///< keys whose values nobody has confirmed on hardware
  std::optional<base::Words> notes;
  std::string file;  ///< where it was read from
};

struct Contact {
  std::string counter, hotline, qq_group,
      online;  ///< telephone, telephone, number, address; "" when none
};

/// Each pattern is a set of name parts that must all be in the issuer; compared without ASCII case.
using IssuerPattern = std::vector<std::pair<std::string, std::string>>;

/// Which keys a renewal asks certificates for.
enum class CertificateKind { each_key, dual };

/// One CA (cas/<id>.toml).
struct CaProfile {
  std::string id;
  base::Words name;
  std::vector<IssuerPattern> issuers;
  CertificateKind certificates = CertificateKind::each_key;
  std::vector<std::string> trust_sha256;    ///< of CA certificates known to be this CA's
  std::vector<std::string> unique_id_oids;  ///< extensions that hold the holder's unique number
  Contact contact;
  std::optional<CaService> renewal;  ///< absent: requests are carried there as files
  std::vector<std::string> unconfirmed;
  std::string file;
};

enum class Source { guide, own };

/// A datum of the guide: where it stands is shown with it.
struct Statement {
  base::Words text;
  Source source = Source::guide;
};

enum class Service { first_issue, renew, change, unlock, lost, damaged };

/// What one service needs of one kind of holder.
struct ServiceGuide {
  std::optional<bool> needs_old_key;              ///< absent: the guide does not say
  std::vector<Statement> enterprise, individual;  ///< materials; empty: none
  std::vector<Statement> channels, terms, warnings;
};

/// One province's platform (platforms/<id>.toml).
struct Platform {
  std::string id;
  base::Words name;
  base::Zone zone;
  std::chrono::days window{0};  ///< before the date of notAfter, inclusive
  std::chrono::days grace{0};   ///< after notAfter
  std::vector<unsigned> term_years;
  std::chrono::days term_tolerance{0};
  std::vector<std::string> renewable_cas;
  std::map<HolderKind, std::vector<SealRole>> required_seals;
  std::map<Service, ServiceGuide> services;
  std::map<std::string, Contact> contacts;  ///< by CA id
  std::vector<Statement> place, site, basis, registration, fee;
  std::map<std::string, Source> sources;  ///< of data other than statements, by key path
  std::string file;
};

struct Profiles {
  std::vector<TokenProfile> tokens;
  std::vector<CaProfile> cas;
  std::vector<Platform> platforms;
};

}  // namespace ukey::model
