// Where the PIN of each item of a batch comes from. What is read once for many is read here; what
// belongs to one token its own child reads. No PIN is ever remembered.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "model/batch.hpp"

namespace ukey::cli {

class Context;

struct PinWay {
  std::vector<std::string> words;              ///< options of the item's child
  std::shared_ptr<const base::Secret> secret;  ///< its stdin, or null
  std::string key;     ///< which source it is; "" for one that only this token has
  bool named = false;  ///< there is a source at all
};

class BatchPins {
 public:
  /// Takes the variables that rows name out of the environment, and the PIN that many share, where
  /// the options of this run name one: from the environment, standard input, or with --login the
  /// terminal. Throws as those sources do.
  BatchPins(Context& context, const std::optional<model::Manifest>& manifest);

  /// For an item of this row (null: it has none). Throws pin_missing (subject: the variable) when a
  /// variable that the row names is not set.
  [[nodiscard]] PinWay way(const model::ManifestRow* row);

 private:
  [[nodiscard]] PinWay of_variable(const std::string& name) const;
  void take_usual(Context& context);

  PinWay usual_;
  std::map<std::string, std::shared_ptr<const base::Secret>> variables_;
};

}  // namespace ukey::cli
