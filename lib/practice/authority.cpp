#include "practice/authority.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/file.hpp"
#include "practice/state_file.hpp"
#include "x509/bundle.hpp"

namespace ukey::practice {

namespace {

using base::Bytes;
using base::Code;
using base::Error;
using x509::Key;

constexpr std::size_t kLargestPem = 65'536;  // octets of a file of the chain
constexpr std::string_view kKeyBegin = "-----BEGIN PRIVATE KEY-----\n";
constexpr std::string_view kKeyEnd = "-----END PRIVATE KEY-----\n";

struct Imitation {
  Brand brand;
  const char* file;
  x509::NameParts subject;
};

/// The O of each is what the CA's profile matches; the CN says that it is none of theirs.
std::vector<Imitation> imitations() {
  return {
      {Brand::bjca, "bjca", {{"C", "CN"}, {"O", "BJCA"}, {"OU", "BJCA"}, {"CN", "Practice BJCA"}}},
      {Brand::hbca,
       "hbca",
       {{"C", "CN"},
        {"O", "Hubei Digital Certificate Authority Center CO Ltd."},
        {"CN", "Practice HBCA"}}},
      {Brand::jsca,
       "jsca",
       {{"C", "CN"}, {"O", "江苏省电子商务服务中心有限责任公司"}, {"CN", "Practice JSCA_CA"}}}};
}

/// Midnight in Beijing that many years before or after the day of `now`.
base::Time years_from(base::Time now, int years) {
  const std::chrono::year_month_day day{base::date_in(now, kBeijing)};
  const auto month = (day.year() + std::chrono::years(years)) / day.month();
  const auto last = (month / std::chrono::last).day();
  return base::start_of(base::Date{std::chrono::local_days{month / std::min(day.day(), last)}},
                        kBeijing);
}

std::string key_pem(const Key& key) {
  const auto der = key.pkcs8();
  std::string base64(4 * ((der.size() + 2) / 3) + 1, '\0');
  base64.resize(static_cast<std::size_t>(EVP_EncodeBlock(
      reinterpret_cast<unsigned char*>(base64.data()), der.data(), static_cast<int>(der.size()))));
  std::string text(kKeyBegin);
  for (std::size_t at = 0; at < base64.size(); at += 64) text += base64.substr(at, 64) + "\n";
  return text += kKeyEnd;
}

Key key_from(const std::filesystem::path& file) {
  std::string text(base::as_text(base::read_file(file.string(), kLargestPem)));
  const auto begin = text.find(kKeyBegin), end = text.find(kKeyEnd);
  if (begin == text.npos || end == text.npos || end < begin) {
    throw Error(Code::bad_input, file.string());
  }
  text = text.substr(begin + kKeyBegin.size(), end - begin - kKeyBegin.size());
  std::erase(text, '\n');
  Bytes der(text.size() / 4 * 3);
  const int size = EVP_DecodeBlock(der.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  const auto padding = std::count(text.begin(), text.end(), '=');
  if (size < padding) throw Error(Code::bad_input, file.string());
  der.resize(static_cast<std::size_t>(size - padding));
  return Key::from_pkcs8(der);
}

void write_pair(const std::filesystem::path& folder, const std::string& name, const Key& key,
                const Bytes& certificate) {
  base::write_file(folder / (name + ".key"), base::as_bytes(key_pem(key)), base::Readers::owner);
  base::write_file(folder / (name + ".pem"), base::as_bytes(x509::pem(certificate)),
                   base::Readers::owner);
}

x509::IssueRequest ca_request(x509::NameParts subject, const Key& key) {
  x509::IssueRequest request;
  request.subject = std::move(subject);
  request.subject_key = key.public_der();
  request.key_usage = {x509::KeyUsage::key_cert_sign, x509::KeyUsage::crl_sign};
  request.ca = true;
  return request;
}

}  // namespace

Authority Authority::establish(const std::filesystem::path& folder, base::Time now) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (!failed) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
  }
  if (failed) throw Error(Code::file_io, folder.string());
  const auto root_key = Key::generate(x509::KeyKind::rsa_2048);
  auto request =
      ca_request({{"C", "CN"}, {"O", "ukey practice"}, {"CN", "ukey Practice Root CA"}}, root_key);
  request.not_before = years_from(now, -10);
  request.not_after = years_from(now, 30);
  const auto root = x509::issue(request, root_key);
  write_pair(folder, "root", root_key, root);
  Authority authority;
  for (auto& imitation : imitations()) {
    auto key = Key::generate(x509::KeyKind::rsa_2048);
    request = ca_request(std::move(imitation.subject), key);
    request.issuer_certificate = root;
    request.key_usage.push_back(x509::KeyUsage::digital_signature);  // of CMP messages
    request.not_before = years_from(now, -5);
    request.not_after = years_from(now, 20);
    auto certificate = x509::issue(request, root_key);
    write_pair(folder, imitation.file, key, certificate);
    authority.issuers_.emplace(imitation.brand, Issuer{std::move(key), std::move(certificate)});
  }
  return authority;
}

Authority Authority::open(const std::filesystem::path& folder) {
  Authority authority;
  for (const auto& imitation : imitations()) {
    const auto name = folder / imitation.file;
    auto certificates = x509::certificates_in(base::read_file(name.string() + ".pem", kLargestPem));
    authority.issuers_.emplace(
        imitation.brand, Issuer{key_from(name.string() + ".key"), std::move(certificates.front())});
  }
  return authority;
}

const base::Bytes& Authority::certificate(Brand brand) const {
  return issuers_.at(brand).certificate;
}

const x509::Key& Authority::key(Brand brand) const { return issuers_.at(brand).key; }

base::Bytes Authority::issue(Brand brand, x509::IssueRequest request) const {
  const auto& issuer = issuers_.at(brand);
  request.issuer_certificate = issuer.certificate;
  return x509::issue(request, issuer.key);
}

}  // namespace ukey::practice
