// A record of what was done to a token's PIN: who, when, which token, with which result. It refuses
// every PIN.
#pragma once

#include <optional>
#include <string>

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "model/pin.hpp"

namespace ukey::cli {

class Context;

class PinLog {
 public:
  /// Opens the file that --log names, so that what cannot be recorded is not begun; new files get
  /// mode 0600. Without the option it keeps nothing. Throws Error file_io.
  explicit PinLog(const Context& context);

  /// Appends one line of JSON: time, user, host, token {serial, label}, command, result, error (its
  /// code, or null). `token` is null when none was reached. Throws Error file_io.
  void add(const model::TokenRef* token, model::PinResult result, const base::Error* error) const;

 private:
  const Context& context_;
  std::string path_;
  base::Descriptor file_;
};

}  // namespace ukey::cli
