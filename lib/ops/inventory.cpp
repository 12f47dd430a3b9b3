#include "ops/inventory.hpp"

#include "ops/presence.hpp"
#include "ops/visit.hpp"
#include "p11/mechanism.hpp"
#include "p11/object.hpp"

namespace ukey::ops {

TokenObjects read_objects(const SharedBench& bench) {
  const Present token = only_token(bench);
  return supervised_on<TokenObjects>(bench, token, [bench, token] {
    const Visit visit{*bench, token};
    TokenObjects out{token.ref, token.info, p11::list_objects(visit.session())};
    if (token.profile == nullptr) return out;
    for (auto& object : out.objects) {
      const bool named = !object.key_type.starts_with("0x");
      if (named || object.object_class == model::ObjectClass::certificate) continue;
      const auto name = token.profile->key_types.find(std::stoul(object.key_type, nullptr, 16));
      if (name != token.profile->key_types.end()) object.key_type = name->second;
    }
    return out;
  });
}

TokenMechanisms read_mechanisms(const SharedBench& bench) {
  const Present token = only_token(bench);
  return supervised_on<TokenMechanisms>(bench, token, [token] {
    const auto names = token.profile != nullptr ? token.profile->mechanisms
                                                : std::map<unsigned long, std::string>{};
    return TokenMechanisms{token.ref, p11::read_mechanisms(*token.module, token.slot, names)};
  });
}

}  // namespace ukey::ops
