#include "practice/drawer.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <tuple>

#include "base/error.hpp"
#include "practice/factory.hpp"
#include "practice/state_file.hpp"

namespace ukey::practice {

namespace {

namespace fs = std::filesystem;
using base::Code;
using base::Error;

// Its presence makes a folder a drawer.
constexpr const char* kMarker = "ukey-practice-drawer";

constexpr std::string_view kReadMe =
    "练习锁：仅供培训和测试，不是存放真实密钥的地方。所有练习锁的用户口令都是 12345678，\n"
    "管理员口令都是 87654321。ca/ 是练习用 CA 的证书和私钥，切勿信任。\n"
    "\n"
    "Practice tokens for training and tests; this is no store of real keys. Every token has the\n"
    "user PIN 12345678 and the SO PIN 87654321. ca/ holds the practice CA's certificates and\n"
    "private keys; never trust it with anything real.\n";

/// Runs what may fail on the disk; a failure is the folder's Error.
template <typename Action>
auto on_disk(const fs::path& folder, const Action& action) {
  try {
    return action();
  } catch (const fs::filesystem_error& error) {
    throw Error(Code::file_io, error.path1().empty() ? folder.string() : error.path1().string());
  } catch (const std::system_error& error) {
    const bool broken = error.code() == std::errc::bad_message;
    throw Error(broken ? Code::bad_input : Code::file_io, folder.string());
  }
}

/// A new folder beside `wanted` that goes again unless it was moved there.
class Workshop {
 public:
  explicit Workshop(const fs::path& wanted) {
    auto place = fs::absolute(wanted).lexically_normal();
    if (place.filename().empty()) place = place.parent_path();  // it ended in "/"
    const auto parent = place.parent_path();
    fs::create_directories(parent);
    std::string name = (parent / ".ukey-practice-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw Error(Code::file_io, parent.string());
    path_ = name;
  }
  ~Workshop() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Workshop(const Workshop&) = delete;             // removed once
  Workshop& operator=(const Workshop&) = delete;  // same

  [[nodiscard]] const fs::path& path() const { return path_; }

  /// Becomes `wanted` at once, so that others who do the same meanwhile find a whole drawer or
  /// none. False, and nothing changed, when something is there and `replace` is not said; what is
  /// replaced goes with this.
  [[nodiscard]] bool move_to(const fs::path& wanted, bool replace) const {
    for (;;) {
      if (::rename(path_.c_str(), wanted.c_str()) == 0) return true;
      if (errno != ENOTEMPTY && errno != EEXIST && errno != ENOTDIR) break;
      if (!replace) return false;
      if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, wanted.c_str(), RENAME_EXCHANGE) == 0)
        return true;
      if (errno != ENOENT) break;  // it went meanwhile
    }
    throw fs::filesystem_error("rename", wanted, std::error_code(errno, std::generic_category()));
  }

 private:
  fs::path path_;
};

void write_text(const fs::path& file, std::string_view text) {
  write_through(open_file(file, O_WRONLY | O_CREAT | O_TRUNC).number(), text, file.string());
}

/// From side by side, as SoftHSM makes tokens, to a store for each.
void give_own_stores(const fs::path& drawer) {
  for (const auto& token : stored_tokens(drawer)) {
    const auto store = own_store(drawer, token.serial);
    fs::create_directory(store);
    fs::rename(token.erasure, store / token.erasure.filename());
  }
}

void begin_state(const fs::path& drawer, std::string_view serial, const Blueprint& token) {
  HeldState held(state_path(drawer, serial));
  held.state.name = token.name;
  held.state.label = token.label;
  if (token.entry->locked) held.state.user_failures = held.state.limit;
  held.save();
}

void fill(const fs::path& folder, const CreateRequest& request,
          const std::vector<Blueprint>& tokens) {
  KeyStock keys(keys_for(tokens));
  fs::create_directories(store_path(folder));
  fs::create_directories(folder / "state");
  write_text(folder / kMarker, "1\n");
  write_text(folder / "README", kReadMe);
  const auto authority = Authority::establish(folder / "ca", request.now);
  const auto registry = registry_of(folder / "ca");
  registry.establish();
  std::vector<std::string> serials;
  {
    Writer writer(folder, request.softhsm);
    for (const auto& token : tokens)
      serials.push_back(make_token(token, request.now, {authority, registry, keys, writer}));
  }
  give_own_stores(folder);
  for (std::size_t i = 0; i < tokens.size(); ++i) begin_state(folder, serials[i], tokens[i]);
}

/// Where the catalogue has `token`; what it does not have comes last.
std::size_t place(const DrawerToken& token) {
  return token.kind ? static_cast<std::size_t>(*token.kind) : catalogue().size();
}

DrawerToken read_token(const fs::path& file) {
  const auto state = on_disk(file, [&] { return read_state(file); });
  DrawerToken token{state.name, state.label, file.stem().string(), state.plugged, {}};
  if (const auto* const entry = entry_of(state.name)) token.kind = entry->kind;
  return token;
}

}  // namespace

bool Drawer::exists() const {
  std::error_code ignored;
  return fs::is_regular_file(folder_ / kMarker, ignored);
}

std::vector<DrawerToken> Drawer::create(const CreateRequest& request) const {
  const auto tokens = blueprints(request.names, request.copies);
  on_disk(folder_, [&] {
    if (exists() && !request.force) throw Error(Code::usage, "--force " + folder_.string());
    const bool empty = fs::is_directory(folder_) && fs::is_empty(folder_);
    if (fs::exists(folder_) && !exists() && !empty) throw Error(Code::bad_input, folder_.string());
    const Workshop workshop(folder_);
    fill(workshop.path(), request, tokens);
    if (!workshop.move_to(folder_, request.force && exists()))
      throw Error(Code::usage, "--force " + folder_.string());
  });
  return list();
}

std::vector<DrawerToken> Drawer::list() const {
  std::vector<DrawerToken> tokens;
  if (!exists()) return tokens;
  on_disk(folder_, [&] {
    for (const auto& file : fs::directory_iterator(folder_ / "state")) {
      if (file.path().extension() == ".state") tokens.push_back(read_token(file.path()));
    }
  });
  std::sort(tokens.begin(), tokens.end(), [](const DrawerToken& left, const DrawerToken& right) {
    return std::tuple(place(left), left.name, left.serial) <
           std::tuple(place(right), right.name, right.serial);
  });
  return tokens;
}

void Drawer::plug(std::string_view name) const { set_plugged(name, true); }

void Drawer::unplug(std::string_view name) const { set_plugged(name, false); }

void Drawer::set_plugged(std::string_view name, bool plugged) const {
  const auto file = state_path(folder_, find(name).serial);
  on_disk(file, [&] {
    HeldState held(file);
    if (held.state.plugged == plugged) return;
    held.state.plugged = plugged;
    if (plugged) ++held.state.insertions;
    held.save();
  });
}

void Drawer::remove(std::string_view name) const {
  const auto token = find(name);
  const auto file = state_path(folder_, token.serial);
  on_disk(folder_, [&] {
    for (const auto& stored : stored_tokens(folder_))
      if (stored.serial == token.serial) fs::remove_all(stored.erasure);
    fs::remove(file);
    fs::remove(file.string() + ".lock");
  });
}

void Drawer::remove_all() const {
  on_disk(folder_, [&] {
    if (!fs::exists(folder_)) throw Error(Code::no_token, folder_.string());
    if (!exists()) throw Error(Code::bad_input, folder_.string());
    fs::remove_all(folder_);
  });
}

DrawerToken Drawer::find(std::string_view name) const {
  for (auto& token : list()) {
    if (token.name == name || token.serial == name) return std::move(token);
  }
  throw Error(Code::no_token, std::string(name));
}

}  // namespace ukey::practice
