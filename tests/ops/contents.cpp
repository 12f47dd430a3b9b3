#include "contents.hpp"

#include "practice/picture.hpp"
#include "tests/x509/makers.hpp"

namespace ukey::ops::test {

base::Bytes unit_certificate(int which, bool signs) {
  using x509::KeyUsage;
  const auto& key = ukey::test::key(x509::KeyKind::ec_p256, which);
  auto request = ukey::test::leaf_request(key);
  request.serial = {0x1a, 0x10, 0x00, static_cast<std::uint8_t>(which + 1)};
  if (!signs) request.key_usage = {KeyUsage::key_encipherment, KeyUsage::data_encipherment};
  return x509::issue(request, key);
}

void put_certificate(Writer& writer, std::string_view label, std::string_view id,
                     const base::Bytes& der) {
  Template object;
  object.number(CKA_CLASS, CKO_CERTIFICATE).number(CKA_CERTIFICATE_TYPE, CKC_X_509);
  object.flag(CKA_PRIVATE, false).text(CKA_LABEL, label).text(CKA_ID, id);
  object.text(CKA_SUBJECT, "subject").octets(CKA_VALUE, der);
  writer.create(std::move(object));
}

void put_key(Writer& writer, bool hidden, std::string_view id, int which) {
  const auto parts = ukey::test::key(x509::KeyKind::ec_p256, which).ec();
  Template object;
  object.number(CKA_CLASS, hidden ? CKO_PRIVATE_KEY : CKO_PUBLIC_KEY);
  object.number(CKA_KEY_TYPE, CKK_EC).flag(CKA_PRIVATE, hidden).text(CKA_ID, id);
  object.octets(CKA_EC_PARAMS, parts.params);
  if (hidden)
    object.octets(CKA_VALUE, parts.scalar).flag(CKA_SIGN, true).flag(CKA_SENSITIVE, true);
  else
    object.octets(CKA_EC_POINT, parts.point).flag(CKA_VERIFY, true);
  writer.create(std::move(object));
}

void put_data(Writer& writer, std::string_view label, const base::Bytes& value, bool hidden) {
  Template object;
  object.number(CKA_CLASS, CKO_DATA).flag(CKA_PRIVATE, hidden);
  object.text(CKA_LABEL, label).text(CKA_APPLICATION, "test").octets(CKA_VALUE, value);
  writer.create(std::move(object));
}

base::Bytes picture() { return practice::png(practice::round_seal(20), practice::kSealRed); }

base::Bytes octets(std::string_view text) {
  const auto view = base::as_bytes(text);
  return {view.begin(), view.end()};
}

void make_master(Writer& writer, bool hidden_seals) {
  put_certificate(writer, "sign", "1", unit_certificate(0));
  put_certificate(writer, "encrypt", "2", unit_certificate(1, false));
  for (const bool hidden : {false, true}) {
    put_key(writer, hidden, "1", 0);
    put_key(writer, hidden, "2", 1);
  }
  for (const char* label : {"单位公章", "法人章", "手写签名"})
    put_data(writer, label, picture(), hidden_seals);
}

}  // namespace ukey::ops::test
