// The model as JSON: one function a part, key names and order as ukey-json(5) lists them. It
// refuses language: only `message` and `hint` of an error follow it. A text of two languages is an
// object {"zh", "en"}.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "model/batch.hpp"
#include "model/card.hpp"
#include "model/envelope.hpp"
#include "model/object.hpp"
#include "model/pin.hpp"
#include "model/profile.hpp"
#include "model/renewal_job.hpp"
#include "model/setting.hpp"
#include "model/sighting.hpp"
#include "report/words.hpp"

namespace ukey::report {

using Json = nlohmann::ordered_json;

struct Options {
  bool show_ids = false;  ///< personal numbers whole; else masked, in names and labels too
  Lang lang = Lang::en;   ///< of the `message` and `hint` of an error
};

/// The frame {"schema", "command", "as_of"}; parts are added with `update` or by key. With
/// `as_of_overridden` in the setting and `real` given, "as_of_overridden" holds the real time.
[[nodiscard]] Json document(std::string_view command, const model::Setting& setting,
                            std::optional<base::Time> real = {});

/// {"schema", "command", "error"}: what a failed run prints.
[[nodiscard]] Json error_document(std::string_view command, const base::Error& error, Lang lang);

/// {"code", "message", "hint", "subject", "call", "ckr", "rv"}; absent ones null, rv as "0xa0".
[[nodiscard]] Json describe_error(const base::Error& error, Lang lang);

/// {"tokens", "modules"}: every card of one read.
[[nodiscard]] Json describe_survey(const model::Survey& survey, const Options& options);

/// The same with only token, state, pin and holder of each card (and the error of a failed one).
[[nodiscard]] Json describe_list(const model::Survey& survey, const Options& options);

/// One element of `tokens`. A failed card carries "error" and null for what was not read.
[[nodiscard]] Json describe_card(const model::Card& card, const Options& options);

/// One line of `watch`: {"event", "at"}, and of a token that came "as_of" and the keys of its card,
/// of one that went "token", of a module that was given up those of a row of `modules`.
[[nodiscard]] Json describe_sighting(const model::Sighting& sighting, base::Time at,
                                     const Options& options);

/// The first line of `watch`: "event", then the frame and "modules".
[[nodiscard]] Json describe_watch(const Json& frame, std::span<const model::ModuleRow> modules,
                                  Lang lang);

[[nodiscard]] Json describe_token(const model::TokenRef& token, const Options& options);
[[nodiscard]] Json describe_pin(const model::PinState& pin);
/// {"result", "steps", "pin"}; `pin` null when it could not be read. Its error is not in it.
[[nodiscard]] Json describe_pin_job(const model::PinJob& job);
/// {"holder", "ca", "renewal", "via", "result", "generation", "resume_due", "steps", "bids",
/// "requests", "certificates", "leftovers"}; `bids` null when nobody was asked. Its error is not in
/// it.
[[nodiscard]] Json describe_renewal_job(const model::RenewalJob& job, const Options& options);
/// {"answer", "typed", "at", "files", "unread"}.
[[nodiscard]] Json describe_bids(const model::BidStatement& bids);
[[nodiscard]] Json describe_holder(const model::Holder& holder, const Options& options);
/// `name` is the CA's registered name, which is Chinese; null when unknown.
[[nodiscard]] Json describe_ca(const model::CaRef& ca);
[[nodiscard]] Json describe_lock(const model::LockVerdict& lock, const Options& options);
[[nodiscard]] Json describe_renewal(const model::RenewalVerdict& renewal);
[[nodiscard]] Json describe_modules(std::span<const model::ModuleRow> modules, Lang lang);

/// The array `findings`: units with several main locks.
[[nodiscard]] Json describe_masters(std::span<const model::SeveralMasters> findings,
                                    const Options& options);

/// {"manifest", "items", "findings", "modules"}; `manifest` null when none was given (""). What is
/// not known of an item's token is null.
[[nodiscard]] Json describe_plan(const model::Plan& plan, std::string_view manifest,
                                 const Options& options);

/// The array `certificates`. A row that could not be read carries "error", and only label and
/// key_id.
[[nodiscard]] Json describe_certificates(std::span<const model::CertificateRow> rows,
                                         const Options& options);
/// The array `checks`.
[[nodiscard]] Json describe_checks(std::span<const model::CheckRow> rows);
/// The array `seals`: what the token tells of each, and the contents where they were read.
[[nodiscard]] Json describe_seals(std::span<const model::SealRow> rows, const Options& options);
/// The array `objects`.
[[nodiscard]] Json describe_objects(std::span<const model::Object> rows, const Options& options);
/// The array `mechanisms`.
[[nodiscard]] Json describe_mechanisms(std::span<const model::Mechanism> rows, Lang lang);

/// The array `envelopes`. A row with an error carries only file, entry and "error".
[[nodiscard]] Json describe_envelopes(std::span<const model::EnvelopeRow> rows, Lang lang);

/// What `guide` shows of one service. An absent holder or an empty `ca` means all of them.
[[nodiscard]] Json describe_guide(model::Service service, const model::Platform& platform,
                                  std::optional<model::HolderKind> holder = {},
                                  std::string_view ca = {});

/// {"tokens", "cas", "platforms"}: one line of data a profile.
[[nodiscard]] Json describe_profiles(const model::Profiles& profiles);
/// One profile whole.
[[nodiscard]] Json describe_profile(const model::TokenProfile& profile);
[[nodiscard]] Json describe_profile(const model::CaProfile& profile);
[[nodiscard]] Json describe_profile(const model::Platform& platform);

/// A profile file that was checked.
struct ProfileCheck {
  std::string file;
  std::vector<std::string> unconfirmed;  ///< keys whose values nobody has confirmed on hardware
  std::vector<base::Error> errors;       ///< empty: the file is good
};
/// The array `files`: {file, result: ok | failed, unconfirmed[], errors[]}.
[[nodiscard]] Json describe_profile_checks(std::span<const ProfileCheck> rows, Lang lang);

/// A file that a command wrote.
struct WrittenFile {
  std::string path;
  std::uint64_t bytes = 0;
};
/// The array `files`: {path, bytes}.
[[nodiscard]] Json describe_files(std::span<const WrittenFile> rows);

/// A practice token of the drawer.
struct PracticeRow {
  std::string name, label, serial;
  bool plugged = false;
};
/// The array `practice`.
[[nodiscard]] Json describe_practice(std::span<const PracticeRow> rows);

/// {"url", "years"}: where the practice CA answers, and the term that it gives unasked.
[[nodiscard]] Json describe_practice_ca(std::string_view url, int years);

/// The document as text: two blanks a level, UTF-8, a line end after it.
[[nodiscard]] std::string json_text(const Json& document);

/// The document on one line, with its line end: for JSON lines.
[[nodiscard]] std::string json_line(const Json& document);

/// The error document as text; on one line where the command prints lines.
[[nodiscard]] std::string error_json(std::string_view command, const base::Error& error, Lang lang,
                                     bool as_line);

}  // namespace ukey::report
