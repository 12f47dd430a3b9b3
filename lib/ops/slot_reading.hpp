// The modules of a bench in this process, and what their slots show: what finding tokens once and
// watching for them share.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ops/bench.hpp"
#include "ops/presence.hpp"
#include "p11/module.hpp"

namespace ukey::ops {

/// A module's door, at which the bench's observer listens.
[[nodiscard]] std::shared_ptr<p11::Door> door_of(const Bench& bench);

/// Loads the module; to be called under supervision. The last copy of the handle lets it go within
/// the bench's limits.
[[nodiscard]] std::shared_ptr<const p11::Module> load(const Bench& bench, const std::string& file,
                                                      const std::shared_ptr<p11::Door>& door);

/// What the token in a slot says of itself, in one call; what fails is in it.
[[nodiscard]] Present read_slot(const Bench& bench,
                                const std::shared_ptr<const p11::Module>& module,
                                unsigned long slot);

/// Of all that slots show, the first place of each token gets what the others say of it (the
/// module's name, and what is graver of its PINs) and the selector that fits it alone. Returns for
/// each place that first one of its token, see policy::first_places.
std::vector<std::size_t> join_places(std::vector<Present>& seen);

/// Whether the selector of the bench fits, or there is none. With one, nobody can say of a slot
/// that failed that it is meant.
[[nodiscard]] bool is_meant(const Bench& bench, const Present& token);

/// `error` of a module that cannot even list its slots: it does not work, whatever it answers.
[[nodiscard]] base::Error unlisted(const base::Error& error, const p11::Module& module);

/// Does `work` with each module of the bench, one after another, and returns what became of each;
/// tells of the ones that failed. Throws no_module when there is no module at all, or the first
/// error when none works.
[[nodiscard]] std::vector<model::ModuleRow> for_each_module(
    const Bench& bench, const std::function<void(const ModuleChoice&)>& work);

}  // namespace ukey::ops
