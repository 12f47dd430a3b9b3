// Where the tokens of a drawer lie on the disk, told from the names of folders alone. Header only,
// for the module and the factory; it refuses to look into what SoftHSM wrote.
#pragma once

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ukey::practice {

/// One token: SoftHSM's folder of it, named by a UUID, lies in a store.
struct StoredToken {
  std::string serial;             ///< the last 16 digits of the UUID
  std::filesystem::path store;    ///< holds this token alone, or all that lie side by side
  std::filesystem::path erasure;  ///< the folder with which the token is gone
};

/// The folder of SoftHSM's stores within a drawer; tokens may also lie in it directly.
[[nodiscard]] inline std::filesystem::path store_path(const std::filesystem::path& drawer) {
  return drawer / "tokens";
}

/// The store of its own that a token has in a finished drawer, so that a process reads the tokens
/// that it uses and no other.
[[nodiscard]] inline std::filesystem::path own_store(const std::filesystem::path& drawer,
                                                     std::string_view serial) {
  return store_path(drawer) / serial;
}

/// The token that a folder in `stores` is for; absent for a folder of another kind.
[[nodiscard]] inline std::optional<StoredToken> stored_token(const std::filesystem::path& stores,
                                                             std::string digits) {
  const auto folder = stores / digits;
  const bool shared = digits.size() == 36;
  std::erase(digits, '-');
  if (digits.size() != (shared ? 32 : 16)) return std::nullopt;
  if (digits.find_first_not_of("0123456789abcdef") != digits.npos) return std::nullopt;
  return StoredToken{digits.substr(digits.size() - 16), shared ? stores : folder, folder};
}

/// The tokens of a drawer by serial. Throws std::filesystem::filesystem_error.
[[nodiscard]] inline std::vector<StoredToken> stored_tokens(const std::filesystem::path& drawer) {
  std::vector<StoredToken> tokens;
  for (const auto& entry : std::filesystem::directory_iterator(store_path(drawer))) {
    if (auto token = stored_token(store_path(drawer), entry.path().filename().string()))
      tokens.push_back(std::move(*token));
  }
  std::ranges::sort(tokens, {}, &StoredToken::serial);
  return tokens;
}

}  // namespace ukey::practice
