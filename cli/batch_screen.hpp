// What a batch shows while it goes on: lines of JSON, or a line for each item and, at a terminal, a
// bar below them.
#pragma once

#include <cstddef>

#include "model/batch.hpp"

namespace ukey::cli {

class Context;

class BatchScreen {
 public:
  explicit BatchScreen(Context& context);

  void started(const model::Batch& batch, std::size_t items, unsigned jobs);
  void began(const model::BatchItem& item);
  void progressed(const model::BatchItem& item, model::RenewalStep step);
  /// `at_work` is false for an item that was never begun.
  void ended(const model::BatchItem& item, const model::ItemEnd& end, bool at_work);
  /// The bar goes away.
  void summed(const model::Batch& batch, const model::BatchSummary& summary);
  /// That nothing new is begun.
  void stopping();

 private:
  void draw() const;
  void clear() const;

  Context& context_;
  bool bar_;
  std::size_t total_ = 0, done_ = 0, running_ = 0;
};

}  // namespace ukey::cli
