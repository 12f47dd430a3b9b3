#include "practice/module/acts.hpp"

namespace ukey::practice {

CK_RV Act<&CK_FUNCTION_LIST::C_OpenSession>::call(Instance& instance, CK_SLOT_ID id, CK_FLAGS flags,
                                                  void* application, CK_NOTIFY notify,
                                                  CK_SESSION_HANDLE* session) {
  instance.sweep(id);
  const auto rv = instance.below().C_OpenSession(id, flags, application, notify, session);
  if (rv == CKR_OK) instance.opened(*session, id);
  return rv;
}

CK_RV Act<&CK_FUNCTION_LIST::C_CloseSession>::call(Instance& instance, CK_SESSION_HANDLE session) {
  const auto rv = instance.below().C_CloseSession(session);
  if (rv == CKR_OK) instance.closed(session);
  return rv;
}

CK_RV Act<&CK_FUNCTION_LIST::C_CloseAllSessions>::call(Instance& instance, CK_SLOT_ID id) {
  const auto rv = instance.below().C_CloseAllSessions(id);
  if (rv == CKR_OK) instance.closed_all(id);
  return rv;
}

}  // namespace ukey::practice
