// A record of what was done to a token's PIN: who, when, which token, with which result; in the
// file of --log, and of an unlock in the ledger too. It refuses every PIN.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "model/pin.hpp"
#include "ops/recording.hpp"

namespace ukey::cli {

class Context;

class PinLog {
 public:
  /// Opens the file that --log names, so that what cannot be recorded is not begun; new files get
  /// mode 0600. Without the option it keeps nothing. Throws Error file_io.
  explicit PinLog(const Context& context);

  /// Appends one line of JSON with the result "begun", to be there whatever becomes of the run: a
  /// PIN is to be sent to `token`. Throws Error file_io; then nothing may be sent.
  void begin(const model::TokenRef& token);

  /// Appends one line of JSON: time, user, host, token {serial, label}, command, result, error (its
  /// code, or null). `token` is null when none was reached. Throws Error file_io; after a `begin`
  /// that failed it does nothing.
  void end(const model::TokenRef* token, model::PinResult result, const base::Error* error);

 private:
  void add(const model::TokenRef* token, std::string_view result, const base::Error* error);

  const Context& context_;
  std::string path_;
  base::Descriptor file_;
  std::shared_ptr<ops::Recording> recording_;  // of an unlock
  bool lost_ = false;                          // a line could not be written, and that was told
};

}  // namespace ukey::cli
