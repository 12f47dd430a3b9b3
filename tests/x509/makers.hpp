// Certificates for tests, made with fixed dates. Nothing here is a real organisation or person.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "model/certificate.hpp"
#include "x509/certificate.hpp"
#include "x509/issue.hpp"
#include "x509/key.hpp"

namespace ukey::test {

/// An instant from RFC 3339; a test that writes a wrong one stops there.
inline base::Time at(std::string_view text) { return base::parse_time(text, {}).value(); }

/// Two keys of each kind for the whole run: making them is slow, and tests need only that they
/// differ.
inline const x509::Key& key(x509::KeyKind kind, int which = 0) {
  static const auto make = [](x509::KeyKind k) {
    std::vector<x509::Key> keys;
    for (int i = 0; i < 4; ++i) keys.push_back(x509::Key::generate(k));
    return keys;
  };
  static const auto sm2 = make(x509::KeyKind::sm2);
  static const auto p256 = make(x509::KeyKind::ec_p256);
  if (kind == x509::KeyKind::sm2) return sm2.at(static_cast<std::size_t>(which));
  if (kind == x509::KeyKind::ec_p256) return p256.at(static_cast<std::size_t>(which));
  static const auto rsa = make(x509::KeyKind::rsa_2048);
  return rsa.at(static_cast<std::size_t>(which));
}

inline const x509::Key& sm2(int which = 0) { return key(x509::KeyKind::sm2, which); }

/// A self-signed leaf that the caller changes before it is issued.
inline x509::IssueRequest leaf_request(const x509::Key& subject_key) {
  x509::IssueRequest request;
  request.subject = {{"C", "CN"}, {"O", "演练测试有限公司"}, {"CN", "演练测试"}};
  request.subject_key = subject_key.public_der();
  request.serial = {0x1a, 0x10, 0x00, 0x01};
  request.not_before = at("2026-01-31T16:00:00Z");
  request.not_after = at("2027-01-31T15:59:59Z");
  request.key_usage = {x509::KeyUsage::digital_signature, x509::KeyUsage::non_repudiation};
  return request;
}

inline x509::IssueRequest ca_request(const std::string& name, const x509::Key& subject_key) {
  auto request = leaf_request(subject_key);
  request.subject = {{"C", "CN"}, {"O", "Practice"}, {"CN", name}};
  request.serial = {0x01};
  request.not_before = at("2020-01-01T00:00:00Z");
  request.not_after = at("2040-01-01T00:00:00Z");
  request.key_usage = {x509::KeyUsage::key_cert_sign, x509::KeyUsage::crl_sign};
  request.ca = true;
  return request;
}

/// Root <- intermediate <- leaf, all of one kind of key.
struct Chain {
  base::Bytes root, intermediate, leaf;
};

inline Chain chain_of(x509::KeyKind kind) {
  Chain chain;
  chain.root = x509::issue(ca_request("Practice Root", key(kind, 0)), key(kind, 0));
  auto middle = ca_request("Practice CA", key(kind, 1));
  middle.issuer_certificate = chain.root;
  chain.intermediate = x509::issue(middle, key(kind, 0));
  auto leaf = leaf_request(key(kind, 2));
  leaf.issuer_certificate = chain.intermediate;
  chain.leaf = x509::issue(leaf, key(kind, 1));
  return chain;
}

}  // namespace ukey::test
