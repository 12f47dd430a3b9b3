// What a practice token does otherwise than SoftHSM: the functions that do not simply forward.
#pragma once

#include "practice/module/door.hpp"

namespace ukey::practice {

// clang-format off
#define UKEY_ACT(name, ...) \
  template <> struct Act<&CK_FUNCTION_LIST::name> { \
    static CK_RV call(Instance& instance, __VA_ARGS__); \
  };

// slots.cpp: manufacturer, model and flags; what is unplugged is not there
UKEY_ACT(C_Finalize, void* reserved)
UKEY_ACT(C_GetInfo, CK_INFO* info)
UKEY_ACT(C_GetSlotList, CK_BBOOL token_present, CK_SLOT_ID* list, unsigned long* count)
UKEY_ACT(C_GetSlotInfo, CK_SLOT_ID id, CK_SLOT_INFO* info)
UKEY_ACT(C_GetTokenInfo, CK_SLOT_ID id, CK_TOKEN_INFO* info)
UKEY_ACT(C_WaitForSlotEvent, CK_FLAGS flags, CK_SLOT_ID* id, void* reserved)

// sessions.cpp: which session belongs to which insertion of its token
UKEY_ACT(C_OpenSession, CK_SLOT_ID id, CK_FLAGS flags, void* application, CK_NOTIFY notify,
         CK_SESSION_HANDLE* session)
UKEY_ACT(C_CloseSession, CK_SESSION_HANDLE session)
UKEY_ACT(C_CloseAllSessions, CK_SLOT_ID id)

// pins.cpp: the retry ladder
UKEY_ACT(C_InitToken, CK_SLOT_ID id, unsigned char* pin, unsigned long pin_size,
         unsigned char* label)
UKEY_ACT(C_InitPIN, CK_SESSION_HANDLE session, unsigned char* pin, unsigned long pin_size)
UKEY_ACT(C_SetPIN, CK_SESSION_HANDLE session, unsigned char* old_pin, unsigned long old_size,
         unsigned char* new_pin, unsigned long new_size)
UKEY_ACT(C_Login, CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char* pin,
         unsigned long pin_size)

#undef UKEY_ACT
// clang-format on

}  // namespace ukey::practice
