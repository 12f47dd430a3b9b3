#include "practice/writer.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "base/text.hpp"

namespace ukey::practice {

namespace {

using base::Code;
using base::Error;

constexpr std::size_t kLabelSize = 32;

unsigned char* octets_of(std::string_view text) {
  // PKCS#11 2.40 has no const; the module does not write here
  return reinterpret_cast<unsigned char*>(const_cast<char*>(text.data()));
}

SoftHsm loaded(const std::filesystem::path& softhsm) {
  try {
    return SoftHsm(softhsm);
  } catch (const std::runtime_error& error) {
    throw Error(Code::no_module, error.what());
  }
}

}  // namespace

Template& Template::flag(CK_ATTRIBUTE_TYPE type, bool value) {
  rows_.push_back({type, {value ? CK_BBOOL{CK_TRUE} : CK_BBOOL{CK_FALSE}}});
  return *this;
}

Template& Template::number(CK_ATTRIBUTE_TYPE type, unsigned long value) {
  base::Bytes octets(sizeof value);
  std::memcpy(octets.data(), &value, sizeof value);
  rows_.push_back({type, std::move(octets)});
  return *this;
}

Template& Template::octets(CK_ATTRIBUTE_TYPE type, base::ByteView value) {
  rows_.push_back({type, base::Bytes(value.begin(), value.end())});
  return *this;
}

Template& Template::text(CK_ATTRIBUTE_TYPE type, std::string_view value) {
  return octets(type, base::as_bytes(value));
}

std::vector<CK_ATTRIBUTE> Template::attributes() {
  std::vector<CK_ATTRIBUTE> attributes;
  for (auto& row : rows_) attributes.push_back({row.type, row.value.data(), row.value.size()});
  return attributes;
}

Writer::Writer(const std::filesystem::path& drawer, const std::filesystem::path& softhsm)
    : softhsm_(loaded(softhsm)), functions_(softhsm_.functions()) {
  check(softhsm_.initialise(store_path(std::filesystem::absolute(drawer))), "C_Initialize");
}

Writer::~Writer() { functions_.C_Finalize(nullptr); }

std::string Writer::begin_token(std::string_view label) {
  if (label.size() > kLabelSize) throw Error(Code::bad_input, std::string(label));
  end_token();
  std::string padded(label);
  padded.resize(kLabelSize, ' ');
  const auto slot = free_slot();
  check(functions_.C_InitToken(slot, octets_of(kSoPin), kSoPin.size(), octets_of(padded)),
        "C_InitToken");
  const CK_FLAGS flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;
  check(functions_.C_OpenSession(slot, flags, nullptr, nullptr, &session_), "C_OpenSession");
  login(CKU_SO, kSoPin);
  check(functions_.C_InitPIN(session_, octets_of(kUserPin), kUserPin.size()), "C_InitPIN");
  check(functions_.C_Logout(session_), "C_Logout");
  login(CKU_USER, kUserPin);
  CK_TOKEN_INFO info{};
  check(functions_.C_GetTokenInfo(slot, &info), "C_GetTokenInfo");
  return base::token_text(info.serialNumber);
}

void Writer::create(Template object) {
  object.flag(CKA_TOKEN, true);
  auto attributes = object.attributes();
  CK_OBJECT_HANDLE handle = 0;
  check(functions_.C_CreateObject(session_, attributes.data(), attributes.size(), &handle),
        "C_CreateObject");
}

void Writer::check(CK_RV rv, const char* call) const {
  if (rv == CKR_OK) return;
  throw Error(Code::token_refused, "SoftHSM", base::Pkcs11Answer{call, rv, "", {}});
}

CK_SLOT_ID Writer::free_slot() const {
  unsigned long count = 0;
  check(functions_.C_GetSlotList(CK_TRUE, nullptr, &count), "C_GetSlotList");
  std::vector<CK_SLOT_ID> slots(count);
  check(functions_.C_GetSlotList(CK_TRUE, slots.data(), &count), "C_GetSlotList");
  slots.resize(std::min<std::size_t>(slots.size(), count));
  for (const auto slot : slots) {
    CK_TOKEN_INFO info{};
    check(functions_.C_GetTokenInfo(slot, &info), "C_GetTokenInfo");
    if ((info.flags & CKF_TOKEN_INITIALIZED) == 0) return slot;
  }
  throw Error(Code::token_full, "SoftHSM");
}

void Writer::login(CK_USER_TYPE user, std::string_view pin) const {
  check(functions_.C_Login(session_, user, octets_of(pin), pin.size()), "C_Login");
}

void Writer::end_token() {
  if (session_ != 0) check(functions_.C_CloseSession(session_), "C_CloseSession");
  session_ = 0;
}

}  // namespace ukey::practice
