// A token that is nearly nothing: it takes any PIN, keeps none, and has no objects. So whatever PIN is found in the
// memory of its host was left there by the host alone.
//
//   FAKE_TOKEN_STOP=C_Name      that call waits, after making the file that FAKE_TOKEN_STOPPED names, until it is gone
//   FAKE_TOKEN_PAD=1            PINs are typed on the token: CKF_PROTECTED_AUTHENTICATION_PATH
//   FAKE_TOKEN_FLAGS=NUMBER     the flags of the token instead of its own; the build may give the variable another name,
//                               for a second module with a mind of its own
//   FAKE_TOKEN_MOST=NUMBER      its longest PIN
//   FAKE_TOKEN_SERIAL=TEXT      its serial number
//   FAKE_TOKEN_LOG=FILE         one line a call with a PIN: its name, the user, the length or "null"
#include <fcntl.h>
#include <p11-kit/pkcs11.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef FLAGS_VARIABLE
#define FLAGS_VARIABLE "FAKE_TOKEN_FLAGS"
#endif

static CK_FUNCTION_LIST functions;
static unsigned long user = CKU_CONTEXT_SPECIFIC;  // nobody

static void pass(const char* call) {
  const char* stop = getenv("FAKE_TOKEN_STOP");
  const char* file = getenv("FAKE_TOKEN_STOPPED");
  if (stop == NULL || file == NULL || strcmp(stop, call) != 0) return;
  close(open(file, O_CREAT | O_WRONLY, 0600));
  while (access(file, F_OK) == 0) usleep(10000);
}

static void note(const char* call, const char* who, const void* pin, unsigned long length) {
  const char* file = getenv("FAKE_TOKEN_LOG");
  FILE* out = file == NULL ? NULL : fopen(file, "a");
  if (out == NULL) return;
  if (pin == NULL)
    fprintf(out, "%s %s null %lu\n", call, who, length);
  else
    fprintf(out, "%s %s %lu\n", call, who, length);
  fclose(out);
}

static int has_pad(void) { return getenv("FAKE_TOKEN_PAD") != NULL; }

static unsigned long number(const char* variable, unsigned long usual) {
  const char* text = getenv(variable);
  return text == NULL ? usual : strtoul(text, NULL, 0);
}

static void fill(unsigned char* field, size_t size, const char* text) {
  memset(field, ' ', size);
  memcpy(field, text, strlen(text));
}

static CK_RV unsupported(void) { return CKR_FUNCTION_NOT_SUPPORTED; }

static CK_RV initialize(void* args) {
  (void)args;
  pass("C_Initialize");
  return CKR_OK;
}

static CK_RV finalize(void* reserved) {
  (void)reserved;
  pass("C_Finalize");
  return CKR_OK;
}

static CK_RV get_info(CK_INFO* info) {
  memset(info, 0, sizeof *info);
  info->cryptokiVersion.major = 2;
  info->cryptokiVersion.minor = 40;
  fill(info->manufacturerID, sizeof info->manufacturerID, "ukey tests");
  fill(info->libraryDescription, sizeof info->libraryDescription, "fake token");
  return CKR_OK;
}

static CK_RV get_slot_list(unsigned char present, CK_SLOT_ID* list, unsigned long* count) {
  (void)present;
  if (list != NULL && *count < 1) return CKR_BUFFER_TOO_SMALL;
  if (list != NULL) list[0] = 0;
  *count = 1;
  return CKR_OK;
}

static CK_RV get_slot_info(CK_SLOT_ID slot, CK_SLOT_INFO* info) {
  (void)slot;
  memset(info, 0, sizeof *info);
  fill(info->slotDescription, sizeof info->slotDescription, "fake slot");
  fill(info->manufacturerID, sizeof info->manufacturerID, "ukey tests");
  info->flags = CKF_TOKEN_PRESENT;
  return CKR_OK;
}

static CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
  (void)slot;
  memset(info, 0, sizeof *info);
  fill(info->label, sizeof info->label, "fake");
  fill(info->manufacturerID, sizeof info->manufacturerID, "ukey tests");
  fill(info->model, sizeof info->model, "fake");
  const char* serial = getenv("FAKE_TOKEN_SERIAL");
  fill(info->serialNumber, sizeof info->serialNumber, serial == NULL ? "" : serial);
  info->flags = number(FLAGS_VARIABLE, CKF_TOKEN_INITIALIZED | CKF_USER_PIN_INITIALIZED | CKF_LOGIN_REQUIRED | CKF_RNG);
  if (has_pad()) info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
  info->ulMaxPinLen = number("FAKE_TOKEN_MOST", 64);
  info->ulMinPinLen = 4;
  return CKR_OK;
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void* data, CK_NOTIFY notify,
                          CK_SESSION_HANDLE* session) {
  (void)slot, (void)flags, (void)data, (void)notify;
  *session = 1;
  return CKR_OK;
}

static CK_RV close_session(CK_SESSION_HANDLE session) {
  (void)session;
  pass("C_CloseSession");
  return CKR_OK;
}

static CK_RV get_session_info(CK_SESSION_HANDLE session, CK_SESSION_INFO* info) {
  (void)session;
  memset(info, 0, sizeof *info);
  info->state = user == CKU_SO ? CKS_RW_SO_FUNCTIONS : user == CKU_USER ? CKS_RW_USER_FUNCTIONS : CKS_RW_PUBLIC_SESSION;
  info->flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;
  return CKR_OK;
}

static CK_RV login(CK_SESSION_HANDLE session, unsigned long who, unsigned char* pin, unsigned long length) {
  (void)session;
  note("C_Login", who == CKU_SO ? "SO" : "USER", pin, length);
  pass(who == CKU_SO ? "C_Login(SO)" : "C_Login(USER)");
  if (pin == NULL && !has_pad()) return CKR_ARGUMENTS_BAD;
  user = who;
  return CKR_OK;
}

static CK_RV logout(CK_SESSION_HANDLE session) {
  (void)session;
  pass("C_Logout");
  user = CKU_CONTEXT_SPECIFIC;
  return CKR_OK;
}

static CK_RV init_pin(CK_SESSION_HANDLE session, unsigned char* pin, unsigned long length) {
  (void)session;
  note("C_InitPIN", "SO", pin, length);
  pass("C_InitPIN");
  return CKR_OK;
}

static CK_RV set_pin(CK_SESSION_HANDLE session, unsigned char* old, unsigned long old_length, unsigned char* fresh,
                     unsigned long fresh_length) {
  (void)session;
  note("C_SetPIN", "old", old, old_length);
  note("C_SetPIN", "new", fresh, fresh_length);
  pass("C_SetPIN");
  return CKR_OK;
}

static CK_RV find_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE* wanted, unsigned long count) {
  (void)session, (void)wanted, (void)count;
  return CKR_OK;
}

static CK_RV find(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE* objects, unsigned long most, unsigned long* count) {
  (void)session, (void)objects, (void)most;
  *count = 0;
  return CKR_OK;
}

static CK_RV find_final(CK_SESSION_HANDLE session) {
  (void)session;
  return CKR_OK;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list);

CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  // Every door answers something; those that matter are hung in afterwards.
  CK_RV (**doors)(void) = (CK_RV(**)(void))(void*)&functions.C_Initialize;
  const size_t bytes = sizeof functions - offsetof(CK_FUNCTION_LIST, C_Initialize);
  for (size_t i = 0; i < bytes / sizeof *doors; ++i) doors[i] = unsupported;
  functions.version.major = 2;
  functions.version.minor = 40;
  functions.C_Initialize = initialize;
  functions.C_Finalize = finalize;
  functions.C_GetInfo = get_info;
  functions.C_GetFunctionList = C_GetFunctionList;
  functions.C_GetSlotList = get_slot_list;
  functions.C_GetSlotInfo = get_slot_info;
  functions.C_GetTokenInfo = get_token_info;
  functions.C_OpenSession = open_session;
  functions.C_CloseSession = close_session;
  functions.C_GetSessionInfo = get_session_info;
  functions.C_Login = login;
  functions.C_Logout = logout;
  functions.C_InitPIN = init_pin;
  functions.C_SetPIN = set_pin;
  functions.C_FindObjectsInit = find_init;
  functions.C_FindObjects = find;
  functions.C_FindObjectsFinal = find_final;
  *list = &functions;
  return CKR_OK;
}
