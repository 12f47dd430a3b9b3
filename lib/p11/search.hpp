// Which objects a session sees. For this room only.
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "p11/session.hpp"

namespace ukey::p11 {

/// The handles of all objects of `object_class` (CKO_…), or of every object; three calls when there
/// are none, else four from a module that hands out up to 512 in one call, as most do. The template
/// names the class only: that is what every module understands, and we make no session objects that
/// CKA_TOKEN could keep out. Throws the refusal; module_broken when more come than were asked for,
/// or more than Module::kMostEntries at all.
[[nodiscard]] std::vector<unsigned long> find(const Session& session,
                                              std::optional<unsigned long> object_class);

/// The same for those whose CKA_ID is `id`, as far as the module looks at it.
[[nodiscard]] std::vector<unsigned long> find(const Session& session, unsigned long object_class,
                                              base::ByteView id);

/// True when nothing more can be read after this error: the token or the session is gone. Others
/// concern one object.
[[nodiscard]] bool ends_session(const base::Error& error);

}  // namespace ukey::p11
