// The right to work on one token, held by one run of the program at a time. It waits for nobody,
// and knows nothing of what the work is.
#pragma once

#include <memory>
#include <string>

#include "base/descriptor.hpp"
#include "model/token.hpp"
#include "ops/presence.hpp"

namespace ukey::ops {

/// Ends with the object, and with the process however that ends. The file stays: another run may
/// have it open already, and would hold a file that is no longer there.
class Claim {
 public:
  /// flock(2) on a file in `folder`, which is made with mode 0700 when it is missing. The file is
  /// named by a hash of what the token is known by (model::lasting_name): two modules that show one
  /// token mean one file, and so do two tokens that share a serial number. Throws Error busy about
  /// the token when another claim is held, by whatever process; file_io when the file cannot be
  /// had.
  ///
  /// Users have folders of their own, so unless `machine` is "" the token is claimed under that
  /// name on the whole machine as well (an abstract socket, unix(7): no file that anybody could put
  /// there, leave behind or may not open). Where there are no sockets the file alone counts.
  Claim(const std::string& folder, const model::TokenInfo& token, const std::string& machine = {});

  /// The same for the batch with this id, among the runs of one user: two that carry out one batch
  /// would be in each other's way. Throws busy about the id, file_io.
  Claim(const std::string& folder, const std::string& batch);

 private:
  base::Descriptor file_, name_;
};

/// Whether anybody holds the claim on this token in `folder` at this moment.
[[nodiscard]] bool is_claimed(const std::string& folder, const model::TokenInfo& token);

/// The claim on this token: the one that `token` holds already, else a new one. Throws as Claim.
[[nodiscard]] std::shared_ptr<const Claim> claimed(const Bench& bench, const Present& token);

}  // namespace ukey::ops
