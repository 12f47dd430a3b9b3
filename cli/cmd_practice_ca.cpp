// `practice ca`: the practice CA on a loopback address, until a signal ends it.
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/end_signals.hpp"
#include "cli/number_option.hpp"
#include "cli/places.hpp"
#include "cli/renewal_order.hpp"
#include "practice/drawer.hpp"
#include "practice/responder.hpp"
#include "practice/web_server.hpp"
#include "report/note.hpp"

namespace ukey::cli {

namespace {

using base::Code;
using base::Error;

constexpr unsigned kMostPolls = 1'000;
constexpr unsigned kMostDelay = 3'600'000;  // an hour

practice::Loopback place_of(const Arguments& arguments) {
  const auto text = arguments.value("--listen").value_or("127.0.0.1:0");
  const auto place = practice::parse_loopback(text);
  if (!place) throw Error{Code::usage, "--listen " + text}.because(base::Cause::bad_value);
  return *place;
}

/// The CA's clock: the time that --as-of names stands still.
std::function<base::Time()> clock_of(Context& context) {
  const auto setting = context.setting();
  if (setting.as_of_overridden) return [at = setting.as_of] { return at; };
  return clock_now;
}

practice::Conduct conduct_of(Context& context, const practice::Drawer& drawer) {
  const auto& arguments = context.arguments();
  practice::Conduct conduct;
  conduct.folder = drawer.authority_folder();
  conduct.now = clock_of(context);
  conduct.years = static_cast<int>(term_years(context).value_or(1));
  conduct.rejection = base::decoded(base::as_bytes(arguments.value("--reject").value_or("")));
  conduct.polls = number_option(arguments, "--poll", 0, kMostPolls).value_or(0);
  conduct.wrong_key = arguments.flag("--wrong-key");
  return conduct;
}

void refuse_unfit(Context& context, const practice::Drawer& drawer) {
  const auto folder = drawer.folder().string();
  const bool missing = !drawer.exists();
  if (!missing && practice::registry_of(drawer.authority_folder()).exists()) return;
  context.note(report::drawer_note(missing, context.style(true)));
  throw Error{missing ? Code::no_token : Code::bad_input, folder};
}

}  // namespace

int cmd_practice_ca(Context& context) {
  const practice::Drawer drawer{practice_folder()};
  const auto place = place_of(context.arguments());
  const std::chrono::milliseconds delay{
      number_option(context.arguments(), "--delay-ms", 0, kMostDelay).value_or(0)};
  auto conduct = conduct_of(context, drawer);
  refuse_unfit(context, drawer);
  const int years = conduct.years;
  practice::Responder responder{std::move(conduct)};
  context.take_interrupts();
  EndSignals signals;
  const practice::WebServer server{
      place, [&responder](base::ByteView message) { return responder.answer(message); }, delay};
  auto document = context.document();
  document["drawer"] = drawer.folder().string();
  document.update(report::describe_practice_ca(server.url(), years));
  context.emit(document);
  signals.wait();
  return signals.status();
}

}  // namespace ukey::cli
