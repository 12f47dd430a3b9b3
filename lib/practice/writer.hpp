// Makes tokens in a drawer's store and writes objects on them. C_InitToken, C_InitPIN and
// C_CreateObject for setting up are called here and nowhere else in the program: what they erase or
// replace is a practice token by construction.
#pragma once

#include <p11-kit/pkcs11.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "practice/softhsm.hpp"
#include "practice/store.hpp"

namespace ukey::practice {

/// The PINs of every practice token. They protect nothing and are published on purpose.
inline constexpr std::string_view kUserPin = "12345678";
inline constexpr std::string_view kSoPin = "87654321";

/// One object's attributes, kept with their values until C_CreateObject has read them.
class Template {
 public:
  Template& flag(CK_ATTRIBUTE_TYPE type, bool value);
  Template& number(CK_ATTRIBUTE_TYPE type, unsigned long value);
  Template& octets(CK_ATTRIBUTE_TYPE type, base::ByteView value);
  Template& text(CK_ATTRIBUTE_TYPE type, std::string_view value);

  /// Good until the Template changes or dies.
  [[nodiscard]] std::vector<CK_ATTRIBUTE> attributes();

 private:
  struct Row {
    CK_ATTRIBUTE_TYPE type;
    base::Bytes value;
  };
  std::vector<Row> rows_;
};

/// The store of one drawer, open for setting up. One at a time; the module may be in use beside it.
class Writer {
 public:
  /// Initialises SoftHSM over the drawer's store (`softhsm`: its file, empty for the usual places).
  /// Throws Error{no_module} when there is none, token_refused with the call when one fails, as all
  /// members do.
  explicit Writer(const std::filesystem::path& drawer, const std::filesystem::path& softhsm = {});
  ~Writer();
  Writer(const Writer&) = delete;             // finalised once
  Writer& operator=(const Writer&) = delete;  // same

  /// Initialises one more token with the practice PINs and logs in as its user; objects go there
  /// until the next one. Returns the serial. `label`: at most 32 octets of UTF-8, else
  /// Error{bad_input}.
  std::string begin_token(std::string_view label);

  /// Writes a token object (CKA_TOKEN is added) to the token begun last.
  void create(Template object);

 private:
  void check(CK_RV rv, const char* call) const;
  [[nodiscard]] CK_SLOT_ID free_slot() const;
  void login(CK_USER_TYPE user, std::string_view pin) const;
  void end_token();

  SoftHsm softhsm_;
  CK_FUNCTION_LIST& functions_;
  CK_SESSION_HANDLE session_ = 0;
};

}  // namespace ukey::practice
