// The table of commands: what each is called, takes and says of itself, and which function runs it.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace ukey::cli {

class Context;

/// What words may follow a command.
struct Operands {
  std::string_view name;  ///< "SELECTOR", or "" for none
  std::size_t least = 0;
  std::size_t most = 0;
  std::string_view choices;  ///< "bash|zsh|fish", or ""
};

struct CommandRow {
  std::string_view name;  ///< "cert show"
  std::string_view zh, en;
  Operands operands;
  std::vector<std::string_view> options;  ///< its own, beside the global ones
  int (*run)(Context&);                   ///< returns the exit status
  bool lines = false;                     ///< with --json it prints JSON lines
};

/// In the order that help shows them.
[[nodiscard]] std::span<const CommandRow> commands();

/// The row of that name; nullptr when there is none.
[[nodiscard]] const CommandRow* find_command(std::string_view name);

// One function a command, each in cmd_<name>.cpp.
int cmd_status(Context&);
int cmd_list(Context&);
int cmd_cert_list(Context&);
int cmd_cert_show(Context&);
int cmd_cert_export(Context&);
int cmd_cert_verify(Context&);
int cmd_lock(Context&);
int cmd_seal_list(Context&);
int cmd_seal_show(Context&);
int cmd_seal_export(Context&);
int cmd_renew_check(Context&);
int cmd_renew_request(Context&);
int cmd_renew_install(Context&);
int cmd_renew_run(Context&);
int cmd_renew_resume(Context&);
int cmd_object_list(Context&);
int cmd_mechanism_list(Context&);
int cmd_batch_run(Context&);
int cmd_batch_resume(Context&);
int cmd_batch_status(Context&);
int cmd_batch_export(Context&);
int cmd_pin_status(Context&);
int cmd_pin_verify(Context&);
int cmd_pin_change(Context&);
int cmd_pin_unlock(Context&);
int cmd_batch_plan(Context&);
int cmd_envelope_check(Context&);
int cmd_envelope_encrypt(Context&);
int cmd_envelope_decrypt(Context&);
int cmd_watch(Context&);
int cmd_guide(Context&);
int cmd_profile_list(Context&);
int cmd_profile_show(Context&);
int cmd_profile_check(Context&);
int cmd_practice_create(Context&);
int cmd_practice_list(Context&);
int cmd_practice_plug(Context&);
int cmd_practice_unplug(Context&);
int cmd_practice_remove(Context&);
int cmd_practice_ca(Context&);
int cmd_completion(Context&);

}  // namespace ukey::cli
