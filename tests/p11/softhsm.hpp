// A SoftHSM token in a folder of its own, and what the tests put on it by plain C_… calls.
#pragma once

#include <p11-kit/pkcs11.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/secret.hpp"
#include "p11/call.hpp"
#include "p11/login.hpp"
#include "p11/module.hpp"
#include "p11/session.hpp"

namespace ukey::tests {

inline constexpr const char* kSoftHsm = "/usr/lib/softhsm/libsofthsm2.so";
inline constexpr const char* kLabel = "Practice Key";
inline constexpr std::string_view kPin = "12345678";
inline constexpr std::string_view kSoPin = "87654321";

/// An empty store with one initialised token; SOFTHSM2_CONF points to it while it lives.
class Store {
 public:
  Store();
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// A path in the store's folder.
  std::string path(std::string_view name) const { return folder_ + "/" + std::string{name}; }

 private:
  std::string folder_;
};

/// Runs a shell command; fails the test when it fails.
void run(const std::string& command);

base::Secret secret(std::string_view text);
base::Bytes octets(std::string_view text);
/// The DER of a new self-signed certificate, made by the openssl program in `store`.
base::Bytes certificate(const Store& store, const std::string& name);

/// The slot whose token carries kLabel.
unsigned long slot_of(const p11::Module& module);

struct Attribute {
  unsigned long type;
  base::Bytes value;
};
Attribute number(unsigned long type, unsigned long value);
Attribute flag(unsigned long type, bool value);
Attribute text(unsigned long type, std::string_view value);
/// An object of the fake module (fake.hpp).
std::map<unsigned long, base::Bytes> object(std::vector<Attribute> attributes);

/// C_CreateObject; returns the handle.
unsigned long create(const p11::Session& session, std::vector<Attribute> attributes);
void put_certificate(const p11::Session& session, std::string_view label, std::string_view id,
                     const base::Bytes& der);
void put_data(const p11::Session& session, std::string_view label, const base::Bytes& value,
              bool is_private);
/// An RSA-1024 or P-256 key pair with `id`; the public one is public, the private one private.
void make_key_pair(const p11::Session& session, bool rsa, std::string_view id);

/// A door that keeps the names of the calls.
struct Recorder {
  std::shared_ptr<std::vector<std::string>> calls = std::make_shared<std::vector<std::string>>();
  std::shared_ptr<p11::Door> door = std::make_shared<p11::Door>();
  Recorder() {
    door->observer = [calls = calls](const model::CallRecord& record) {
      calls->push_back(record.call);
    };
  }
  long count(std::string_view call) const;
};

}  // namespace ukey::tests
