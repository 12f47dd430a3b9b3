// The practice CA: one root, and under it an intermediate for each CA whose certificates the drawer
// imitates. Its keys lie in the drawer in clear, so nobody may trust it with anything but practice.
#pragma once

#include <filesystem>
#include <map>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "practice/catalogue.hpp"
#include "x509/issue.hpp"
#include "x509/key.hpp"

namespace ukey::practice {

class Authority {
 public:
  /// Makes a new chain and writes it to `folder` (mode 0700): root.pem, bjca.pem, hbca.pem,
  /// jsca.pem and the keys beside them as *.key (PKCS#8, mode 0600). The root is good from 10 years
  /// before to 30 years after the day of `now`, the intermediates from 5 before to 20 after. Throws
  /// Error{file_io} with the path.
  [[nodiscard]] static Authority establish(const std::filesystem::path& folder, base::Time now);

  /// The chain that `establish` wrote. Throws Error{file_io} with the path of what is missing,
  /// bad_input for a file that is no certificate or key.
  [[nodiscard]] static Authority open(const std::filesystem::path& folder);

  /// DER of the intermediate's certificate.
  [[nodiscard]] const base::Bytes& certificate(Brand brand) const;

  /// The intermediate's private key; it signs what the CA says too.
  [[nodiscard]] const x509::Key& key(Brand brand) const;

  /// DER of what is requested, signed by that intermediate; the request's issuer certificate is set
  /// here.
  [[nodiscard]] base::Bytes issue(Brand brand, x509::IssueRequest request) const;

 private:
  struct Issuer {
    x509::Key key;
    base::Bytes certificate;
  };
  std::map<Brand, Issuer> issuers_;
};

}  // namespace ukey::practice
