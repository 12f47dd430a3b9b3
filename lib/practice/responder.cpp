#include "practice/responder.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace ukey::practice {

namespace {

bool begins(unsigned body) { return body != kCertConf && body != kPollReq; }

}  // namespace

struct Responder::Row {
  base::Bytes id;
  std::unique_ptr<Transaction> transaction;
};

Responder::Responder(Conduct conduct, std::size_t most_open)
    : conduct_(std::move(conduct)), registry_(registry_of(conduct_.folder)), most_open_(most_open) {
  (void)Authority::open(conduct_.folder);
  (void)registry_.issues();
}

Responder::~Responder() = default;

base::Bytes Responder::answer(base::ByteView message) {
  const auto head = read_head(message);
  if (!head) throw base::Error(base::Code::bad_input, "PKIMessage");
  const std::lock_guard lock(guard_);
  auto& row = transaction(*head);
  try {
    auto out = row.answer(message);
    if (!row.is_open()) forget(head->transaction);
    return out;
  } catch (...) {  // nothing can follow
    forget(head->transaction);
    throw;
  }
}

std::size_t Responder::open() const {
  const std::lock_guard lock(guard_);
  return rows_.size();
}

/// The open one that a message continues, or a new one.
Transaction& Responder::transaction(const MessageHead& head) {
  const auto known = std::ranges::find_if(
      rows_, [&](const Row& row) { return std::ranges::equal(row.id, head.transaction); });
  if (known != rows_.end() && !begins(head.body)) return *known->transaction;
  auto fresh = std::make_unique<Transaction>(conduct_, registry_, head);
  if (known != rows_.end()) rows_.erase(known);
  if (rows_.size() >= most_open_) rows_.pop_front();
  rows_.push_back({{head.transaction.begin(), head.transaction.end()}, std::move(fresh)});
  return *rows_.back().transaction;
}

void Responder::forget(base::ByteView id) {
  rows_.remove_if([&](const Row& row) { return std::ranges::equal(row.id, id); });
}

}  // namespace ukey::practice
