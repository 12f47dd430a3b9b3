#include <nlohmann/json.hpp>

#include "report/describe.hpp"

namespace ukey::report {

Json describe_sighting(const model::Sighting& sighting, base::Time at, const Options& options) {
  Json out;
  out["event"] = symbol(sighting.event);
  out["at"] = base::rfc3339(at);
  if (sighting.module) out.update(describe_modules({&*sighting.module, 1}, options.lang).front());
  if (!sighting.card) return out;
  if (sighting.event == model::WatchEvent::unplugged ||
      sighting.event == model::WatchEvent::handled) {
    out["token"] = describe_token(sighting.card->token, options);
    return out;
  }
  out["as_of"] = base::rfc3339(sighting.as_of);
  out.update(describe_card(*sighting.card, options));
  return out;
}

Json describe_watch(const Json& frame, std::span<const model::ModuleRow> modules, Lang lang) {
  Json out;
  out["event"] = symbol(model::WatchEvent::start);
  out.update(frame);
  out["modules"] = describe_modules(modules, lang);
  return out;
}

}  // namespace ukey::report
