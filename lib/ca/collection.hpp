// What a CA sent, gathered: certificates once each, its words made safe to show. For .cpp files of
// this room.
#pragma once

#include <string>
#include <utility>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "ca/request.hpp"

namespace ukey::ca {

/// Certificates in the order they were added, each once, at most 100.
class Collection {
 public:
  /// Throws ca_refused (odd_answer) when there would be more.
  void add(base::ByteView der);
  [[nodiscard]] Answer answer() && { return std::move(answer_); }

 private:
  Answer answer_;
};

/// The error of an answer that is neither certificates nor a refusal by the CA: ca_refused,
/// odd_answer.
[[nodiscard]] base::Error not_understood();

/// Foreign words as one line of UTF-8 without control characters, at most 300 columns.
[[nodiscard]] std::string cleaned(base::ByteView words);

}  // namespace ukey::ca
