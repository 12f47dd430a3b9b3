// `guide SERVICE`: what a customer has to bring, where, to whom.
#include <array>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "cli/commands.hpp"
#include "cli/context.hpp"

namespace ukey::cli {

namespace {

using model::Service;

constexpr std::array<std::pair<std::string_view, Service>, 6> kServices{
    {{"first-issue", Service::first_issue},
     {"renew", Service::renew},
     {"change", Service::change},
     {"unlock", Service::unlock},
     {"lost", Service::lost},
     {"damaged", Service::damaged}}};

std::optional<model::HolderKind> holder_of(const Arguments& arguments) {
  const auto said = arguments.value("--holder");
  if (!said) return std::nullopt;
  return *said == "individual" ? model::HolderKind::individual : model::HolderKind::enterprise;
}

std::string ca_of(Context& context) {
  const auto ca = context.arguments().value("--ca").value_or("");
  if (!ca.empty() && !context.platform().contacts.contains(ca))
    throw base::Error{base::Code::usage, "--ca " + ca}.because(base::Cause::bad_value);
  return ca;
}

}  // namespace

int cmd_guide(Context& context) {
  const auto& platform = context.platform();
  const auto holder = holder_of(context.arguments());
  const auto ca = ca_of(context);
  auto document = context.document();
  for (const auto& [name, service] : kServices)
    if (name == context.operand())
      document["guide"] = report::describe_guide(service, platform, holder, ca);
  return context.emit(document);
}

}  // namespace ukey::cli
