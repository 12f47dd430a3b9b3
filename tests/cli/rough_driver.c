// A module before another one, as drivers are met: it passes every call on, but where it is told to be rough.
//
//   ROUGH_BELOW=FILE      the module that it passes calls on to
//   ROUGH=WORD,…          one-by-one     C_FindObjects hands out one object a call
//                         key-too        C_DestroyObject of a certificate takes the private key of its CKA_ID along
//                         no-removal     C_DestroyObject -> CKR_ACTION_PROHIBITED
//                         end-crash end-abort end-exit   C_Finalize crashes, aborts, ends the process with status 0
//                         unload-crash   the process crashes when the module is unloaded
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static CK_FUNCTION_LIST rough;
static CK_FUNCTION_LIST* below;

static int is(const char* word) {
  const char* all = getenv("ROUGH");
  const size_t size = strlen(word);
  while (all != NULL && *all != '\0') {
    const char* comma = strchr(all, ',');
    if (strncmp(all, word, size) == 0 && (all[size] == ',' || all[size] == '\0')) return 1;
    all = comma == NULL ? NULL : comma + 1;
  }
  return 0;
}

static CK_RV find(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE* found, CK_ULONG most, CK_ULONG* count) {
  return below->C_FindObjects(session, found, is("one-by-one") && most > 1 ? 1 : most, count);
}

static void destroy_key(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE certificate) {
  CK_OBJECT_CLASS class = CKO_DATA;
  unsigned char id[64];
  CK_ATTRIBUTE of_object[] = {{CKA_CLASS, &class, sizeof class}, {CKA_ID, id, sizeof id}};
  if (below->C_GetAttributeValue(session, certificate, of_object, 2) != CKR_OK || class != CKO_CERTIFICATE) return;
  class = CKO_PRIVATE_KEY;
  CK_OBJECT_HANDLE key = CK_INVALID_HANDLE;
  CK_ULONG count = 0;
  below->C_FindObjectsInit(session, of_object, 2);
  below->C_FindObjects(session, &key, 1, &count);
  below->C_FindObjectsFinal(session);
  if (count == 1) below->C_DestroyObject(session, key);
}

static CK_RV destroy(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  if (is("no-removal")) return CKR_ACTION_PROHIBITED;
  if (is("key-too")) destroy_key(session, object);
  return below->C_DestroyObject(session, object);
}

static CK_RV finalize(void* reserved) {
  if (is("end-crash")) raise(SIGSEGV);
  if (is("end-abort")) abort();
  if (is("end-exit")) exit(0);
  return below->C_Finalize(reserved);
}

__attribute__((destructor)) static void unload(void) {
  if (is("unload-crash")) raise(SIGSEGV);
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list);

CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  void* library = dlopen(getenv("ROUGH_BELOW"), RTLD_NOW | RTLD_LOCAL);
  CK_C_GetFunctionList get = NULL;
  if (library != NULL) *(void**)&get = dlsym(library, "C_GetFunctionList");
  if (get == NULL || get(&below) != CKR_OK) return CKR_GENERAL_ERROR;
  rough = *below;
  rough.C_GetFunctionList = C_GetFunctionList;
  rough.C_FindObjects = find;
  rough.C_DestroyObject = destroy;
  rough.C_Finalize = finalize;
  *list = &rough;
  return CKR_OK;
}
