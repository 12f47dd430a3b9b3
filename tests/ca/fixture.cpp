#include "tests/ca/fixture.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "base/file.hpp"

namespace ukey::ca::test {

Folder::Folder() {
  auto name = (std::filesystem::temp_directory_path() / "ukey-ca-test-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Folder::put(const std::string& name, std::string_view text) const {
  base::write_file(path(name), base::as_bytes(text));
  return path(name);
}

std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string key_pem(const x509::Key& from) {
  const x509::BioPtr out{BIO_new(BIO_s_mem())};
  REQUIRE(PEM_write_bio_PKCS8PrivateKey(out.get(), from.get(), nullptr, nullptr, 0, nullptr,
                                        nullptr) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

Authority::Authority() {
  auto request = ukey::test::ca_request("Practice Root", root_key);
  request.not_after = at("2049-12-31T00:00:00Z");
  root = x509::issue(request, root_key);
  server = issued("Practice Server", server_key, 2);
}

base::Bytes Authority::issued(const std::string& name, const x509::Key& subject_key,
                              std::uint8_t serial, std::vector<x509::Extension> extensions) const {
  auto request = ukey::test::leaf_request(subject_key);
  request.subject = {{"C", "CN"}, {"O", "演练测试有限公司"}, {"CN", name}};
  request.issuer_certificate = root;
  request.serial = {serial};
  request.not_before = at("2020-01-01T00:00:00Z");
  request.not_after = at("2049-01-01T00:00:00Z");
  request.extensions = std::move(extensions);
  return x509::issue(request, root_key);
}

namespace {

/// One log for each server of the run.
std::string next_log(const Folder& folder) {
  static int started = 0;
  return folder.path("server-" + std::to_string(++started) + ".log");
}

}  // namespace

Server::Server(const Folder& folder, const Authority& authority, const base::Bytes& answer,
               const std::vector<std::string>& more)
    : log_(next_log(folder)) {
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

std::string Server::said() const { return slurp(log_); }

void Server::look_for_port() {
  const auto text = said();
  const auto line = text.find("ACCEPT ");
  if (line == std::string::npos) return;
  const auto end = text.find(' ', line + 7);
  const auto colon = text.rfind(':', end);
  if (end != std::string::npos) port_ = text.substr(colon + 1, end - colon - 1);
}

Renewal::Renewal(KeyKind kind, bool rekey) {
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

CmpServer Renewal::at_url(std::string url, model::CmpCommand command) const {
  CmpServer out;
  out.url = std::move(url);
  out.command = command;
  out.trust = {authority.root};
  out.limit = std::chrono::seconds{20};
  return out;
}

base::Secret secret_of(std::string_view text) {
  base::Secret out;
  for (const char c : text) REQUIRE(out.push(static_cast<std::uint8_t>(c)));
  return out;
}

}  // namespace ukey::ca::test
