#include "base/error.hpp"

namespace ukey::base {

std::string_view name(Code code) {
  switch (code) {
#define UKEY_ROW(symbol, status) \
  case Code::symbol:             \
    return #symbol;
    UKEY_ERROR_CODES(UKEY_ROW)
#undef UKEY_ROW
  }
  return "bug";
}

std::optional<Code> code_named(std::string_view symbol) {
#define UKEY_ROW(code, status) \
  if (symbol == #code) return Code::code;
  UKEY_ERROR_CODES(UKEY_ROW)
#undef UKEY_ROW
  return std::nullopt;
}

int exit_status(Code code) {
  switch (code) {
#define UKEY_ROW(symbol, status) \
  case Code::symbol:             \
    return status;
    UKEY_ERROR_CODES(UKEY_ROW)
#undef UKEY_ROW
  }
  return 70;
}

const char* Error::what() const noexcept { return name(code_).data(); }

}  // namespace ukey::base
