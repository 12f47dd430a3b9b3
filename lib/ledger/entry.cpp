#include "ledger/entry.hpp"

#include <fmt/core.h>
#include <sys/random.h>

#include <cerrno>
#include <chrono>
#include <cstdint>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "ledger/attempt_json.hpp"
#include "ledger/file_name.hpp"
#include "ledger/json_parts.hpp"
#include "ledger/storable.hpp"

namespace ukey::ledger {

namespace {

using ledger::json_of;  // beside those below

constexpr const char* kEntrySchema = "ukey-ledger/1";

using Texts = std::vector<std::string>;

Json json_of(const model::Batch& batch) {
  Json out;
  out["entry"] = "batch";
  out["id"] = batch.id;
  out["revision"] = batch.revision;
  out["host"] = batch.host;
  out["user"] = batch.user;
  out["begun"] = base::rfc3339(batch.begun);
  out["ended"] = json_of(batch.ended);
  out["options"] = batch.options;
  out["withdrawn"] = batch.withdrawn;
  return out;
}

model::Batch batch_of(const Json& json) {
  return {text(json, "id"),
          json.at("revision").get<unsigned>(),
          text(json, "host"),
          text(json, "user"),
          time_of(json.at("begun")),
          maybe_time(json.at("ended")),
          json.at("options").get<Texts>(),
          json.at("withdrawn").get<Texts>()};
}

Json json_of(const model::BatchItem& item) {
  Json out;
  out["entry"] = "item";
  out["batch"] = item.batch;
  out["number"] = item.number;
  out["revision"] = item.revision;
  out["line"] = maybe(item.line);
  out["selector"] = item.selector;
  out["note"] = item.note;
  out["token"] = json_of(item.token);
  out["label"] = item.label;
  out["holder"] = item.holder;
  out["state"] = symbol_of(item.state);
  out["reason"] = item.reason;
  out["attempt"] = item.attempt;
  out["pin_source"] = item.pin_source;
  out["changed"] = base::rfc3339(item.changed);
  return out;
}

model::BatchItem batch_item_of(const Json& json) {
  model::BatchItem out;
  out.batch = text(json, "batch");
  out.number = json.at("number").get<unsigned>();
  out.revision = json.at("revision").get<unsigned>();
  if (!json.at("line").is_null()) out.line = json.at("line").get<unsigned>();
  out.selector = text(json, "selector");
  out.note = text(json, "note");
  out.token = token_of(json.at("token"));
  out.label = text(json, "label");
  out.holder = text(json, "holder");
  out.state = value_in<model::ItemState>(json.at("state"));
  out.reason = text(json, "reason");
  out.attempt = text(json, "attempt");
  out.pin_source = text(json, "pin_source");
  out.changed = time_of(json.at("changed"));
  return out;
}

Json json_of(const model::Supersession& said) {
  Json out;
  out["entry"] = "supersession";
  out["serial"] = said.serial;
  out["host"] = said.host;
  out["user"] = said.user;
  out["at"] = base::rfc3339(said.at);
  out["withdrawn"] = said.withdrawn;
  return out;
}

model::Supersession supersession_of(const Json& json) {
  return {text(json, "serial"), text(json, "host"), text(json, "user"), time_of(json.at("at")),
          json.at("withdrawn").get<bool>()};
}

/// Every text of a document made storable.
void settle(Json& json) {
  if (json.is_string()) {
    json = storable(json.get<std::string>());
  } else if (json.is_structured()) {
    for (auto& part : json) settle(part);
  }
}

Entry entry_of(const Json& json) {
  if (json.at("schema") != kEntrySchema) throw base::Error{base::Code::ledger};
  const auto kind = text(json, "entry");
  if (kind == "attempt") return attempt_of(json);
  if (kind == "batch") return batch_of(json);
  if (kind == "item") return batch_item_of(json);
  if (kind == "supersession") return supersession_of(json);
  throw base::Error{base::Code::ledger};
}

/// Each kind has its prefix; numbers have leading zeros, so that they are sorted as numbers.
struct Key {
  std::string operator()(const model::Batch& batch) const {
    return fmt::format("batch-{}-{:010}", file_name(batch.id, batch.id), batch.revision);
  }
  std::string operator()(const model::BatchItem& item) const {
    return fmt::format("item-{}-{:010}-{:010}", file_name(item.batch, item.batch), item.number,
                       item.revision);
  }
  std::string operator()(const model::Attempt& attempt) const {
    return fmt::format("attempt-{}-{:010}", file_name(attempt.id, attempt.id), attempt.revision);
  }
  std::string operator()(const model::Supersession& said) const {
    std::string at;
    for (const char c : base::rfc3339(said.at))
      if (c != '-' && c != ':') at += c;
    return fmt::format("supersession-{}-{}-{}", file_name(said.serial, said.serial), at,
                       said.withdrawn ? 1 : 0);
  }
};

}  // namespace

std::string new_id() {
  constexpr std::size_t kDrawn = 8;
  base::Bytes out(kDrawn);
  std::size_t got = 0;
  while (got < out.size()) {
    const auto more = getrandom(out.data() + got, out.size() - got, 0);
    if (more < 0 && errno != EINTR) throw base::Error{base::Code::bug, "getrandom"};
    if (more > 0) got += static_cast<std::size_t>(more);
  }
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  const auto tick = std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
  return base::hex(out) + fmt::format("{:016x}", static_cast<std::uint64_t>(tick));
}

std::string entry_key(const Entry& entry) { return std::visit(Key{}, entry); }

std::string entry_text(const Entry& entry) {
  Json out;
  out["schema"] = kEntrySchema;
  out.update(std::visit([](const auto& kept) { return json_of(kept); }, entry));
  settle(out);
  return out.dump(2) + "\n";
}

Entry read_entry(std::string_view text) {
  try {
    return entry_of(Json::parse(text));
  } catch (const Json::exception&) {
    throw base::Error{base::Code::ledger};
  }
}

}  // namespace ukey::ledger
