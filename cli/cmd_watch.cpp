// `watch`: tells of each token as it is plugged in and taken out, until a signal or a bound ends
// it.
#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/error.hpp"
#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/end_signals.hpp"
#include "cli/number_option.hpp"
#include "cli/watch_renewal.hpp"
#include "ops/watch.hpp"
#include "report/note.hpp"
#include "report/render.hpp"

namespace ukey::cli {

namespace {

using std::chrono::steady_clock;

constexpr unsigned kLongestWatch = 30 * 86'400;
constexpr unsigned kMostTokens = 1'000'000;
/// How long a call of a module may keep the program after ctrl-C.
constexpr std::chrono::seconds kGrace{2};

/// When a watch ends by itself.
class Bound {
 public:
  explicit Bound(const Arguments& arguments)
      : tokens_(number_option(arguments, "--count", 1, kMostTokens)) {
    if (const auto seconds = number_option(arguments, "--for", 1, kLongestWatch))
      end_ = steady_clock::now() + std::chrono::seconds{*seconds};
  }

  /// At most `pause`; nothing when it is time to end.
  [[nodiscard]] std::chrono::milliseconds left(std::chrono::milliseconds pause) const {
    if (!end_) return pause;
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(*end_ - steady_clock::now());
    return std::clamp(rest, std::chrono::milliseconds{0}, pause);
  }

  /// A token came; false when it was the last.
  [[nodiscard]] bool count() { return !tokens_ || --*tokens_ > 0; }

 private:
  std::optional<unsigned> tokens_;
  std::optional<steady_clock::time_point> end_;
};

void print(const Context& context, const report::Json& line) {
  if (context.json())
    put(context.out(), report::json_line(line), false);
  else
    put(context.out(), report::render_sighting(line, context.style()), true);
}

void tell(const Context& context, const model::Sighting& sighting) {
  if (sighting.module && !context.json())
    return context.note(report::module_note(*sighting.module, context.style(true)));
  auto line = report::describe_sighting(sighting, clock_now(), context.report_options());
  const bool came = sighting.card && sighting.event != model::WatchEvent::unplugged;
  if (came) context.warn_interrupted(*sighting.card, line);
  print(context, line);
}

void begin(Context& context, const ops::Watch& watch) {
  if (context.json())
    print(context, report::describe_watch(context.document(), watch.modules(), context.lang()));
  else
    context.note(report::watching_note(context.style(true)));
}

/// The PIN is for the processes that renew, not for looking.
ops::SharedBench reading_bench(Context& context) {
  auto out = std::make_shared<ops::Bench>(*context.bench());
  out->pin = nullptr;
  return out;
}

}  // namespace

int cmd_watch(Context& context) {
  Bound bound{context.arguments()};
  std::optional<WatchRenewal> renewal;
  if (context.arguments().flag("--renew")) renewal.emplace(context);
  ops::Watch watch{reading_bench(context)};
  context.take_interrupts();
  EndSignals signals{kGrace};
  begin(context, watch);
  ops::Watcher watcher;
  watcher.pause = [&](std::chrono::milliseconds time) {
    const auto left = bound.left(time);
    return left.count() > 0 && signals.pause(left);
  };
  watcher.tell = [&](const model::Sighting& sighting) {
    tell(context, sighting);
    return sighting.event != model::WatchEvent::plugged || bound.count();
  };
  if (renewal) {
    watcher.handled = [&](const model::Card& card) { return renewal->handled(card); };
    watcher.arrived = [&](const ops::Arrival& arrival) { renewal->arrived(arrival); };
  }
  try {
    watch.run(watcher);
  } catch (const base::Error& error) {
    if (error.code() != base::Code::interrupted) throw;
    return base::exit_status(error.code());  // ctrl-C at the PIN prompt ends it as anywhere else
  }
  return signals.status();
}

}  // namespace ukey::cli
