// A module before another one (RENAMED_MODULE) whose tokens say other names of themselves than they have: drivers are
// met that give every token one serial number, or one label as well. Nothing else is changed.
//
//   RENAMED_SERIAL=TEXT, RENAMED_LABEL=TEXT   what each token says
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdlib.h>
#include <string.h>

static CK_FUNCTION_LIST functions;
static CK_FUNCTION_LIST* real;

static void rename_to(unsigned char* field, size_t size, const char* variable) {
  const char* text = getenv(variable);
  if (text == NULL) return;
  memset(field, ' ', size);
  memcpy(field, text, strlen(text) < size ? strlen(text) : size);
}

static CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
  const CK_RV rv = real->C_GetTokenInfo(slot, info);
  if (rv != CKR_OK) return rv;
  rename_to(info->serialNumber, sizeof info->serialNumber, "RENAMED_SERIAL");
  rename_to(info->label, sizeof info->label, "RENAMED_LABEL");
  return rv;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  const char* file = getenv("RENAMED_MODULE");
  void* module = file == NULL ? NULL : dlopen(file, RTLD_NOW | RTLD_LOCAL);
  CK_RV (*get)(CK_FUNCTION_LIST**) = NULL;
  if (module != NULL) *(void**)&get = dlsym(module, "C_GetFunctionList");
  if (get == NULL || get(&real) != CKR_OK) return CKR_GENERAL_ERROR;
  functions = *real;
  functions.C_GetFunctionList = C_GetFunctionList;
  functions.C_GetTokenInfo = get_token_info;
  *list = &functions;
  return CKR_OK;
}
