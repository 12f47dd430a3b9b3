// A folder of practice tokens. It makes, lists, plugs, unplugs and removes them, and refuses to
// touch a folder that it did not make.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "practice/blueprint.hpp"

namespace ukey::practice {

struct DrawerToken {
  std::string name;  ///< of the catalogue, "-01" and on behind it for a copy
  std::string label;
  std::string serial;
  bool plugged = true;
  std::optional<PracticeKind> kind;  ///< absent for a name that the catalogue does not have
};

struct CreateRequest {
  base::Time now{};                ///< the certificates' dates are relative to its day in Beijing
  std::vector<std::string> names;  ///< of the catalogue; none: all nine
  unsigned copies = 0;             ///< of each of the names, numbered; 0: the tokens themselves
  bool force = false;              ///< replace a drawer that is there
  std::filesystem::path softhsm;   ///< libsofthsm2.so; empty: the usual places
};

class Drawer {
 public:
  /// Nothing is touched yet.
  explicit Drawer(std::filesystem::path folder) : folder_(std::move(folder)) {}

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  /// Where the practice CA lies, for Authority::open and as trust.
  [[nodiscard]] std::filesystem::path authority_folder() const { return folder_ / "ca"; }
  /// True when the folder is a drawer.
  [[nodiscard]] bool exists() const;

  /// Makes the drawer with its CA and tokens, all of it or nothing, and returns what `list` would;
  /// of several at once the first makes it, and without `force` the others find it there.
  /// Throws Error{usage} with the folder for a drawer that is there without `force`, and as
  /// `blueprints` does; bad_input for a folder that holds something else; no_module
  /// without SoftHSM; file_io; token_refused.
  std::vector<DrawerToken> create(const CreateRequest& request) const;

  /// The tokens in the catalogue's order; none without a drawer. Throws Error{bad_input} for a
  /// broken state file.
  [[nodiscard]] std::vector<DrawerToken> list() const;

  /// Plugs a token in or takes it out, by name or serial; it keeps everything. No effect when it is
  /// so already. Throws Error{no_token} with the name.
  void plug(std::string_view name) const;
  void unplug(std::string_view name) const;

  /// Erases one token for good. Throws Error{no_token} with the name, file_io.
  void remove(std::string_view name) const;
  /// Erases the drawer. Throws Error{bad_input} for a folder that is none, no_token when there is
  /// no folder, file_io.
  void remove_all() const;

 private:
  [[nodiscard]] DrawerToken find(std::string_view name) const;
  void set_plugged(std::string_view name, bool plugged) const;

  std::filesystem::path folder_;
};

}  // namespace ukey::practice
