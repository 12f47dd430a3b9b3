#include "tests/p11/fake.hpp"

#include <algorithm>
#include <cstring>

namespace ukey::tests {

namespace {

Fake* fake = nullptr;

CK_RV start(void* args) {
  ++fake->initialised;
  return fake->initialize ? fake->initialize(static_cast<CK_C_INITIALIZE_ARGS*>(args)) : CKR_OK;
}

CK_RV finalize(void*) {
  ++fake->finalised;
  return CKR_OK;
}

template <class List>
CK_RV give_list(const List& from, unsigned long* list, unsigned long* count) {
  const unsigned long room = *count;
  *count = from.size();
  if (!list) return CKR_OK;
  if (room < from.size()) return CKR_BUFFER_TOO_SMALL;
  std::copy(from.begin(), from.end(), list);
  return CKR_OK;
}

CK_RV get_slot_list(unsigned char with_token, unsigned long* slots, unsigned long* count) {
  if (fake->slot_list) return fake->slot_list(slots, count);
  auto all = fake->slots;
  if (!with_token) all.insert(all.end(), fake->empty_slots.begin(), fake->empty_slots.end());
  return give_list(all, slots, count);
}

CK_RV wait_for_slot_event(unsigned long flags, unsigned long* slot, void*) {
  return fake->slot_event ? fake->slot_event(flags, slot) : CKR_NO_EVENT;
}

CK_RV get_token_info(unsigned long, CK_TOKEN_INFO* info) {
  if (fake->token_info) return fake->token_info(info);
  *info = fake->token;
  return CKR_OK;
}

CK_RV get_mechanism_list(unsigned long, unsigned long* list, unsigned long* count) {
  return fake->mechanism_list ? fake->mechanism_list(list, count) : CKR_TOKEN_NOT_PRESENT;
}

CK_RV get_mechanism_info(unsigned long, unsigned long mechanism, CK_MECHANISM_INFO* info) {
  return fake->mechanism_info ? fake->mechanism_info(mechanism, info) : CKR_MECHANISM_INVALID;
}

CK_RV open(unsigned long, unsigned long, void*, CK_NOTIFY, unsigned long* session) {
  if (fake->open_session) return fake->open_session(session);
  *session = 1;
  return CKR_OK;
}

CK_RV close_session(unsigned long) { return CKR_OK; }

CK_RV log_in(unsigned long, unsigned long user, unsigned char* pin, unsigned long length) {
  return fake->login ? fake->login(user, {pin, length}) : CKR_OK;
}

CK_RV log_out(unsigned long) { return CKR_OK; }

CK_RV find_init(unsigned long, CK_ATTRIBUTE* wanted, unsigned long count) {
  fake->found.clear();
  for (unsigned long i = 0; i < fake->objects.size(); ++i) {
    const auto& object = fake->objects[i];
    const auto fits = [&object](const CK_ATTRIBUTE& one) {
      const auto has = object.find(one.type);
      return has != object.end() && has->second.size() == one.ulValueLen &&
             std::memcmp(has->second.data(), one.pValue, one.ulValueLen) == 0;
    };
    if (std::all_of(wanted, wanted + count, fits)) fake->found.push_back(i + 1);
  }
  return CKR_OK;
}

CK_RV find_next(unsigned long, unsigned long* handles, unsigned long most, unsigned long* count) {
  if (fake->find) return fake->find(handles, most, count);
  *count = std::min(most, fake->found.size());
  std::copy_n(fake->found.begin(), *count, handles);
  fake->found.erase(fake->found.begin(), fake->found.begin() + static_cast<long>(*count));
  return CKR_OK;
}

CK_RV find_final(unsigned long) { return CKR_OK; }

CK_RV get_attributes(unsigned long, unsigned long object, CK_ATTRIBUTE* asked,
                     unsigned long count) {
  if (fake->attributes) return fake->attributes(object, asked, count);
  CK_RV rv = CKR_OK;
  for (unsigned long i = 0; i < count; ++i)
    if (const CK_RV one = give(fake->objects[object - 1], asked[i]); one != CKR_OK) rv = one;
  return rv;
}

}  // namespace

CK_RV give(const Fake::Object& object, CK_ATTRIBUTE& asked) {
  const auto found = object.find(asked.type);
  const unsigned long room = asked.ulValueLen;
  asked.ulValueLen = CK_UNAVAILABLE_INFORMATION;
  if (found == object.end()) return CKR_ATTRIBUTE_TYPE_INVALID;
  if (asked.pValue && room < found->second.size()) return CKR_BUFFER_TOO_SMALL;
  asked.ulValueLen = found->second.size();
  if (asked.pValue)
    std::copy(found->second.begin(), found->second.end(), static_cast<std::uint8_t*>(asked.pValue));
  return CKR_OK;
}

Fake::Fake() {
  fake = this;
  std::memset(&token, ' ', 96);  // the four text fields
  std::memcpy(token.label, "FAKE", 4);
  std::memcpy(token.serialNumber, "0001", 4);
  token.flags = CKF_TOKEN_INITIALIZED | CKF_LOGIN_REQUIRED;
  token.ulMinPinLen = 6;
  token.ulMaxPinLen = 16;
  functions.C_Initialize = start;
  functions.C_Finalize = finalize;
  functions.C_GetSlotList = get_slot_list;
  functions.C_GetTokenInfo = get_token_info;
  functions.C_GetMechanismList = get_mechanism_list;
  functions.C_GetMechanismInfo = get_mechanism_info;
  functions.C_OpenSession = open;
  functions.C_CloseSession = close_session;
  functions.C_Login = log_in;
  functions.C_Logout = log_out;
  functions.C_FindObjectsInit = find_init;
  functions.C_FindObjects = find_next;
  functions.C_FindObjectsFinal = find_final;
  functions.C_GetAttributeValue = get_attributes;
  functions.C_WaitForSlotEvent = wait_for_slot_event;
}

Fake::~Fake() { fake = nullptr; }

p11::Module Fake::module(std::shared_ptr<p11::Door> door) {
  return p11::Module::adopt(&functions, "fake", std::move(door));
}

}  // namespace ukey::tests
