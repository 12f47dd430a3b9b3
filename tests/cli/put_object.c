// Puts on a token what ordinary tools refuse to write: a token label of any 32 octets, a certificate object with any
// contents, data objects of any size. It takes every value from a file and answers nothing but an exit status.
//
//   put_object MODULE token LABELFILE             initialises the first free slot; SO PIN 12345678, user PIN 123456
//   put_object MODULE cert LABEL VALUEFILE        a public certificate object on the first initialised token
//   put_object MODULE data LABEL VALUEFILE        a public data object
//   put_object MODULE private-data LABEL VALUEFILE
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned char kSoPin[] = "12345678";
static unsigned char kUserPin[] = "123456";
enum { pin_length = 6, so_pin_length = 8, label_length = 32, most_slots = 64 };

static CK_FUNCTION_LIST* p11;

static void check(const char* call, CK_RV rv) {
  if (rv == CKR_OK) return;
  fprintf(stderr, "put_object: %s -> 0x%lx\n", call, rv);
  exit(1);
}

static void die(const char* what) {
  fprintf(stderr, "put_object: %s\n", what);
  exit(1);
}

static unsigned char* contents(const char* file, unsigned long* length) {
  FILE* in = fopen(file, "rb");
  if (in == NULL || fseek(in, 0, SEEK_END) != 0) die(file);
  const long size = ftell(in);
  rewind(in);
  unsigned char* out = malloc((size_t)size + 1);
  if (out == NULL || fread(out, 1, (size_t)size, in) != (size_t)size) die(file);
  fclose(in);
  *length = (unsigned long)size;
  return out;
}

static void load(const char* file) {
  void* module = dlopen(file, RTLD_NOW);
  if (module == NULL) die(dlerror());
  CK_C_GetFunctionList list = NULL;
  *(void**)&list = dlsym(module, "C_GetFunctionList");
  if (list == NULL) die("C_GetFunctionList");
  check("C_GetFunctionList", list(&p11));
  check("C_Initialize", p11->C_Initialize(NULL));
}

static CK_SLOT_ID first_slot(int initialised) {
  CK_SLOT_ID slots[most_slots];
  unsigned long count = most_slots;
  check("C_GetSlotList", p11->C_GetSlotList(CK_TRUE, slots, &count));
  for (unsigned long i = 0; i < count; ++i) {
    CK_TOKEN_INFO info;
    check("C_GetTokenInfo", p11->C_GetTokenInfo(slots[i], &info));
    if (((info.flags & CKF_TOKEN_INITIALIZED) != 0) == initialised) return slots[i];
  }
  die("no such slot");
  return 0;
}

static CK_SESSION_HANDLE session_on(CK_SLOT_ID slot) {
  CK_SESSION_HANDLE session = 0;
  check("C_OpenSession",
        p11->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session));
  return session;
}

static void make_token(const char* file) {
  unsigned long length = 0;
  unsigned char* label = contents(file, &length);
  if (length != label_length) die("a token label has 32 octets");
  const CK_SLOT_ID slot = first_slot(0);
  check("C_InitToken", p11->C_InitToken(slot, kSoPin, so_pin_length, label));
  const CK_SESSION_HANDLE session = session_on(slot);
  check("C_Login", p11->C_Login(session, CKU_SO, kSoPin, so_pin_length));
  check("C_InitPIN", p11->C_InitPIN(session, kUserPin, pin_length));
  free(label);
}

static void make_object(CK_OBJECT_CLASS kind, CK_BBOOL hidden, char* label, const char* file) {
  unsigned long length = 0;
  unsigned char* value = contents(file, &length);
  CK_CERTIFICATE_TYPE type = CKC_X_509;
  CK_BBOOL yes = CK_TRUE;
  unsigned char subject[] = {0x30, 0x00};
  CK_ATTRIBUTE all[] = {{CKA_CLASS, &kind, sizeof kind},
                        {CKA_TOKEN, &yes, sizeof yes},
                        {CKA_PRIVATE, &hidden, sizeof hidden},
                        {CKA_LABEL, label, strlen(label)},
                        {CKA_VALUE, value, length},
                        {CKA_CERTIFICATE_TYPE, &type, sizeof type},
                        {CKA_SUBJECT, subject, sizeof subject}};
  const unsigned long count = kind == CKO_CERTIFICATE ? 7 : 5;
  const CK_SESSION_HANDLE session = session_on(first_slot(1));
  check("C_Login", p11->C_Login(session, CKU_USER, kUserPin, pin_length));
  CK_OBJECT_HANDLE object = 0;
  check("C_CreateObject", p11->C_CreateObject(session, all, count, &object));
  free(value);
}

int main(int argc, char** argv) {
  if (argc < 4) die("MODULE token LABELFILE, or MODULE cert|data|private-data LABEL VALUEFILE");
  load(argv[1]);
  if (strcmp(argv[2], "token") == 0) {
    make_token(argv[3]);
  } else {
    if (argc != 5) die("LABEL VALUEFILE");
    const CK_OBJECT_CLASS kind = strcmp(argv[2], "cert") == 0 ? CKO_CERTIFICATE : CKO_DATA;
    make_object(kind, strcmp(argv[2], "private-data") == 0 ? CK_TRUE : CK_FALSE, argv[3], argv[4]);
  }
  check("C_Finalize", p11->C_Finalize(NULL));
  return 0;
}
