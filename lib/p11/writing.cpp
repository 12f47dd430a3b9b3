#include "p11/writing.hpp"

#include <p11-kit/pkcs11.h>

#include <array>

#include "p11/attributes.hpp"
#include "p11/call.hpp"
#include "p11/object_template.hpp"

namespace ukey::p11 {

namespace {

using base::Code;
using base::Error;

constexpr const char* kCreate = "C_CreateObject";
constexpr std::size_t kUsualName = 1024;

}  // namespace

unsigned long write_certificate(const Session& session, const NewCertificate& certificate) {
  require_writable(session);
  if (certificate.der.empty()) throw Error(Code::bug, kCreate);
  ObjectTemplate object;
  object.number(CKA_CLASS, CKO_CERTIFICATE).number(CKA_CERTIFICATE_TYPE, CKC_X_509);
  object.flag(CKA_TOKEN, true).flag(CKA_PRIVATE, false);
  object.octets(CKA_LABEL, certificate.label).octets(CKA_ID, certificate.id);
  object.octets(CKA_SUBJECT, certificate.subject).octets(CKA_ISSUER, certificate.issuer);
  object.octets(CKA_SERIAL_NUMBER, certificate.serial).octets(CKA_VALUE, certificate.der);
  auto attributes = object.attributes();
  unsigned long handle = CK_INVALID_HANDLE;
  call(session.module(), kCreate, &CK_FUNCTION_LIST::C_CreateObject, session.handle(),
       attributes.data(), static_cast<unsigned long>(attributes.size()), &handle);
  if (handle == CK_INVALID_HANDLE) throw broken(session.module(), kCreate, CKR_OK);
  return handle;
}

NewCertificate read_certificate(const Session& session, unsigned long handle) {
  constexpr std::array kWanted{
      Wanted{CKA_LABEL, kUsualText, true},         Wanted{CKA_ID, kUsualText, true},
      Wanted{CKA_SUBJECT, kUsualName, true},       Wanted{CKA_ISSUER, kUsualName, true},
      Wanted{CKA_SERIAL_NUMBER, kUsualText, true}, Wanted{CKA_VALUE, kUsualCertificate, true}};
  const Attributes read{session, handle, kWanted};
  for (const auto& one : kWanted) {
    const auto state = read.state(one.type);
    const bool unbelievable = state == AttributeState::too_long || state == AttributeState::lied;
    const bool missing = one.type == CKA_VALUE && read.value(one.type).empty();
    if (unbelievable || missing)
      throw Error(unbelievable ? Code::bad_input : Code::not_found, base::hex_number(handle),
                  answer_of("C_GetAttributeValue", read.rv(one.type)));
  }
  return {read.value(CKA_VALUE),         read.value(CKA_SUBJECT), read.value(CKA_ISSUER),
          read.value(CKA_SERIAL_NUMBER), read.value(CKA_ID),      read.value(CKA_LABEL)};
}

void destroy_object(const Session& session, unsigned long handle) {
  require_writable(session);
  call(session.module(), "C_DestroyObject", &CK_FUNCTION_LIST::C_DestroyObject, session.handle(),
       handle);
}

}  // namespace ukey::p11
