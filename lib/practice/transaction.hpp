// One CMP transaction (RFC 4210) at the practice CA, from the request to its confirmation, on
// OpenSSL's server. It refuses what is not signed with a certificate of the register.
#pragma once

#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "practice/authority.hpp"
#include "practice/cmp_message.hpp"
#include "practice/registry.hpp"

namespace ukey::practice {

/// How the practice CA answers, and the faults that it is to have, for training.
struct Conduct {
  std::filesystem::path folder;     ///< of the CA, `Drawer::authority_folder`
  std::function<base::Time()> now;  ///< the CA's clock
  int years = 1;                    ///< the term where a request asks for none: 1 or 2
  std::string rejection;            ///< refuse every request with this reason; "" for not
  unsigned polls = 0;               ///< how often it says "waiting" before it answers
  bool wrong_key = false;           ///< certify a key that nobody has
};

class Transaction {
 public:
  /// For the message that begins it; `conduct` outlives this. Throws as Authority::open and
  /// Registry do.
  Transaction(const Conduct& conduct, const Registry& registry, const MessageHead& first);
  ~Transaction();
  Transaction(const Transaction&) = delete;  // OpenSSL's context points here
  Transaction& operator=(const Transaction&) = delete;

  /// DER of the answer to a message, a refusal included. Throws Error{bad_input} for what OpenSSL
  /// does not take for a PKIMessage, bug without an answer, and what the register throws.
  [[nodiscard]] base::Bytes answer(base::ByteView message);

  /// True while the client has something to say yet: to poll, or to confirm.
  [[nodiscard]] bool is_open() const;

 private:
  struct Calls;  // what OpenSSL calls
  struct Server;

  void choose_signer(const MessageHead& first);
  void choose_brand(const MessageHead& first);
  [[nodiscard]] bool waits();

  const Conduct& conduct_;
  Registry registry_;
  Authority authority_;
  Brand brand_ = Brand::bjca;
  base::Bytes signer_;          // DER of the client's certificate; empty when it is unknown
  base::Bytes request_;         // the first message, kept while the client polls
  unsigned waits_ = 0;          // left
  std::optional<Issue> issue_;  // what was given out
  bool waiting_ = false, confirmed_ = false;
  std::exception_ptr failure_;  // C code stands between the throw and the catch
  std::unique_ptr<Server> server_;
};

}  // namespace ukey::practice
