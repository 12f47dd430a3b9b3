// What the tests of the ledger share: a folder of their own, sample entries, and the ledgers that a
// case is run on.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "ledger/entry.hpp"

namespace ukey::ledger_test {

struct Folder {
  std::string path;
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;             // removed once
  Folder& operator=(const Folder&) = delete;  // same
  [[nodiscard]] std::string file(const char* name) const { return path + "/" + name; }
};

inline base::Time at(const char* text) { return *base::parse_time(text, base::Zone{}); }

/// Everything that an attempt can hold, in a ledger nobody else's entries are mistaken for.
model::Attempt whole_attempt();
model::Batch whole_batch();
model::BatchItem whole_item(const std::string& batch, unsigned number);

/// The same text, the same entry: nothing that an entry holds is missing in it (entry_test.cpp).
inline std::string text_of(const ledger::Entry& entry) { return ledger::entry_text(entry); }

std::optional<base::Error> thrown(const std::function<void()>& work);

/// An SQLite file in this folder, and the server that tests/peers starts.
std::vector<std::string> places(const Folder& folder);

}  // namespace ukey::ledger_test
