#include "ops/item.hpp"

#include <optional>
#include <thread>
#include <utility>

#include "ledger/journal.hpp"
#include "ops/claim.hpp"
#include "ops/recording.hpp"
#include "p11/pin_guard.hpp"
#include "policy/plan.hpp"
#include "x509/certificate.hpp"

namespace ukey::ops {

model::ItemEnd failed_end(const base::Error& error) {
  model::ItemEnd out;
  out.reason = base::name(error.code());
  out.error = error;
  out.pin_unproven = p11::failed_login(error);
  return out;
}

namespace {

using base::Code;
using base::Error;
using model::ItemEnd;
using model::ItemState;
using model::PlanVerdict;
using model::RenewalJob;
using model::RenewalResult;

constexpr std::chrono::milliseconds kClaimGlance{500};

/// What ends the work of an item that is not to be renewed.
struct NotDue {
  PlanVerdict verdict;
};

ItemEnd end_of(const RenewalJob& job) {
  ItemEnd out;
  if (job.error) out = failed_end(*job.error);
  out.certificates = marks_of(job.certificates);
  out.leftovers = job.leftovers;
  if (job.result == RenewalResult::renewed) out.state = ItemState::renewed;
  if (job.result != RenewalResult::requested && job.result != RenewalResult::not_tried) return out;
  out.state = ItemState::skipped;
  out.reason = job.result == RenewalResult::requested ? "requested" : "not_tried";
  return out;
}

model::CertificateMark mark_of(const base::Bytes& der) {
  if (der.empty()) return {};
  const auto certificate = x509::parse_certificate(der);
  return {certificate.serial, certificate.not_after, certificate.sha256};
}

/// The attempt that was renewed, as its journal says, before anybody could record it.
std::optional<ItemEnd> renewed_by(const std::optional<ledger::Record>& record) {
  if (!record || record->stage != ledger::Stage::renewed) return std::nullopt;
  ItemEnd out;
  out.state = ItemState::renewed;
  for (const auto& item : record->items)
    out.certificates.push_back({item.role, mark_of(item.former), mark_of(item.fresh)});
  return out;
}

Error not_sent(const ItemTask& task) {
  return Error{Code::pin_not_sent, task.token.label}.because(base::Cause::source_withdrawn);
}

class Work {
 public:
  Work(SharedBench bench, RenewalOrder order, const ItemTask& task,
       std::shared_ptr<Recording> recording)
      : bench_(std::move(bench)),
        order_(std::move(order)),
        task_(task),
        recording_(std::move(recording)) {}

  ItemEnd finish() {
    for (auto waited = std::chrono::milliseconds{0};; waited += kClaimGlance) {
      try {
        return once();
      } catch (const Error& error) {
        const bool wait = task_.again && error.code() == Code::busy && waited < task_.patience;
        if (!wait) throw;
        std::this_thread::sleep_for(kClaimGlance);
      }
    }
  }

 private:
  ItemEnd once() {
    if (task_.again)
      if (const auto before = done_before()) return *before;
    if (ledger::Journal::open(bench_->state_folder, task_.token)) {
      if (task_.withdrawn) throw not_sent(task_);
      const auto job = resumed();
      if (job.result != RenewalResult::undone && job.result != RenewalResult::nothing_to_resume)
        return told(job);
    }
    return renew();
  }

  /// What a process before this one came to, once it is gone. Throws busy while it is not.
  [[nodiscard]] std::optional<ItemEnd> done_before() const {
    Present token;
    token.info = task_.token.info();
    const auto claim = claimed(*bench_, token);
    if (task_.catch_up) task_.catch_up();
    auto before =
        renewed_by(ledger::Journal::of_attempt(bench_->state_folder, task_.token, order_.attempt));
    if (before) recording_->renewed(before->certificates);
    return before;
  }

  [[nodiscard]] RenewalJob resumed() const { return resume_renewal(bench_, order_); }

  [[nodiscard]] ItemEnd renew() const {
    auto order = order_;
    order.seen = [before = order_.seen, task = task_,
                  may_be_last = bench_->use_final_try](const model::Card& card) {
      if (before) before(card);
      policy::PlanFacts facts;
      facts.fits = 1;
      facts.card = &card;
      facts.has_pin = task.has_pin;
      facts.use_final_try = may_be_last;
      const auto verdict = policy::plan_verdict(facts);
      if (verdict == PlanVerdict::no_pin && task.withdrawn) throw not_sent(task);
      if (verdict != PlanVerdict::renew) throw NotDue{verdict};
    };
    return told(run_renewal(bench_, order));
  }

  [[nodiscard]] ItemEnd told(const RenewalJob& job) const {
    recording_->ended(job);
    return end_of(job);
  }

  SharedBench bench_;
  RenewalOrder order_;
  const ItemTask& task_;
  std::shared_ptr<Recording> recording_;
};

}  // namespace

ItemEnd renew_item(const SharedBench& bench, RenewalOrder order, const ItemTask& task,
                   const std::shared_ptr<Recording>& recording) {
  try {
    return Work{bench, std::move(order), task, recording}.finish();
  } catch (const NotDue& skip) {
    ItemEnd out;
    out.state = ItemState::skipped;
    out.verdict = skip.verdict;
    return out;
  } catch (const Error& error) {
    auto out = failed_end(error);
    if (task.again && error.code() == Code::busy)
      out.state = ItemState::waiting;  // who has it records what becomes of it
    else
      recording->failed(error);
    return out;
  }
}

ItemEnd settle_item(const std::string& state_folder, const model::TokenRef& token,
                    const Error& error, Recording& recording) {
  const auto record = ledger::Journal::of_attempt(state_folder, token, recording.attempt().id);
  if (const auto before = renewed_by(record)) {
    recording.renewed(before->certificates);
    return *before;
  }
  const bool open = record && !ledger::is_over(record->stage);
  if (!open) recording.failed(error);
  return failed_end(error);
}

}  // namespace ukey::ops
