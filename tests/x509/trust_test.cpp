#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "base/error.hpp"
#include "base/file.hpp"
#include "makers.hpp"
#include "x509/bundle.hpp"
#include "x509/chain.hpp"

using namespace ukey;
using Certificates = std::vector<base::Bytes>;

namespace {

/// A directory that goes with the test.
class Folder {
 public:
  Folder() {
    path_ = (std::filesystem::temp_directory_path() / "ukey-trust-XXXXXX").string();
    if (mkdtemp(path_.data()) == nullptr) throw base::Error{base::Code::file_io, path_};
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;             // it would be removed twice
  Folder& operator=(const Folder&) = delete;  // same

  std::string put(const std::string& name, base::ByteView contents) const {
    base::write_file(path_ + "/" + name, contents);
    return path_ + "/" + name;
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::pair<base::Code, std::string> refusal(const std::vector<std::string>& files,
                                           const std::vector<std::string>& directories) {
  try {
    (void)x509::read_trust(files, directories);
  } catch (const base::Error& error) {
    return {error.code(), error.subject()};
  }
  return {base::Code::bug, ""};
}

}  // namespace

TEST_CASE("Trust comes from files of any name and from certificate files of a directory") {
  const auto chain = test::chain_of(x509::KeyKind::sm2);
  x509::CrlRequest request;
  request.issuer_certificate = chain.intermediate;
  request.this_update = test::at("2026-06-01T00:00:00Z");
  request.next_update = test::at("2026-07-01T00:00:00Z");
  const auto crl = x509::issue_crl(request, test::sm2(1));
  const Folder folder;
  folder.put("b.CER", chain.root);
  folder.put("a.pem", base::as_bytes(x509::pem(chain.intermediate)));
  folder.put("c.crl", crl);
  folder.put("d.der", chain.root);
  folder.put("readme.txt", base::as_bytes("not a certificate"));
  std::filesystem::create_directory(folder.path() + "/below.pem");
  const Folder elsewhere;
  const auto file = elsewhere.put("anything", chain.leaf);

  const auto trust = x509::read_trust({file}, {folder.path()});
  CHECK(trust.certificates == Certificates{chain.leaf, chain.intermediate, chain.root});
  CHECK(trust.crls == Certificates{crl});
  CHECK(x509::read_trust({}, {}).certificates.empty());
}

TEST_CASE("What cannot be read is told with its path") {
  const Folder folder;
  const auto absent = folder.path() + "/absent.pem";
  CHECK(refusal({absent}, {}) == std::pair{base::Code::file_io, absent});
  CHECK(refusal({folder.path()}, {}) == std::pair{base::Code::file_io, folder.path()});
  CHECK(refusal({}, {absent}) == std::pair{base::Code::file_io, absent});
  const auto bad = folder.put("bad.crt", base::as_bytes("nothing"));
  CHECK(refusal({bad}, {}) == std::pair{base::Code::bad_input, bad});
  CHECK(refusal({}, {folder.path()}) == std::pair{base::Code::bad_input, bad});
  const auto big = folder.put("a.pem", base::Bytes((16U << 20) + 1, ' '));
  CHECK(refusal({}, {folder.path()}) == std::pair{base::Code::bad_input, big + " (16 MiB)"});
}
