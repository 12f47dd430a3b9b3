#include "ledger/kept_error.hpp"

#include <charconv>
#include <string_view>

#include "base/bytes.hpp"

namespace ukey::ledger {

namespace {

using base::Cause;

std::string symbol(Cause cause) {
  switch (cause) {
#define UKEY_ROW(name) \
  case Cause::name:    \
    return #name;
    UKEY_ERROR_CAUSES(UKEY_ROW)
#undef UKEY_ROW
  }
  return {};
}

std::optional<Cause> cause_of(std::string_view symbol) {
#define UKEY_ROW(name) \
  if (symbol == #name) return Cause::name;
  UKEY_ERROR_CAUSES(UKEY_ROW)
#undef UKEY_ROW
  return std::nullopt;
}

/// "0xa0".
unsigned long rv_of(std::string_view text) {
  unsigned long out = 0;
  if (text.starts_with("0x")) std::from_chars(text.data() + 2, text.data() + text.size(), out, 16);
  return out;
}

}  // namespace

KeptError kept_error(const base::Error& error) {
  KeptError out;
  out.code = base::name(error.code());
  if (error.cause()) out.cause = symbol(*error.cause());
  out.subject = error.subject();
  out.command = error.command();
  out.so = error.concerns_so();
  if (const auto& answer = error.answer()) {
    out.call = answer->call;
    out.rv = base::hex_number(answer->rv);
    out.ckr = answer->ckr;
  }
  return out;
}

std::optional<base::Error> error_of(const KeptError& kept) {
  const auto code = base::code_named(kept.code);
  if (!code) return std::nullopt;
  std::optional<base::Pkcs11Answer> answer;
  if (!kept.rv.empty()) answer = base::Pkcs11Answer{kept.call, rv_of(kept.rv), kept.ckr, {}};
  base::Error out{*code, kept.subject, answer};
  out = out.of_command(kept.command);
  if (kept.so) out = out.of_so();
  if (const auto cause = cause_of(kept.cause)) out = out.because(*cause);
  return out;
}

}  // namespace ukey::ledger
