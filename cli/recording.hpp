// The ledger's record of this run's work on a token. What cannot be recorded is not begun; what was
// done is told even when it cannot be recorded any more.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ledger/book.hpp"
#include "model/attempt.hpp"
#include "ops/recording.hpp"
#include "ops/renewal.hpp"

namespace ukey::cli {

class Context;

/// Begins with `head`. A rehearsal (--dry-run) is recorded nowhere.
[[nodiscard]] std::shared_ptr<ops::Recording> new_recording(const Context& context,
                                                            std::shared_ptr<ledger::Book> book,
                                                            model::Attempt head);

/// The attempt as the ledger has it; a new one with this id where it has none, or is away.
[[nodiscard]] model::Attempt recorded_attempt(ledger::Book& book, const std::string& id);

/// The steps of a process that ended without recording any.
void take_over(ops::Recording& recording, const std::vector<model::RenewalStep>& steps);

/// The order tells the recording what it sees and does, beside whom it told before.
void follow(Context& context, ops::RenewalOrder& order,
            const std::shared_ptr<ops::Recording>& recording);

/// Work on a renewal, recorded: what it refuses, throws or ends with. Throws what `work` does.
[[nodiscard]] model::RenewalJob recorded(
    Context& context, ops::RenewalOrder order,
    const std::function<model::RenewalJob(const ops::RenewalOrder&)>& work);

}  // namespace ukey::cli
