#include "cli/workplace.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <optional>

#include "base/text.hpp"
#include "cli/batch_lines.hpp"
#include "cli/context.hpp"
#include "cli/places.hpp"
#include "ledger/place.hpp"
#include "report/note.hpp"

namespace ukey::cli {

std::string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return {};
  return base::decoded(base::as_bytes(name.data()));
}

std::string user_name() {
  std::array<char, 4096> room{};
  passwd row{};
  passwd* found = nullptr;
  if (getpwuid_r(getuid(), &row, room.data(), room.size(), &found) != 0 || found == nullptr)
    return std::to_string(getuid());
  return base::decoded(base::as_bytes(row.pw_name));
}

namespace {

std::optional<std::string> named_place(const Context& context) {
  const auto named = context.arguments().value("--ledger");
  return named ? named : environment("UKEY_LEDGER");
}

}  // namespace

bool place_is_named(const Context& context) { return named_place(context).has_value(); }

std::string spool_folder() { return state_folder() + "/spool"; }

std::string ledger_place(const Context& context) {
  if (const auto place = named_place(context)) {
    ledger::require_place(*place);
    return *place;
  }
  return state_folder().empty() ? "" : state_folder() + "/ledger.db";
}

std::shared_ptr<ledger::Book> open_book(const Context& context) {
  const auto place = ledger_place(context);
  if (place.empty()) throw base::Error{base::Code::ledger, "HOME"};
  const auto tell = [&context](const base::Error& why) {
    if (child_task()) return;  // the batch says it once
    context.try_warn(report::spooled_note(why, context.style(true)));
  };
  return std::make_shared<ledger::Book>(place, spool_folder(), tell);
}

model::Attempt new_attempt(model::AttemptKind kind) {
  model::Attempt out;
  out.id = ledger::new_id();
  out.kind = kind;
  out.host = host_name();
  out.user = user_name();
  return out;
}

}  // namespace ukey::cli
