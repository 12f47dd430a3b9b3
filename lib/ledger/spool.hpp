// Entries that wait for their database, one file each in a private folder. A file is never changed
// once it has its name, so several processes may write and empty one spool at once.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ledger/entry.hpp"

namespace ukey::ledger {

class Spool {
 public:
  /// The spool of the ledger at `place`, in a folder of its own below `folder`; nothing is made
  /// until something is kept.
  Spool(const std::string& folder, const std::string& place);

  /// An entry that waits, and its file.
  struct Waiting {
    std::string path;
    Entry entry;
  };

  /// On disk when it returns. Throws Error ledger with the path.
  void keep(const Entry& entry) const;

  /// All that can be read, revisions of one entry in their order; a file that cannot be read is
  /// left where it is.
  [[nodiscard]] std::vector<Waiting> waiting() const;

  /// Forgets an entry that is in the database now.
  static void remove(const Waiting& entry);

  /// Files that wait, those that cannot be read among them.
  [[nodiscard]] std::size_t size() const;

  [[nodiscard]] const std::string& folder() const { return folder_; }

 private:
  [[nodiscard]] std::vector<std::string> files() const;

  std::string folder_;
};

}  // namespace ukey::ledger
