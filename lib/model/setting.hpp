// The frame of a document: when and on which platform it was judged.
#pragma once

#include "base/time.hpp"
#include "model/profile.hpp"

namespace ukey::model {

struct Setting {
  base::Time as_of{};             ///< judged as of this time
  bool as_of_overridden = false;  ///< --as-of was given
  const Platform* platform = nullptr;
};

}  // namespace ukey::model
