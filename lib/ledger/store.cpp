#include "ledger/store.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/error.hpp"
#include "ledger/attempt_rows.hpp"
#include "ledger/batch_rows.hpp"
#include "ledger/columns.hpp"
#include "ledger/database.hpp"
#include "ledger/place.hpp"
#include "ledger/schema.hpp"

namespace ukey::ledger {

namespace {

constexpr std::size_t kShortest = 6;  // digits that stand for an id
constexpr std::size_t kWhole = 32;

struct Put {
  Database& database;
  void operator()(const model::Attempt& attempt) const { put_attempt(database, attempt); }
  void operator()(const model::Batch& batch) const { put_batch(database, batch); }
  void operator()(const model::BatchItem& item) const { put_item(database, item); }
  void operator()(const model::Supersession& said) const { put_supersession(database, said); }
};

/// Two programs that write the same rows in different orders would wait for each other.
std::vector<const Entry*> in_order(std::span<const Entry> entries) {
  std::vector<std::pair<std::string, const Entry*>> keyed;
  keyed.reserve(entries.size());
  for (const auto& entry : entries) keyed.emplace_back(entry_key(entry), &entry);
  std::ranges::sort(keyed);
  std::vector<const Entry*> out;
  for (const auto& [key, entry] : keyed) out.push_back(entry);
  return out;
}

/// What is wanted, as a condition that grows.
struct Condition {
  std::string text;
  Row values;

  void add(const std::string& comparison, Value value) {
    text +=
        (values.empty() ? "WHERE " : " AND ") + comparison + " :v" + std::to_string(values.size());
    values.push_back(std::move(value));
  }
};

Condition condition_of(const AttemptQuery& query) {
  Condition out;
  if (query.token) {
    out.add("serial =", query.token->serial);
    out.add("model =", query.token->model);
    out.add("manufacturer =", query.token->manufacturer);
  }
  if (query.batch) out.add("batch =", *query.batch);
  if (query.kind) out.add("kind =", symbol_of(*query.kind));
  if (query.result) out.add("result =", symbol_of(*query.result));
  if (query.since) out.add("changed >=", column(*query.since));
  out.text +=
      " ORDER BY begun DESC, substr(id, 17) DESC, id DESC LIMIT " + std::to_string(query.limit);
  return out;
}

}  // namespace

Store::Store(std::string place, std::unique_ptr<Database> database)
    : place_(std::move(place)), database_(std::move(database)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Store Store::open(const std::string& place) {
  try {
    auto database = std::make_unique<Database>(place, true);
    make_tables(*database);
    return Store{place, std::move(database)};
  } catch (const base::Error& error) {
    throw error.about(shown_place(place));
  }
}

std::optional<Store> Store::open_existing(const std::string& place) {
  std::error_code failed;
  if (!is_server(place) && !std::filesystem::exists(place, failed) && !failed) return std::nullopt;
  try {
    auto database = std::make_unique<Database>(place, false);
    if (!find_tables(*database)) return std::nullopt;
    return Store{place, std::move(database)};
  } catch (const base::Error& error) {
    throw error.about(shown_place(place));
  }
}

/// Does the work; over a connection that broke since it was last used, once more over a new one.
/// That is safe: what was written already is not written again.
template <class Work>
auto Store::asked(const Work& work) {
  for (;;) {
    const bool fresh = database_ == nullptr;
    try {
      if (fresh) {
        database_ = std::make_unique<Database>(place_, false);
        if (!find_tables(*database_)) throw base::Error{base::Code::ledger};
      }
      return work(*database_);
    } catch (const base::Error& error) {
      database_.reset();
      if (fresh || !is_server(place_)) throw error.about(shown_place(place_));
    }
  }
}

void Store::require_writable() {
  asked([](Database& database) {
    if (!database.server()) {
      const auto found = database.rows("PRAGMA quick_check(1)", {}, 1);
      if (found.size() != 1 || found[0][0] != "ok") throw base::Error{base::Code::ledger};
    }
    const Transaction undone{database, Purpose::writing};
    model::Batch batch;
    batch.id = new_id();
    batch.options = batch.withdrawn = {""};
    put_batch(database, batch);
    model::BatchItem item;
    item.batch = batch.id;
    put_item(database, item);
    model::Attempt attempt;
    attempt.id = batch.id;
    attempt.batch = batch.id;
    put_attempt(database, attempt);
  });
}

bool Store::knows_token(const std::string& serial) {
  return !asked([&](Database& database) {
            return database.rows(
                "SELECT 1 FROM attempts WHERE serial = :v0 UNION"
                " SELECT 1 FROM batch_items WHERE serial = :v0 UNION"
                " SELECT 1 FROM supersessions WHERE serial = :v0",
                {serial}, 1);
          }).empty();
}

void Store::put(const Entry& entry) { put(std::span{&entry, 1}); }

void Store::put(std::span<const Entry> entries) {
  const auto ordered = in_order(entries);
  asked([&](Database& database) {
    Transaction transaction{database, Purpose::writing};
    for (const auto* entry : ordered) std::visit(Put{database}, *entry);
    transaction.commit();
  });
}

std::optional<model::Attempt> Store::attempt(const std::string& id) {
  auto found = asked([&](Database& database) {
    const Transaction one{database, Purpose::reading};
    return read_attempts(database, "WHERE id = :v0", {id});
  });
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<model::Attempt> Store::attempts(const AttemptQuery& query) {
  const auto condition = condition_of(query);
  return asked([&](Database& database) {
    const Transaction one{database, Purpose::reading};
    return read_attempts(database, condition.text, condition.values);
  });
}

std::optional<model::Batch> Store::batch(const std::string& id) {
  if (id.size() < kShortest || id.size() > kWhole) return std::nullopt;
  auto found = asked([&](Database& database) {
    const Transaction one{database, Purpose::reading};
    return read_batches(database, id);
  });
  if (found.size() != 1) return std::nullopt;
  return std::move(found.front());
}

std::vector<model::Batch> Store::batches() {
  return asked([](Database& database) {
    const Transaction one{database, Purpose::reading};
    return read_batches(database, "");
  });
}

std::vector<model::BatchItem> Store::items(const std::string& batch) {
  return asked([&](Database& database) { return read_items(database, batch); });
}

std::vector<model::KnownMaster> Store::masters(const std::string& uscc) {
  return asked([&](Database& database) { return read_masters(database, uscc); });
}

std::vector<model::Supersession> Store::supersessions() {
  return asked([](Database& database) { return read_supersessions(database); });
}

}  // namespace ukey::ledger
