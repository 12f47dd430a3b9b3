#include "cli/renewal_order.hpp"

#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "base/command.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "ca/cmp.hpp"
#include "ca/command.hpp"
#include "cli/bids.hpp"
#include "cli/context.hpp"
#include "cli/pin_source.hpp"
#include "cli/terminal.hpp"
#include "cli/trust.hpp"
#include "ops/presence.hpp"
#include "report/note.hpp"

namespace ukey::cli {

namespace {

using base::Cause;
using base::Code;
using base::Error;
using model::Route;

/// The route that the options name, or imply by what only one route needs.
std::optional<Route> named_route(const Arguments& arguments) {
  if (const auto via = arguments.value("--via")) {
    if (*via == "file") return Route::file;
    return *via == "cmp" ? Route::cmp : Route::command;
  }
  if (arguments.flag("--ca-url")) return Route::cmp;
  if (arguments.flag("--ca-command")) return Route::command;
  return std::nullopt;
}

/// A name and password in the address would end in records and messages.
bool has_user(std::string_view url) {
  const auto host = url.find("://");
  if (host == std::string_view::npos) return false;
  const auto end = url.find('/', host + 3);
  return url.substr(host + 3, end == std::string_view::npos ? end : end - host - 3).find('@') !=
         std::string_view::npos;
}

model::CmpCommand cmp_command(const std::string& text) {
  if (text == "kur") return model::CmpCommand::kur;
  return text == "cr" ? model::CmpCommand::cr : model::CmpCommand::p10cr;
}

/// `way` with what the options say in its place.
model::RenewalWay chosen(const Arguments& arguments, model::RenewalWay way) {
  way.service.url = arguments.value("--ca-url").value_or(way.service.url);
  way.service.command = arguments.value("--ca-command").value_or(way.service.command);
  if (const auto command = arguments.value("--cmp-command"))
    way.service.cmp_command = cmp_command(*command);
  way.secret_file = arguments.value("--ca-secret-file").value_or(way.secret_file);
  way.reference = arguments.value("--ca-reference").value_or(way.reference);
  return way;
}

Error missing(const char* option) {
  return Error{Code::usage, option}.because(Cause::missing_word);
}

/// The options above the CA's profile.
model::RenewalWay way_of(const Arguments& arguments, const model::CaProfile* ca) {
  model::RenewalWay out;
  if (ca != nullptr && ca->renewal) out.service = *ca->renewal;
  const auto route = named_route(arguments);
  if (route) out.service.via = *route;
  out = chosen(arguments, std::move(out));
  if (!route && out.service.via == Route::file && !arguments.flag("--out"))
    throw Error{Code::usage}.because(Cause::no_route);
  if (out.service.via == Route::cmp && out.service.url.empty()) throw missing("--ca-url URL");
  if (out.service.via == Route::cmp && has_user(out.service.url))
    throw Error{Code::usage, "--ca-url"}.because(Cause::bad_value);
  if (out.service.via == Route::command && out.service.command.empty())
    throw missing("--ca-command COMMAND");
  if (out.service.via == Route::file && !arguments.flag("--out")) throw missing("--out FILE");
  return out;
}

/// What would else come out after the login only.
void require_usable(const Arguments& arguments, const model::RenewalWay& way,
                    const model::Card& card) {
  if (way.service.via == Route::command) (void)base::words_of(way.service.command);
  if (way.service.via != Route::cmp) return;
  ca::require_server_url(way.service.url);
  const bool by_secret = !way.secret_file.empty();
  if (by_secret && access(way.secret_file.c_str(), R_OK) != 0)
    throw Error{Code::file_io, way.secret_file};
  if (!by_secret && trust_of(arguments, card.token.profile).certificates.empty())
    throw Error{Code::usage, way.service.url}.because(Cause::no_trust);
}

base::Secret ca_secret(const Context& context, const std::string& file) {
  try {
    return secret_from_file(context, file);
  } catch (const Error& error) {
    if (error.code() != Code::pin_missing && error.code() != Code::pin_invalid) throw;
    throw Error{Code::bad_input, file}.because(Cause::bad_secret);
  }
}

ca::Answer submit(Context& context, const model::RenewalWay& recorded, const ca::Request& request) {
  const auto way = chosen(context.arguments(), recorded);
  const auto& service = way.service;
  if (service.via == Route::command)
    return ca::ask_command(base::words_of(service.command), service.timeout, request);
  ca::CmpServer server;
  server.url = service.url;
  server.command = service.cmp_command;
  server.trust = trust_of(context.arguments(), request.facts.token.profile).certificates;
  if (!way.secret_file.empty()) server.secret = ca_secret(context, way.secret_file);
  server.reference = way.reference;
  server.recipient = service.recipient;
  if (const auto judged = context.setting(); judged.as_of_overridden) server.as_of = judged.as_of;
  server.implicit_confirm = service.implicit_confirm;
  server.limit = service.timeout;
  return ca::ask_cmp(server, request);
}

std::string token_of(const model::Card& card) {
  return card.token.label.empty() ? card.token.serial
                                  : card.token.label + " (" + card.token.serial + ")";
}

void confirm(const Context& context, const model::Card& card) {
  const auto& arguments = context.arguments();
  if (arguments.flag("--yes") || arguments.flag("--dry-run")) return;
  const auto question = report::renewal_question(token_of(card), holder_name(card), context.lang());
  if (!report::is_yes(ask_line(question)))
    throw Error{Code::usage, "--yes"}.because(Cause::unconfirmed);
}

void watch_progress(Context& context, ops::RenewalOrder& order) {
  if (context.json() || context.quiet() || !is_terminal(STDERR_FILENO)) return;
  order.progress = [&context](model::RenewalStep step) {
    put(STDERR_FILENO, report::progress_note(step, context.style(true)), true);
  };
}

}  // namespace

std::optional<unsigned> term_years(Context& context) {
  const auto text = context.arguments().value("--years");
  if (!text) return std::nullopt;
  unsigned years = 0;
  const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), years);
  const auto& allowed = context.platform().term_years;
  if (failed != std::errc{} || end != text->data() + text->size() ||
      std::ranges::find(allowed, years) == allowed.end())
    throw Error{Code::usage, fmt::format("--years {} ({})", *text, fmt::join(allowed, ","))}
        .because(Cause::bad_value);
  return years;
}

ops::RenewalOrder renewal_order(Context& context) {
  const auto& arguments = context.arguments();
  if (arguments.flag("--no-open-bids") && arguments.flag("--bids-withdrawn"))
    throw Error{Code::usage, "--no-open-bids, --bids-withdrawn"}.because(Cause::contradiction);
  if (has_user(arguments.value("--ca-url").value_or("")))
    throw Error{Code::usage, "--ca-url"}.because(Cause::bad_value);
  ops::RenewalOrder out;
  out.years = term_years(context);
  out.new_keys = arguments.flag("--rekey");
  out.remove_former = arguments.flag("--retire-old");
  out.if_due = arguments.flag("--if-due");
  out.dry_run = arguments.flag("--dry-run");
  out.undo = arguments.flag("--undo");
  out.fee_receipt = arguments.value("--fee-receipt").value_or("");
  if (context.setting().as_of_overridden) {
    out.real_time = context.now();
    context.note(report::as_of_note(context.style(true)));
  }
  out.way = [&context](const model::Card& card, const model::CaProfile* ca) {
    auto way = way_of(context.arguments(), ca);
    require_usable(context.arguments(), way, card);
    return way;
  };
  out.submit = [&context](const model::RenewalWay& way, const ca::Request& request) {
    return submit(context, way, request);
  };
  out.trust = [&context](const std::optional<std::string>& profile) {
    return trust_of(context.arguments(), profile);
  };
  out.bids = [&context](const model::Card& card) { return bid_statement(context, card); };
  out.confirm = [&context](const model::Card& card) { confirm(context, card); };
  watch_progress(context, out);
  return out;
}

}  // namespace ukey::cli
