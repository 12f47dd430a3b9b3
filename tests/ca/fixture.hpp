// A small CA on this machine for tests: its certificates, and the CMP server of the openssl program
// on a free port of the loopback. Nothing here is a real organisation.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/child.hpp"
#include "base/error.hpp"
#include "ca/cmp.hpp"
#include "ca/request.hpp"
#include "tests/x509/makers.hpp"
#include "x509/bundle.hpp"
#include "x509/openssl.hpp"
#include "x509/request.hpp"

namespace ukey::ca::test {

using ukey::test::at;
using ukey::test::key;
using x509::KeyKind;

/// A folder for the length of a test case.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;  // removed once
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string path(const std::string& name) const { return (path_ / name).string(); }
  std::string put(const std::string& name, std::string_view text) const;

 private:
  std::filesystem::path path_;
};

std::string slurp(const std::string& path);
std::string key_pem(const x509::Key& from);

/// Root and what it issued. Other programs judge them by the real clock, hence the long lives.
struct Authority {
  const x509::Key& root_key = key(KeyKind::ec_p256, 0);
  const x509::Key& server_key = key(KeyKind::ec_p256, 1);
  base::Bytes root, server;

  Authority();

  /// A certificate of the root; with the same name, another serial makes it another one.
  [[nodiscard]] base::Bytes issued(const std::string& name, const x509::Key& subject_key,
                                   std::uint8_t serial,
                                   std::vector<x509::Extension> extensions = {}) const;
};

/// `openssl cmp` as a server; dies with the object.
class Server {
 public:
  Server(const Folder& folder, const Authority& authority, const base::Bytes& answer,
         const std::vector<std::string>& more = {});

  [[nodiscard]] const std::string& port() const { return port_; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + port_ + "/pkix/"; }
  /// Everything it has printed.
  [[nodiscard]] std::string said() const;

 private:
  void look_for_port();

  std::string log_, port_;
  std::optional<base::Child> child_;
};

/// A holder's old certificate and the request for the next one, with the same key or another.
struct Renewal {
  Authority authority;
  base::Bytes old_certificate, next;
  Request request;

  explicit Renewal(KeyKind kind = KeyKind::ec_p256, bool rekey = false);

  [[nodiscard]] CmpServer at_url(std::string url,
                                 model::CmpCommand command = model::CmpCommand::cr) const;
};

base::Secret secret_of(std::string_view text);

/// The error that `call` throws; OpenSSL's queue must be empty afterwards.
template <typename Call>
base::Error thrown_by(Call call) {
  std::optional<base::Error> caught;
  try {
    call();
  } catch (const base::Error& error) {
    caught = error;
  }
  REQUIRE(caught.has_value());
  CHECK(ERR_peek_error() == 0);
  return *caught;
}

}  // namespace ukey::ca::test
