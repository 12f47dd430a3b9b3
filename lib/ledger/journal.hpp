// The record of one token's renewal on disk: written before each step that changes the token, so
// that at any moment of a crash it tells what may have happened. Finished ones stay as history.
#pragma once

#include <optional>
#include <string>

#include "ledger/record.hpp"
#include "model/card.hpp"

namespace ukey::ledger {

class Journal {
 public:
  /// Writes the first record of a renewal into a new file below `folder`, which is made (mode 0700)
  /// when it is missing. Throws Error ledger with the path.
  [[nodiscard]] static Journal begin(const std::string& folder, const Record& record);

  /// The last journal that is not over of a token with these names, which two tokens may have;
  /// absent when there is none. Throws Error ledger with the path of a file that cannot be read.
  [[nodiscard]] static std::optional<Journal> open(const std::string& folder,
                                                   const model::TokenRef& token);

  /// The same of the very token that was read: each certificate which the record says is followed
  /// is on it, or the one that follows. Where that cannot be told, because no certificate is to be
  /// seen or none is followed, the label is the record's too.
  [[nodiscard]] static std::optional<Journal> open(const std::string& folder,
                                                   const model::Card& card);

  /// What became of this attempt at the token, over or not; absent when it has no journal. Throws
  /// as `open`.
  [[nodiscard]] static std::optional<Record> of_attempt(const std::string& folder,
                                                        const model::TokenRef& token,
                                                        const std::string& attempt);

  [[nodiscard]] const Record& record() const { return record_; }
  [[nodiscard]] const std::string& path() const { return path_; }

  /// Takes the record's place on disk whole; when it returns it survives a power cut. Throws Error
  /// ledger with the path; the former record stands then.
  void put(const Record& record);

 private:
  Journal(std::string path, Record record) : path_(std::move(path)), record_(std::move(record)) {}

  std::string path_;
  Record record_;
};

}  // namespace ukey::ledger
