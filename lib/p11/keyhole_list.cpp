// The function list of a Keyhole, and the entry point under which libp11 loads it: this program
// itself, which is the module with the empty name.
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <cstring>

#include "p11/call.hpp"
#include "p11/keyhole.hpp"

namespace ukey::p11 {

namespace {

constexpr const char* kEntry = "C_GetFunctionList";
constexpr unsigned long kLongestSecret = 1024;

// PKCS#11 gives its first functions neither slot nor session to tell one keyhole from another.
thread_local Keyhole* shown = nullptr;

Keyhole& keyhole_of(unsigned long number) { return *reinterpret_cast<Keyhole*>(number); }

/// What `work` answers about the keyhole; libp11 is C, nothing may be thrown into it.
template <class Work>
CK_RV guarded(unsigned long number, Work work) noexcept {
  Keyhole& keyhole = keyhole_of(number);
  try {
    return work(keyhole);
  } catch (const base::Error& error) {
    keyhole.note(error);
  } catch (...) {  // no memory, or an observer that throws: not what the token answered
  }
  return CKR_GENERAL_ERROR;
}

/// The same call to the token, with its key or its operation.
template <class Function, class... Args>
CK_RV pass_on(Keyhole& keyhole, const char* name, Function CK_FUNCTION_LIST::*member,
              Args... args) {
  return answer(keyhole.session().module(), name, member, keyhole.session().handle(), args...);
}

CK_RV begin(unsigned long number, const char* name, CK_C_SignInit CK_FUNCTION_LIST::*member,
            CK_MECHANISM* mechanism) {
  return guarded(number, [&](Keyhole& keyhole) {
    return keyhole.note(name, pass_on(keyhole, name, member, mechanism, keyhole.key()));
  });
}

CK_RV finish(unsigned long number, const char* name, CK_C_Sign CK_FUNCTION_LIST::*member,
             unsigned char* in, unsigned long size, unsigned char* out, unsigned long* length) {
  return guarded(number, [&](Keyhole& keyhole) {
    const unsigned long room = *length;
    const auto rv = pass_on(keyhole, name, member, in, size, out, length);
    return keyhole.note(name, rv, *length, room);
  });
}

CK_RV derive(CK_SESSION_HANDLE number, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE,
             CK_ATTRIBUTE* wanted, unsigned long count, CK_OBJECT_HANDLE* secret) {
  constexpr const char* kCall = "C_DeriveKey";
  return guarded(number, [&](Keyhole& keyhole) {
    const auto rv = pass_on(keyhole, kCall, &CK_FUNCTION_LIST::C_DeriveKey, mechanism,
                            keyhole.key(), wanted, count, secret);
    if (rv == CKR_OK) keyhole.derived = *secret;
    return keyhole.note(kCall, rv);
  });
}

/// Of the key from memory, of a secret that it derived from the token.
CK_RV get_attributes(CK_SESSION_HANDLE number, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* asked,
                     unsigned long count) {
  constexpr const char* kCall = "C_GetAttributeValue";
  return guarded(number, [&](Keyhole& keyhole) -> CK_RV {
    CK_RV rv = CKR_OK;
    if (object == keyhole.key()) {
      for (unsigned long i = 0; i < count; ++i) rv = std::max(rv, keyhole.give(asked[i]));
      return rv;
    }
    if (object != keyhole.derived || count != 1) return CKR_OBJECT_HANDLE_INVALID;
    const unsigned long room = asked->pValue ? asked->ulValueLen : kLongestSecret;
    rv = pass_on(keyhole, kCall, &CK_FUNCTION_LIST::C_GetAttributeValue, object, asked, count);
    return keyhole.note(kCall, rv, asked->ulValueLen, room);
  });
}

CK_RV destroy(CK_SESSION_HANDLE number, CK_OBJECT_HANDLE object) {
  return guarded(number, [&](Keyhole& keyhole) -> CK_RV {
    if (object == CK_INVALID_HANDLE || object != keyhole.derived) return CKR_ACTION_PROHIBITED;
    keyhole.derived = CK_INVALID_HANDLE;
    return pass_on(keyhole, "C_DestroyObject", &CK_FUNCTION_LIST::C_DestroyObject, object);
  });
}

CK_RV open_session(CK_SLOT_ID number, CK_FLAGS, void*, CK_NOTIFY, CK_SESSION_HANDLE* session) {
  Keyhole& keyhole = keyhole_of(number);
  if (keyhole.lent) return CKR_SESSION_COUNT;  // another thread waits for this one to come back
  keyhole.lent = true;
  *session = number;
  return CKR_OK;
}

CK_RV close_session(unsigned long number) {
  keyhole_of(number).lent = false;
  return CKR_OK;
}

CK_RV slot_list(unsigned char, CK_SLOT_ID* slots, unsigned long* count) {
  if (slots && *count < 1) return CKR_BUFFER_TOO_SMALL;
  *count = shown ? 1 : 0;
  if (slots && shown) *slots = shown->number();
  return CKR_OK;
}

CK_RV slot_info(CK_SLOT_ID, CK_SLOT_INFO* info) {
  *info = {};
  info->flags = CKF_TOKEN_PRESENT;
  return CKR_OK;
}

CK_RV find_first(CK_SESSION_HANDLE number, CK_ATTRIBUTE* wanted, unsigned long count) {
  const auto of_key = [](const CK_ATTRIBUTE& one) {
    constexpr unsigned long kClass = CKO_PRIVATE_KEY;
    return one.type == CKA_CLASS && one.ulValueLen == sizeof kClass &&
           std::memcmp(one.pValue, &kClass, sizeof kClass) == 0;
  };
  keyhole_of(number).found = !std::any_of(wanted, wanted + count, of_key);
  return CKR_OK;
}

CK_RV find_next(CK_SESSION_HANDLE number, CK_OBJECT_HANDLE* objects, unsigned long most,
                unsigned long* count) {
  Keyhole& keyhole = keyhole_of(number);
  *count = keyhole.found || most == 0 ? 0 : 1;
  if (*count == 0) return CKR_OK;
  keyhole.found = true;
  *objects = keyhole.key();
  return CKR_OK;
}

/// What concerns the whole module or its slots. It is the program that initialises and finalises
/// modules, and logs in.
void add_surroundings(CK_FUNCTION_LIST& list) {
  list.version = {2, 40};
  list.C_GetFunctionList = C_GetFunctionList;
  list.C_Initialize = [](void*) -> CK_RV { return CKR_CRYPTOKI_ALREADY_INITIALIZED; };
  list.C_Finalize = [](void*) -> CK_RV { return CKR_OK; };
  list.C_GetInfo = [](CK_INFO* info) -> CK_RV { return *info = {}, CKR_OK; };
  list.C_GetSlotList = slot_list;
  list.C_GetSlotInfo = slot_info;
  list.C_GetTokenInfo = [](CK_SLOT_ID, CK_TOKEN_INFO* info) -> CK_RV { return *info = {}, CKR_OK; };
  list.C_OpenSession = open_session;
  list.C_CloseSession = close_session;
  list.C_CloseAllSessions = close_session;
  list.C_GetSessionInfo = [](CK_SESSION_HANDLE number, CK_SESSION_INFO* info) -> CK_RV {
    return *info = {number, 0, 0, 0}, CKR_OK;
  };
  list.C_Login = [](CK_SESSION_HANDLE, CK_USER_TYPE, unsigned char*, unsigned long) -> CK_RV {
    return CKR_ACTION_PROHIBITED;
  };
  list.C_Logout = [](CK_SESSION_HANDLE) -> CK_RV { return CKR_ACTION_PROHIBITED; };
}

/// What is done with the key.
void add_uses(CK_FUNCTION_LIST& list) {
  list.C_FindObjectsInit = find_first;
  list.C_FindObjects = find_next;
  list.C_FindObjectsFinal = [](CK_SESSION_HANDLE) -> CK_RV { return CKR_OK; };
  list.C_GetAttributeValue = get_attributes;
  list.C_SignInit = [](CK_SESSION_HANDLE number, CK_MECHANISM* how, CK_OBJECT_HANDLE) {
    return begin(number, "C_SignInit", &CK_FUNCTION_LIST::C_SignInit, how);
  };
  list.C_DecryptInit = [](CK_SESSION_HANDLE number, CK_MECHANISM* how, CK_OBJECT_HANDLE) {
    return begin(number, "C_DecryptInit", &CK_FUNCTION_LIST::C_DecryptInit, how);
  };
  // What libp11 tries instead when a key is not for signing.
  list.C_EncryptInit = [](CK_SESSION_HANDLE, CK_MECHANISM*, CK_OBJECT_HANDLE) -> CK_RV {
    return CKR_KEY_FUNCTION_NOT_PERMITTED;
  };
  list.C_Sign = [](CK_SESSION_HANDLE number, unsigned char* in, unsigned long size,
                   unsigned char* out, unsigned long* length) {
    return finish(number, "C_Sign", &CK_FUNCTION_LIST::C_Sign, in, size, out, length);
  };
  list.C_Decrypt = [](CK_SESSION_HANDLE number, unsigned char* in, unsigned long size,
                      unsigned char* out, unsigned long* length) {
    return finish(number, "C_Decrypt", &CK_FUNCTION_LIST::C_Decrypt, in, size, out, length);
  };
  list.C_DeriveKey = derive;
  list.C_DestroyObject = destroy;
}

CK_FUNCTION_LIST make_list() {
  CK_FUNCTION_LIST list{};
  add_surroundings(list);
  add_uses(list);
  return list;
}

}  // namespace

Keyhole::Shown::Shown(Keyhole& keyhole) {
  // Unless the program was linked to export its own, the loader would take p11-kit's.
  if (::dlsym(RTLD_DEFAULT, kEntry) != reinterpret_cast<void*>(&C_GetFunctionList))
    throw base::Error(base::Code::bug, kEntry);
  shown = &keyhole;
}

Keyhole::Shown::~Shown() { shown = nullptr; }

}  // namespace ukey::p11

/// Everybody but libp11 gets what this name meant without us.
CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  static CK_FUNCTION_LIST keyhole = ukey::p11::make_list();
  if (ukey::p11::shown) return *list = &keyhole, CKR_OK;
  const auto next = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(RTLD_NEXT, ukey::p11::kEntry));
  return next ? next(list) : CKR_FUNCTION_NOT_SUPPORTED;
}
