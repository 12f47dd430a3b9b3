// The functions of PKCS#11 2.40 as rows: name, and what its first argument names. The one place
// that lists them all.
#pragma once

#include <p11-kit/pkcs11.h>

#include <optional>
#include <string_view>

namespace ukey::practice {

/// What must hold before a call is forwarded: nothing; a known slot; a slot with its token in; a
/// session whose token was never taken out.
enum class Subject { library, slot, token, session };

// In the order of CK_FUNCTION_LIST, from which exports.cpp fills ours.
// clang-format off
#define UKEY_PKCS11_FUNCTIONS(X) \
  X(C_Initialize, library) X(C_Finalize, library) X(C_GetInfo, library) \
  X(C_GetFunctionList, library) X(C_GetSlotList, library) X(C_GetSlotInfo, slot) \
  X(C_GetTokenInfo, token) X(C_GetMechanismList, token) X(C_GetMechanismInfo, token) \
  X(C_InitToken, token) X(C_InitPIN, session) X(C_SetPIN, session) X(C_OpenSession, token) \
  X(C_CloseSession, session) X(C_CloseAllSessions, slot) X(C_GetSessionInfo, session) \
  X(C_GetOperationState, session) X(C_SetOperationState, session) X(C_Login, session) \
  X(C_Logout, session) X(C_CreateObject, session) X(C_CopyObject, session) \
  X(C_DestroyObject, session) X(C_GetObjectSize, session) X(C_GetAttributeValue, session) \
  X(C_SetAttributeValue, session) X(C_FindObjectsInit, session) X(C_FindObjects, session) \
  X(C_FindObjectsFinal, session) X(C_EncryptInit, session) X(C_Encrypt, session) \
  X(C_EncryptUpdate, session) X(C_EncryptFinal, session) X(C_DecryptInit, session) \
  X(C_Decrypt, session) X(C_DecryptUpdate, session) X(C_DecryptFinal, session) \
  X(C_DigestInit, session) X(C_Digest, session) X(C_DigestUpdate, session) \
  X(C_DigestKey, session) X(C_DigestFinal, session) X(C_SignInit, session) X(C_Sign, session) \
  X(C_SignUpdate, session) X(C_SignFinal, session) X(C_SignRecoverInit, session) \
  X(C_SignRecover, session) X(C_VerifyInit, session) X(C_Verify, session) \
  X(C_VerifyUpdate, session) X(C_VerifyFinal, session) X(C_VerifyRecoverInit, session) \
  X(C_VerifyRecover, session) X(C_DigestEncryptUpdate, session) \
  X(C_DecryptDigestUpdate, session) X(C_SignEncryptUpdate, session) \
  X(C_DecryptVerifyUpdate, session) X(C_GenerateKey, session) X(C_GenerateKeyPair, session) \
  X(C_WrapKey, session) X(C_UnwrapKey, session) X(C_DeriveKey, session) \
  X(C_SeedRandom, session) X(C_GenerateRandom, session) X(C_GetFunctionStatus, session) \
  X(C_CancelFunction, session) X(C_WaitForSlotEvent, library)
// clang-format on

/// A row of the table.
struct Function {
  std::string_view name;
  Subject subject;
};

/// The row of one member of CK_FUNCTION_LIST.
template <auto Member>
inline constexpr Function kFunction{};
#define UKEY_ROW(name, subject) \
  template <>                   \
  inline constexpr Function kFunction<&CK_FUNCTION_LIST::name>{#name, Subject::subject};
UKEY_PKCS11_FUNCTIONS(UKEY_ROW)
#undef UKEY_ROW

/// What the first argument of the function of that name names; absent for a name that PKCS#11 does
/// not have.
[[nodiscard]] constexpr std::optional<Subject> subject_of(std::string_view name) {
#define UKEY_ROW(row, subject) \
  if (name == #row) return Subject::subject;
  UKEY_PKCS11_FUNCTIONS(UKEY_ROW)
#undef UKEY_ROW
  return std::nullopt;
}

}  // namespace ukey::practice
