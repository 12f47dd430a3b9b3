// The one error of the program: which kind, about what, and what the token answered. It refuses
// sentences; the words for people are chosen in report/.
#pragma once

#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ukey::base {

// Every kind of failure with its exit status. A new row does not compile until report/ has words
// for it.
// clang-format off
#define UKEY_ERROR_CODES(X) \
  X(usage, 2) \
  X(no_module, 3) X(module_broken, 3) X(module_timeout, 3) X(bad_profile, 3) \
  X(no_token, 4) X(ambiguous_token, 4) X(token_removed, 4) X(token_unusable, 4) \
  X(pin_wrong, 5) X(pin_locked, 5) X(pin_not_sent, 5) X(pin_missing, 5) X(pin_invalid, 5) \
  X(token_refused, 6) X(not_supported, 6) X(token_full, 6) X(not_found, 6) \
  X(file_io, 7) X(bad_input, 7) X(ledger, 7) \
  X(window_closed, 8) X(ca_not_renewable, 8) X(bid_unanswered, 8) X(bid_open, 8) \
  X(certificate_unfit, 8) X(busy, 8) \
  X(ca_refused, 9) X(ca_unreachable, 9) \
  X(bug, 70) X(interrupted, 130)

// Why, where a code has reasons that lead elsewhere; report/ has words for each of these as well.
#define UKEY_ERROR_CAUSES(X) \
  X(locked_now) X(source_withdrawn) X(child_died) X(unsure) X(refused_form) X(new_pin_form) X(new_pin_refused) \
  X(empty) X(unset) X(command_failed) X(command_slow) X(command_missing) X(typed_twice) \
  X(shared_serial) \
  X(control_key) X(full_width) X(not_ascii) X(unseen_character) X(byte_order_mark) X(several_lines) \
  X(unknown_word) X(unknown_option) X(unwanted_word) X(unwanted_secret) X(missing_command) \
  X(missing_word) X(missing_value) X(unwanted_value) X(bad_value) X(repeated) X(two_sources) \
  X(one_input) X(unconfirmed) X(over_source) X(no_route) X(no_trust) \
  X(only_ca) X(no_successor) X(no_former) X(key_lost) X(object_lost) X(renewal_waits) X(batch_at_work) \
  X(no_certificate) X(foreign_key) X(odd_answer) X(foreign_answer) X(ca_command_slow) X(ca_waits) \
  X(untrusted_server) X(bad_secret) X(large_file) X(contradiction) \
  X(unwanted_password) X(unreachable) X(newer_ledger) X(no_ledger) X(no_batch) \
  X(unknown_column) X(missing_column) X(repeated_column) X(not_text) X(bad_quote) X(too_large) \
  X(no_selector) X(rounded_number) X(extra_field) \
  X(unrecognised)
// clang-format on

enum class Code {
#define UKEY_ROW(name, status) name,
  UKEY_ERROR_CODES(UKEY_ROW)
#undef UKEY_ROW
};

enum class Cause {
#define UKEY_ROW(name) name,
  UKEY_ERROR_CAUSES(UKEY_ROW)
#undef UKEY_ROW
};

/// The code's symbol, the same in JSON and in this source.
[[nodiscard]] std::string_view name(Code code);

/// The code with this symbol; absent for none.
[[nodiscard]] std::optional<Code> code_named(std::string_view name);

/// The exit status that a run ending with this code has.
[[nodiscard]] int exit_status(Code code);

/// One text in the two languages that the program speaks; it comes from data, never from code below
/// report/.
struct Words {
  std::string zh;
  std::string en;
};

/// What a PKCS#11 module answered: the call, the whole CK_RV, and its symbol ("CKR_…", or "" when
/// unknown).
struct Pkcs11Answer {
  std::string call;
  unsigned long rv = 0;
  std::string ckr;
  std::optional<Words> vendor_note;  ///< what the token's profile knows of a vendor's code
};

/// Thrown at the boundary where something failed, caught in cli/app, or kept in a token's row.
/// `subject` is a datum (path, label, serial, option), never a sentence.
class Error : public std::exception {
 public:
  explicit Error(Code code, std::string subject = {}, std::optional<Pkcs11Answer> answer = {})
      : code_(code), subject_(std::move(subject)), answer_(std::move(answer)) {}

  [[nodiscard]] Code code() const { return code_; }
  [[nodiscard]] const std::string& subject() const { return subject_; }
  [[nodiscard]] const std::optional<Pkcs11Answer>& answer() const { return answer_; }
  [[nodiscard]] const char* what() const noexcept override;

  /// True when it concerns the security officer's PIN, which a locked token cannot do without.
  [[nodiscard]] bool concerns_so() const { return concerns_so_; }

  /// Why, as far as that makes a difference; absent when the code says it all.
  [[nodiscard]] std::optional<Cause> cause() const { return cause_; }
  /// What the profile of the module knows to do next; absent when it says nothing of this code.
  [[nodiscard]] const std::optional<Words>& advice() const { return advice_; }
  /// The command of the program that was asked for: "pin verify"; "" when nobody knows.
  [[nodiscard]] const std::string& command() const { return command_; }

  /// The same error for this reason.
  [[nodiscard]] Error because(Cause cause) const {
    Error out{*this};
    out.cause_ = cause;
    return out;
  }

  /// The same error with this advice.
  [[nodiscard]] Error advised(Words advice) const {
    Error out{*this};
    out.advice_ = std::move(advice);
    return out;
  }

  /// The same error as one of this command of the program.
  [[nodiscard]] Error of_command(std::string command) const {
    Error out{*this};
    out.command_ = std::move(command);
    return out;
  }

  /// The same error about another subject, for a caller that knows better what was worked on.
  [[nodiscard]] Error about(std::string subject) const {
    Error out{*this};
    out.subject_ = std::move(subject);
    return out;
  }

  /// The same error as one of the security officer's PIN.
  [[nodiscard]] Error of_so() const {
    Error out{*this};
    out.concerns_so_ = true;
    return out;
  }

  /// The same error with what a profile knows of the vendor's code; no effect without an answer.
  [[nodiscard]] Error noted(const Words& vendor_note) const {
    Error out{*this};
    if (out.answer_) out.answer_->vendor_note = vendor_note;
    return out;
  }

 private:
  Code code_;
  std::string subject_;
  std::optional<Pkcs11Answer> answer_;
  std::optional<Cause> cause_;
  std::optional<Words> advice_;
  std::string command_;
  bool concerns_so_ = false;
};

}  // namespace ukey::base
