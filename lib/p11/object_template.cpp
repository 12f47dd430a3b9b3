#include "p11/object_template.hpp"

#include <p11-kit/pkcs11.h>

#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "p11/ckr.hpp"

namespace ukey::p11 {

ObjectTemplate& ObjectTemplate::flag(unsigned long type, bool value) {
  rows_.push_back({type, base::Bytes(1, value ? CK_TRUE : CK_FALSE)});
  return *this;
}

ObjectTemplate& ObjectTemplate::number(unsigned long type, unsigned long value) {
  base::Bytes raw(sizeof value);
  std::memcpy(raw.data(), &value, sizeof value);
  rows_.push_back({type, std::move(raw)});
  return *this;
}

ObjectTemplate& ObjectTemplate::octets(unsigned long type, base::ByteView value) {
  if (!value.empty()) rows_.push_back({type, base::Bytes(value.begin(), value.end())});
  return *this;
}

std::vector<CK_ATTRIBUTE> ObjectTemplate::attributes() {
  std::vector<CK_ATTRIBUTE> out;
  for (auto& row : rows_) out.push_back({row.type, row.value.data(), row.value.size()});
  return out;
}

void require_writable(const Session& session) {
  if (!session.read_write())
    throw base::Error(base::Code::bug, session.module().file(),
                      answer_of("C_OpenSession", CKR_SESSION_READ_ONLY));
}

}  // namespace ukey::p11
