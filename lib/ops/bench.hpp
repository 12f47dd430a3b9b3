// What an operation works with, fixed before the first call. Owned by shared pointer, because work
// on a module that hangs outlives the caller that gave it up.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "base/time.hpp"
#include "model/profile.hpp"
#include "model/token.hpp"
#include "p11/module.hpp"
#include "p11/uri.hpp"
#include "p11/watchdog.hpp"
#include "x509/chain.hpp"

namespace ukey::ops {

/// A module to load: by whom it was found, and whether the user named it.
struct ModuleChoice {
  std::string file;
  std::optional<std::string> profile;  ///< id of the token profile that located it
  bool named = false;                  ///< by --module
};

/// The modules that a run has loaded, by file.
using LoadedModules = std::map<std::string, std::shared_ptr<const p11::Module>>;

/// A PIN that is typed on the token itself.
enum class PinEntry { user, so, fresh };

/// Asked for right before the one login of a run; `token` is the token it is for. Throws Error
/// pin_missing and the like.
using PinSource = std::function<base::Secret(const model::TokenInfo& token)>;

struct Bench {
  std::shared_ptr<const model::Profiles> profiles;
  const model::Platform* platform = nullptr;  ///< one of `profiles`
  base::Time as_of{};
  std::function<base::Time()> clock;  ///< `as_of` and the time since; for work that takes longer
  std::vector<ModuleChoice> modules;
  /// Keeps what was loaded until the run's answer is out, for a module may crash or hang when it is
  /// finalised; null: each is finalised after its last use.
  std::shared_ptr<LoadedModules> loaded;
  std::optional<p11::Selector> selector;
  p11::Limits limits;
  std::function<void(const model::CallRecord&)> observer;  ///< hears each call; may be empty
  std::function<void(const model::ModuleRow&)>
      module_failed;  ///< hears each one, when another works
  std::optional<x509::Trust>
      revocation;  ///< lists, and the CAs that signed them; absent: not asked for
  PinSource pin;   ///< empty: no login
  /// Which slots are looked at, asked right before each one; empty: all.
  std::function<bool(const std::string& file, unsigned long slot)> wanted;
  bool use_final_try = false;
  /// Hears of the token that a PIN shall go to, before anything is judged; may be empty.
  std::function<void(const model::TokenRef&)> reached;
  /// Hears right before work on a token's PINs sends the first one; what it throws ends the work,
  /// and nothing is sent. May be empty.
  std::function<void(const model::TokenRef&)> sending;
  /// Hears right before each PIN that has to be typed on the token itself; may be empty.
  std::function<void(const model::TokenInfo&, PinEntry)> typed_there;
  /// Where runs of the program know of each other; "" when there is no such place, which ends what
  /// needs it.
  std::string state_folder;
  /// The name under which runs of all users of this machine know of each other; "": they do not.
  std::string machine_name;
};

using SharedBench = std::shared_ptr<const Bench>;

}  // namespace ukey::ops
