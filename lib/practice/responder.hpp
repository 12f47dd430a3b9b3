// The practice CA as it answers: many CMP transactions side by side, each kept apart by its
// transactionID. It knows no network, and refuses to keep more transactions open than it can hold.
#pragma once

#include <list>
#include <memory>
#include <mutex>

#include "practice/transaction.hpp"

namespace ukey::practice {

class Responder {
 public:
  /// At most `most_open` transactions stay open, at least 1; the oldest goes for a new one. Throws
  /// Error{bad_input} with the folder of the register when there is none, and as
  /// Authority::open does.
  explicit Responder(Conduct conduct, std::size_t most_open = 256);
  ~Responder();
  Responder(const Responder&) = delete;  // the transactions point to its conduct
  Responder& operator=(const Responder&) = delete;

  /// DER of the PKIMessage that answers `message`, a refusal included. May be called by several
  /// threads. Throws Error{bad_input} for what is no PKIMessage, and what the CA's files throw.
  [[nodiscard]] base::Bytes answer(base::ByteView message);

  /// How many transactions are open.
  [[nodiscard]] std::size_t open() const;

 private:
  struct Row;
  [[nodiscard]] Transaction& transaction(const MessageHead& head);
  void forget(base::ByteView id);

  Conduct conduct_;
  Registry registry_;
  std::size_t most_open_;
  mutable std::mutex guard_;
  std::list<Row> rows_;  // the oldest first
};

}  // namespace ukey::practice
