#include "ops/batch_history.hpp"

#include <algorithm>
#include <map>

#include "p11/pin_guard.hpp"

namespace ukey::ops {

namespace {

using base::Code;
using model::Attempt;
using model::AttemptResult;
using model::BatchItem;
using model::ItemState;

using ById = std::map<std::string, const Attempt*>;

ById by_id(const std::vector<Attempt>& attempts) {
  ById out;
  for (const auto& attempt : attempts) out[attempt.id] = &attempt;
  return out;
}

const Attempt* attempt_of(const BatchItem& item, const ById& attempts) {
  const auto found = attempts.find(item.attempt);
  return found == attempts.end() ? nullptr : found->second;
}

void complete(BatchItem& item, const Attempt& attempt) {
  const bool open = item.state == ItemState::waiting || item.state == ItemState::running;
  if (open && attempt.result == AttemptResult::renewed) {
    item.state = ItemState::renewed;
    item.reason.clear();
    if (!attempt.holder.empty()) item.holder = attempt.holder;
  }
  const auto& error = attempt.error;
  if (item.state == ItemState::failed && error && item.reason == base::name(error->code()))
    item.cause = error->cause();
}

}  // namespace

void recall(std::vector<BatchItem>& items, const std::vector<Attempt>& attempts) {
  const auto known = by_id(attempts);
  for (auto& item : items)
    if (const auto* attempt = attempt_of(item, known)) complete(item, *attempt);
}

bool withdraw_failed(model::Batch& batch, const std::vector<BatchItem>& items,
                     const std::vector<Attempt>& attempts) {
  const auto known = by_id(attempts);
  bool out = false;
  for (const auto& item : items) {
    const auto* attempt = attempt_of(item, known);
    if (item.pin_source.empty() || attempt == nullptr || !attempt->error) continue;
    if (!p11::failed_login(*attempt->error)) continue;
    if (std::ranges::find(batch.withdrawn, item.pin_source) != batch.withdrawn.end()) continue;
    batch.withdrawn.push_back(item.pin_source);
    out = true;
  }
  return out;
}

bool nothing_begun(const Attempt& attempt) {
  const auto& error = attempt.error;
  if (attempt.result != AttemptResult::failed || !error) return false;
  if (attempt.steps.empty())
    return !p11::failed_login(*error) && error->code() != Code::pin_not_sent;
  const bool in = std::ranges::any_of(
      attempt.steps, [](const model::AttemptStep& step) { return step.step == "login"; });
  return !in && error->answer() && p11::before_any_pin(*error);
}

}  // namespace ukey::ops
