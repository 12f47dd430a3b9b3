// A small CA on this machine for tests: its certificates, and the CMP server of the openssl program
// on a free port of the loopback. Nothing here is a real organisation.
#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "base/child.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
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
  Folder() {
    auto name = (std::filesystem::temp_directory_path() / "ukey-ca-test-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;  // removed once
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string path(const std::string& name) const { return (path_ / name).string(); }
  std::string put(const std::string& name, std::string_view text) const {
    base::write_file(path(name), base::as_bytes(text));
    return path(name);
  }

 private:
  std::filesystem::path path_;
};

inline std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

inline std::string key_pem(const x509::Key& from) {
  const x509::BioPtr out{BIO_new(BIO_s_mem())};
  REQUIRE(PEM_write_bio_PKCS8PrivateKey(out.get(), from.get(), nullptr, nullptr, 0, nullptr,
                                        nullptr) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

/// Root and what it issued. Other programs judge them by the real clock, hence the long lives.
struct Authority {
  const x509::Key& root_key = key(KeyKind::ec_p256, 0);
  const x509::Key& server_key = key(KeyKind::ec_p256, 1);
  base::Bytes root, server;

  Authority() {
    auto request = ukey::test::ca_request("Practice Root", root_key);
    request.not_after = at("2049-12-31T00:00:00Z");
    root = x509::issue(request, root_key);
    server = issued("Practice Server", server_key, 2);
  }

  /// A certificate of the root; with the same name, another serial makes it another one.
  [[nodiscard]] base::Bytes issued(const std::string& name, const x509::Key& subject_key,
                                   std::uint8_t serial,
                                   std::vector<x509::Extension> extensions = {}) const {
    auto request = ukey::test::leaf_request(subject_key);
    request.subject = {{"C", "CN"}, {"O", "演练测试有限公司"}, {"CN", name}};
    request.issuer_certificate = root;
    request.serial = {serial};
    request.not_before = at("2020-01-01T00:00:00Z");
    request.not_after = at("2049-01-01T00:00:00Z");
    request.extensions = std::move(extensions);
    return x509::issue(request, root_key);
  }
};

/// `openssl cmp` as a server; dies with the object.
class Server {
 public:
  Server(const Folder& folder, const Authority& authority, const base::Bytes& answer,
         const std::vector<std::string>& more = {})
      : log_(folder.path("server-" + std::to_string(++started()) + ".log")) {
    base::Command command;
    command.argv = {"openssl",      "cmp",
                    "-config",      "",
                    "-port",        "0",
                    "-srv_cert",    folder.put("server.pem", x509::pem(authority.server)),
                    "-srv_key",     folder.put("server.key", key_pem(authority.server_key)),
                    "-srv_trusted", folder.put("root.pem", x509::pem(authority.root)),
                    "-rsp_cert",    folder.put("answer.pem", x509::pem(answer))};
    command.argv.insert(command.argv.end(), more.begin(), more.end());
    const base::Descriptor nothing{open("/dev/null", O_RDWR | O_CLOEXEC)};
    const base::Descriptor out{open(log_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
    child_.emplace(command, base::Plumbing{nothing.number(), out.number(), out.number()});
    for (int i = 0; i < 500 && port_.empty(); ++i) {
      usleep(10'000);
      look_for_port();
    }
    INFO(said());
    REQUIRE_FALSE(port_.empty());
  }

  [[nodiscard]] const std::string& port() const { return port_; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + port_ + "/pkix/"; }
  /// Everything it has printed.
  [[nodiscard]] std::string said() const { return slurp(log_); }

 private:
  static int& started() {
    static int count = 0;
    return count;
  }

  void look_for_port() {
    const auto text = said();
    const auto line = text.find("ACCEPT ");
    if (line == std::string::npos) return;
    const auto end = text.find(' ', line + 7);
    const auto colon = text.rfind(':', end);
    if (end != std::string::npos) port_ = text.substr(colon + 1, end - colon - 1);
  }

  std::string log_, port_;
  std::optional<base::Child> child_;
};

/// A holder's old certificate and the request for the next one, with the same key or another.
struct Renewal {
  Authority authority;
  base::Bytes old_certificate, next;
  Request request;

  explicit Renewal(KeyKind kind = KeyKind::ec_p256, bool rekey = false) {
    const auto& old_key = key(kind, 2);
    const auto& new_key = key(kind, rekey ? 3 : 2);
    old_certificate = authority.issued("演练", old_key, 3);
    next = authority.issued("演练", new_key, 4);
    request.pkcs10 = x509::make_request(old_certificate, new_key.get());
    request.old_certificate = old_certificate;
    request.old_key = old_key.get();
    request.new_key = new_key.get();
    request.facts.token.serial = "PRACTICE-0001";
  }

  [[nodiscard]] CmpServer at_url(std::string url,
                                 model::CmpCommand command = model::CmpCommand::cr) const {
    CmpServer out;
    out.url = std::move(url);
    out.command = command;
    out.trust = {authority.root};
    out.limit = std::chrono::seconds{20};
    return out;
  }
};

inline base::Secret secret_of(std::string_view text) {
  base::Secret out;
  for (const char c : text) REQUIRE(out.push(static_cast<std::uint8_t>(c)));
  return out;
}

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
