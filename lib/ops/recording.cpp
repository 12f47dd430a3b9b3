#include "ops/recording.hpp"

#include <algorithm>
#include <utility>

namespace ukey::ops {

namespace {

using model::AttemptResult;
using model::RenewalResult;

model::CertificateMark mark_of(const std::optional<model::Certificate>& certificate) {
  if (!certificate) return {};
  return {certificate->serial, certificate->not_after, certificate->sha256};
}

AttemptResult result_of(RenewalResult result) {
  switch (result) {
    case RenewalResult::renewed:
      return AttemptResult::renewed;
    case RenewalResult::requested:
      return AttemptResult::requested;
    case RenewalResult::undone:
      return AttemptResult::undone;
    case RenewalResult::not_due:
    case RenewalResult::nothing_to_resume:
    case RenewalResult::not_tried:
      return AttemptResult::skipped;
    case RenewalResult::failed:
      break;
  }
  return AttemptResult::failed;
}

}  // namespace

std::vector<model::AttemptCertificate> marks_of(const std::vector<model::SuccessionRow>& rows) {
  std::vector<model::AttemptCertificate> out;
  for (const auto& row : rows) out.push_back({row.role, mark_of(row.former), mark_of(row.fresh)});
  return out;
}

Recording::Recording(model::Attempt head, Put put, std::function<base::Time()> clock)
    : attempt_(std::move(head)), put_(std::move(put)), clock_(std::move(clock)) {}

void Recording::add_terms(const std::string& fee_receipt, std::optional<base::Time> judged) {
  attempt_.fee_receipt = fee_receipt;
  attempt_.judged = judged;
}

void Recording::go_on(const model::Attempt& known) {
  const auto revision = std::max(attempt_.revision, known.revision);
  attempt_ = known;
  attempt_.revision = revision;
  attempt_.error.reset();
  attempt_.reason.clear();
}

void Recording::attested(const model::BidStatement& bids) { attempt_.bids = bids; }

void Recording::seen(const model::TokenRef& token) {
  attempt_.token = token.identity();
  attempt_.label = token.label;
}

void Recording::seen(const model::Card& card) {
  seen(card.token);
  attempt_.holder = card.holder.organisation.value_or(card.holder.name.value_or(""));
  attempt_.uscc = card.holder.uscc.value_or("");
  attempt_.holder_kind = card.holder.kind;
  attempt_.ca = card.ca.id;
  attempt_.lock = card.lock.kind;
  attempt_.verdict = card.renewal.verdict;
}

void Recording::began() { record(AttemptResult::running); }

void Recording::step(std::string_view symbol) {
  attempt_.steps.push_back({std::string{symbol}, clock_()});
}

void Recording::ended(const model::RenewalJob& job) {
  if (job.result == RenewalResult::nothing_to_resume || job.result == RenewalResult::not_tried)
    return;
  if (job.result == RenewalResult::not_due) return skipped("not_due");
  if (job.bids) attempt_.bids = job.bids;
  attempt_.certificates = marks_of(job.certificates);
  attempt_.error = job.error;
  attempt_.reason = job.error ? base::name(job.error->code()) : "";
  record(result_of(job.result));
}

void Recording::ended(AttemptResult result, const base::Error* error) {
  if (error != nullptr) return failed(*error);
  record(result);
}

void Recording::renewed(std::vector<model::AttemptCertificate> certificates) {
  attempt_.certificates = std::move(certificates);
  attempt_.error.reset();
  attempt_.reason.clear();
  record(AttemptResult::renewed);
}

void Recording::failed(const base::Error& error) {
  if (attempt_.label.empty() && attempt_.token.serial.empty()) return;
  attempt_.error = error;
  attempt_.reason = base::name(error.code());
  record(AttemptResult::failed);
}

void Recording::skipped(std::string_view reason) {
  attempt_.reason = reason;
  record(AttemptResult::skipped);
}

void Recording::record(AttemptResult result) {
  attempt_.result = result;
  attempt_.changed = clock_();
  if (attempt_.begun == base::Time{}) attempt_.begun = attempt_.changed;
  ++attempt_.revision;
  put_(attempt_);
}

}  // namespace ukey::ops
