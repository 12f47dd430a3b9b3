#include "ledger/impersonal.hpp"

#include "base/privacy.hpp"

namespace ukey::ledger {

namespace {

struct Impersonal {
  Entry operator()(model::Attempt attempt) const {
    attempt.holder = base::masked_text(attempt.holder);
    if (!attempt.token.serial.empty()) attempt.label = base::masked_text(attempt.label);
    return attempt;
  }
  /// Without token, a selector that is not the row's label is its serial.
  Entry operator()(model::BatchItem item) const {
    item.holder = base::masked_text(item.holder);
    item.note = base::masked_text(item.note);
    const bool by_label = item.selector == item.label || (item.token != model::TokenIdentity{} &&
                                                          item.selector != item.token.serial);
    if (by_label) item.selector = base::masked_text(item.selector);
    const bool known_by_label = item.token != model::TokenIdentity{} && item.token.serial.empty();
    if (!known_by_label) item.label = base::masked_text(item.label);
    return item;
  }
  Entry operator()(const model::Batch& batch) const { return batch; }
  Entry operator()(const model::Supersession& said) const { return said; }
};

}  // namespace

Entry impersonal(const Entry& entry) { return std::visit(Impersonal{}, entry); }

}  // namespace ukey::ledger
