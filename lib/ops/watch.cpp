#include "ops/watch.hpp"

#include <algorithm>
#include <utility>

#include "ops/card.hpp"
#include "ops/slot_reading.hpp"

namespace ukey::ops {

namespace {

using base::Code;
using model::WatchEvent;
using Why = p11::Suspect::Why;

/// Between two looks at a module, each of one call.
constexpr std::chrono::milliseconds kBetweenLooks{200};

bool is(const std::optional<base::Error>& error, Code code) {
  return error && error->code() == code;
}

/// The same token as before, as far as it can be told; what cannot be read is whatever could not be
/// read there before.
bool unchanged(const Present& before, const Present& now) {
  if (before.error || now.error) return before.error && now.error;
  return model::same_names(before.info, now.info) &&
         before.info.flags.initialised == now.info.flags.initialised;
}

bool is_shown(const Bench& bench, const Present& token) {
  return (token.error || token.info.flags.initialised) && is_meant(bench, token);
}

}  // namespace

struct Watch::Watched {
  std::shared_ptr<p11::Door> door;
  std::shared_ptr<const p11::Module> module;
  std::optional<p11::SlotWatch> slots;
};

struct Watch::Finding {
  Why why;
  Present token;
};

std::vector<Watch::Finding> Watch::read(const Bench& bench, const std::shared_ptr<Watched>& watched,
                                        const std::vector<p11::Suspect>& suspects) {
  std::vector<Finding> out;
  for (const auto& suspect : suspects)
    out.push_back({suspect.why, read_slot(bench, watched->module, suspect.slot)});
  return out;
}

Watch::Watch(SharedBench bench) : bench_(std::move(bench)) {
  rows_ = for_each_module(*bench_, [this](const ModuleChoice& choice) { begin(choice); });
}

void Watch::begin(const ModuleChoice& choice) {
  const std::size_t number = modules_.size();
  modules_.emplace_back();  // as long as it does not work
  const auto watched = std::make_shared<Watched>();
  watched->door = door_of(*bench_);
  const auto findings = p11::supervised<std::vector<Finding>>(
      watched->door, bench_->limits, [bench = bench_, watched, file = choice.file] {
        watched->module = load(*bench, file, watched->door);
        try {
          watched->slots.emplace(*watched->module);
          return read(*bench, watched, watched->slots->all(*watched->module));
        } catch (const base::Error& error) {
          throw unlisted(error, *watched->module);
        }
      });
  modules_[number] = watched;
  for (const auto& finding : findings) settle(number, finding);
}

void Watch::run(const Watcher& watcher) {
  watcher_ = &watcher;
  tell_newcomers(WatchEvent::present);
  while (going_ && watcher.pause(kBetweenLooks)) {
    for (std::size_t module = 0; module < modules_.size() && going_; ++module)
      if (modules_[module]) poll(module);
    tell_newcomers(WatchEvent::plugged);  // once all were asked: several may show the same token
  }
}

void Watch::poll(std::size_t module) {
  std::vector<Finding> findings;
  try {
    findings = p11::supervised<std::vector<Finding>>(
        modules_[module]->door, bench_->limits,
        [bench = bench_, watched = modules_[module], known = roster_.slots(module)] {
          try {
            return read(*bench, watched, watched->slots->poll(*watched->module, known));
          } catch (const base::Error& error) {
            throw unlisted(error, *watched->module);
          }
        });
  } catch (const base::Error& error) {
    return give_up(module, error);
  }
  for (const auto& finding : findings) settle(module, finding);
}

void Watch::settle(std::size_t module, const Finding& finding) {
  const auto& token = finding.token;
  const Present* const known = roster_.at(module, token.slot);
  if (is(token.error, Code::token_removed)) return go(module, token.slot);
  const bool mute = token.error && !is(token.error, Code::token_unusable);
  if (known == nullptr) {
    if (mute && finding.why == Why::turn) return;  // an empty slot, however it says so
    return come(module, finding);
  }
  if (mute && finding.why == Why::list) return go(module, token.slot);
  if (mute && !known->error) return;  // it may be busy with another program
  const bool again = finding.why == Why::event && roster_.announce(module, token.slot);
  if (!again && unchanged(*known, token)) return;
  go(module, token.slot);
  come(module, finding);
}

void Watch::come(std::size_t module, const Finding& finding) {
  const bool announced =
      finding.why != Why::turn;  // else the event of its coming is yet to be told
  roster_.come(module, finding.token, is_shown(*bench_, finding.token), announced);
}

void Watch::go(std::size_t module, unsigned long slot) {
  const auto gone = roster_.go(module, slot);
  if (!gone) return;
  model::Sighting out{WatchEvent::unplugged, bench_now()->as_of, model::Card{}, {}};
  out.card->token = gone->ref;
  tell(out);
}

void Watch::give_up(std::size_t module, const base::Error& error) {
  modules_[module].reset();
  roster_.forget(module);
  auto& row = rows_[module];
  row.state = model::ModuleState::failed;
  row.error = error;
  tell({WatchEvent::failed, bench_now()->as_of, {}, row});
  const auto works = [](const auto& watched) { return watched != nullptr; };
  if (std::ranges::none_of(modules_, works)) throw base::Error{error};
}

void Watch::tell_newcomers(WatchEvent event) {
  while (going_) {
    const auto token = roster_.newcomer();
    if (!token) return;
    const auto bench = bench_now();
    const auto card = read_card(bench, *token, Depth::labels);
    tell({event, bench->as_of, card, {}});
    if (watcher_->arrived) {
      const bool handled = watcher_->handled && watcher_->handled(card);
      watcher_->arrived({*token, card, event == WatchEvent::present, handled});
    }
    if (!is(card.error, Code::module_timeout)) continue;
    for (std::size_t module = 0; module < modules_.size(); ++module)
      if (modules_[module] && modules_[module]->door == token->door) give_up(module, *card.error);
  }
}

void Watch::tell(const model::Sighting& sighting) {
  if (going_) going_ = watcher_->tell(sighting);
}

SharedBench Watch::bench_now() const {
  auto out = std::make_shared<Bench>(*bench_);
  if (bench_->clock) out->as_of = bench_->clock();
  out->pin = nullptr;
  return out;
}

}  // namespace ukey::ops
