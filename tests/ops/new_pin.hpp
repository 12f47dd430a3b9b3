// Sources of PINs and what was heard about a new one.
#pragma once

#include "fixture.hpp"
#include "ops/pins.hpp"

namespace ukey::ops::test {

inline constexpr const char* kFresh = "24681357";

inline PinSource source_of(std::string pin) {
  return [pin = std::move(pin)](const model::TokenInfo&) { return secret(pin); };
}

inline PinSource never() {
  return [](const model::TokenInfo&) -> base::Secret {
    FAIL("a PIN was asked for");
    return {};
  };
}

/// A new PIN from a source, and the doubts that were heard about it.
struct Fresh {
  explicit Fresh(std::string pin = kFresh) : how{source_of(std::move(pin)), {}, false} {
    how.confirm = [heard = heard](const model::TokenInfo&,
                                  const std::vector<model::PinDoubt>& doubts) {
      heard->insert(heard->end(), doubts.begin(), doubts.end());
    };
  }
  /// One whose doubts are answered with no.
  [[nodiscard]] NewPin refused() const {
    auto out = how;
    out.confirm = [](const auto&, const auto&) { throw base::Error(base::Code::usage, "--yes"); };
    return out;
  }
  std::shared_ptr<std::vector<model::PinDoubt>> heard =
      std::make_shared<std::vector<model::PinDoubt>>();
  NewPin how;
};

inline std::vector<model::PinStep> done(const model::PinJob& job) {
  std::vector<model::PinStep> out;
  for (const auto& row : job.steps)
    if (row.done) out.push_back(row.step);
  return out;
}

}  // namespace ukey::ops::test
