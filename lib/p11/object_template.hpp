// The attributes of an object to be made, kept with their values until the call that reads them.
// For this room only. It refuses empty values: that is no attribute.
#pragma once

#include <vector>

#include "base/bytes.hpp"
#include "p11/session.hpp"

struct _CK_ATTRIBUTE;  // of <p11-kit/pkcs11.h>

namespace ukey::p11 {

class ObjectTemplate {
 public:
  ObjectTemplate& flag(unsigned long type, bool value);
  ObjectTemplate& number(unsigned long type, unsigned long value);
  /// Nothing when `value` is empty.
  ObjectTemplate& octets(unsigned long type, base::ByteView value);

  /// In the order in which they were added; good until this changes or dies.
  [[nodiscard]] std::vector<_CK_ATTRIBUTE> attributes();

 private:
  struct Row {
    unsigned long type;
    base::Bytes value;
  };
  std::vector<Row> rows_;
};

/// Throws Error bug when the session is read-only: whoever opened it did not mean to write.
void require_writable(const Session& session);

}  // namespace ukey::p11
