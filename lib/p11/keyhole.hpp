// What libp11 is shown instead of a module: one slot, one session, one private key. It keeps what
// is public of that key; what libp11 would do to the whole module (finalise it, close sessions, log
// in, write) never gets there, and what remains goes through the module's door. For this room only.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "p11/session.hpp"

struct _CK_ATTRIBUTE;  // of <p11-kit/pkcs11.h>

namespace ukey::p11 {

/// It has a session of its own and so outlives the one that it was made with.
class Keyhole {
 public:
  /// Opens the session, finds the private key with this CKA_ID and reads what is public of it: six
  /// calls, and five more when its public numbers are on the public key object only. Throws the
  /// refusal; not_found about the ID when there is no such key, or not all of its public numbers;
  /// not_supported about it when it is neither RSA nor EC or wants the PIN for each use.
  Keyhole(const Session& session, base::ByteView id);
  ~Keyhole() = default;
  Keyhole(const Keyhole&) = delete;  // libp11 knows its address
  Keyhole& operator=(const Keyhole&) = delete;

  /// While it lives, what this thread loads as the module with the empty name is this keyhole.
  class Shown {
   public:
    /// Throws Error bug when the loader would find another module under that name.
    explicit Shown(Keyhole& keyhole);
    ~Shown();
    Shown(const Shown&) = delete;  // shown once
    Shown& operator=(const Shown&) = delete;
  };

  /// What the token answered when it did not do what was last asked of the key; absent when it did.
  [[nodiscard]] std::optional<base::Error> failure() const;

  /// What was read of the key under this attribute; empty when it has no such one.
  [[nodiscard]] base::ByteView value(unsigned long type) const;

  // The rest is for the functions that libp11 calls.

  /// How libp11 knows its slot and its session.
  [[nodiscard]] unsigned long number() const;
  [[nodiscard]] const Session& session() const { return session_; }
  [[nodiscard]] unsigned long key() const { return key_; }
  /// Answers one attribute of the key (C_GetAttributeValue, v3.0 5.7.5).
  [[nodiscard]] unsigned long give(_CK_ATTRIBUTE& asked) const;
  /// Keeps what a call with the key answered and returns it; refuses a `length` above `room`.
  unsigned long note(std::string_view call, unsigned long rv, unsigned long length = 0,
                     unsigned long room = 0);
  void note(const base::Error& error);

  bool lent = false;          ///< libp11 has the session
  bool found = true;          ///< the search under way is over
  unsigned long derived = 0;  ///< the secret that the key made last, 0 when it was destroyed

 private:
  void read_key(base::ByteView id);
  void add_public(base::ByteView id);
  [[nodiscard]] bool complete() const;
  void keep(std::optional<base::Error> failure);

  Session session_;
  unsigned long key_ = 0;
  std::map<unsigned long, base::Bytes> values_;
  mutable std::mutex mutex_;
  std::optional<base::Error> failure_;
};

}  // namespace ukey::p11
