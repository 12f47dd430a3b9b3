#include "practice/module/instance.hpp"

#include <unistd.h>

#include <cstdlib>

#include "practice/module/fault.hpp"

namespace ukey::practice {

namespace {

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// Where the drawer lies; empty when nothing says where.
std::filesystem::path drawer_path() {
  if (const auto named = variable("UKEY_PRACTICE"); !named.empty()) return named;
  if (const auto data = variable("XDG_DATA_HOME"); !data.empty()) return data + "/ukey/practice";
  if (const auto home = variable("HOME"); !home.empty())
    return home + "/.local/share/ukey/practice";
  return {};
}

/// What a process knows of its instance. A child inherits the parent's, hence the process's number.
struct Shelf {
  std::mutex mutex;
  std::shared_ptr<Instance> instance;
  pid_t process = 0;
};

Shelf& shelf() {
  static auto& only = *new Shelf;  // never destroyed: a host may leave without C_Finalize
  return only;
}

/// What PKCS#11 forbids in C_Initialize's arguments. Whatever locks they offer, ours are the
/// system's.
bool are_forbidden(const CK_C_INITIALIZE_ARGS& arguments) {
  const int given = (arguments.CreateMutex != nullptr) + (arguments.DestroyMutex != nullptr) +
                    (arguments.LockMutex != nullptr) + (arguments.UnlockMutex != nullptr);
  return arguments.pReserved != nullptr || (given != 0 && given != 4);
}

}  // namespace

Instance::Instance(const std::filesystem::path& drawer, void* arguments) {
  if (arguments != nullptr && are_forbidden(*static_cast<CK_C_INITIALIZE_ARGS*>(arguments)))
    throw Refused{CKR_ARGUMENTS_BAD};
  if (drawer.empty() || !std::filesystem::is_directory(store_path(drawer))) return;
  copies_ = std::make_unique<Copies>(variable("UKEY_PRACTICE_SOFTHSM"));
  slots_ = slots_of(std::filesystem::absolute(drawer));  // the host may change its folder later
}

std::optional<CK_RV> Instance::refusal(Subject subject, unsigned long number) {
  if (subject == Subject::library) return std::nullopt;
  if (subject != Subject::session) {
    const auto* const found = slot(number);
    if (found == nullptr) return CKR_SLOT_ID_INVALID;
    if (subject == Subject::slot || read_state(found->state_file).plugged) return std::nullopt;
    return CKR_TOKEN_NOT_PRESENT;
  }
  Opened opened{};
  {
    const std::lock_guard guard(mutex_);
    const auto found = sessions_.find(number);
    if (found == sessions_.end()) return CKR_SESSION_HANDLE_INVALID;
    opened = found->second;
  }
  const auto state = read_state(slot(opened.slot)->state_file);
  if (presence(state) == opened.insertion) return std::nullopt;
  return CKR_DEVICE_REMOVED;
}

const Slot* Instance::slot(CK_SLOT_ID id) const {
  for (const auto& slot : slots_) {
    if (slot.id == id) return &slot;
  }
  return nullptr;
}

const Slot* Instance::token_of(Subject subject, unsigned long number) {
  if (subject == Subject::library) return nullptr;
  return subject == Subject::session ? slot_of(number) : slot(number);
}

const Slot* Instance::slot_of(CK_SESSION_HANDLE session) {
  const std::lock_guard guard(mutex_);
  const auto found = sessions_.find(session);
  return found == sessions_.end() ? nullptr : slot(found->second.slot);
}

Below Instance::below_slot(CK_SLOT_ID id) {
  const std::lock_guard guard(reading_);
  if (const auto found = read_.find(id); found != read_.end()) return found->second;
  const auto& wanted = *slot(id);
  CK_RV rv = CKR_OK;
  Below below{copies_->over(wanted.store, wanted.serial, rv), 0};
  if (below.functions != nullptr) rv = find_slot(*below.functions, wanted.serial, below.number);
  if (rv != CKR_OK) throw Refused{rv};
  return read_[id] = below;
}

std::optional<Below> Instance::read_slot(CK_SLOT_ID id) {
  const std::lock_guard guard(reading_);
  const auto found = read_.find(id);
  if (found == read_.end()) return std::nullopt;
  return found->second;
}

Below Instance::below_session(CK_SESSION_HANDLE session) {
  const std::lock_guard guard(mutex_);
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) throw Refused{CKR_SESSION_HANDLE_INVALID};
  return found->second.below;
}

void Instance::sweep(CK_SLOT_ID id) {
  const std::lock_guard guard(mutex_);
  for (auto& slot : slots_) {
    if (slot.id != id) continue;
    const auto now = read_state(slot.state_file).insertions;
    const auto below = read_slot(id);
    if (slot.live != now && below) below->functions->C_CloseAllSessions(below->number);
    slot.live = now;
  }
}

CK_SESSION_HANDLE Instance::opened(CK_SLOT_ID id, Below session) {
  const std::lock_guard guard(mutex_);
  sessions_[++last_session_] = {id, slot(id)->live, session};
  return last_session_;
}

void Instance::closed(CK_SESSION_HANDLE session) {
  const std::lock_guard guard(mutex_);
  sessions_.erase(session);
}

void Instance::closed_all(CK_SLOT_ID id) {
  const std::lock_guard guard(mutex_);
  std::erase_if(sessions_, [id](const auto& entry) { return entry.second.slot == id; });
}

std::optional<CK_SLOT_ID> Instance::event() {
  const std::lock_guard guard(mutex_);
  for (auto& slot : slots_) {
    const auto now = presence(read_state(slot.state_file));
    if (now == slot.announced) continue;
    slot.announced = now;
    return slot.id;
  }
  return std::nullopt;
}

CK_RV Instance::finish() {
  finished_ = true;
  return copies_ ? copies_->finish() : CKR_OK;
}

std::shared_ptr<Instance> current() {
  auto& place = shelf();
  const std::lock_guard guard(place.mutex);
  return place.process == ::getpid() ? place.instance : nullptr;
}

CK_RV begin(void* arguments) {
  if (!gauntlet().prepare()) return CKR_ARGUMENTS_BAD;
  const auto turn = gauntlet().enter("C_Initialize", nullptr);
  gauntlet().delay();
  if (const auto rv = gauntlet().strike(turn, false)) return *rv;
  auto& place = shelf();
  {
    const std::lock_guard guard(place.mutex);
    if (place.instance && place.process == ::getpid()) return CKR_CRYPTOKI_ALREADY_INITIALIZED;
    if (place.instance) {  // a parent's: its locks and threads are not ours, so it is left as it is
      static_cast<void>(new std::shared_ptr<Instance>(std::move(place.instance)));
    }
    place.instance = std::make_shared<Instance>(drawer_path(), arguments);
    place.process = ::getpid();
  }
  return gauntlet().strike(turn, true).value_or(CKR_OK);
}

CK_RV end(void* reserved) {
  if (reserved != nullptr) return CKR_ARGUMENTS_BAD;
  auto& place = shelf();
  const std::lock_guard guard(place.mutex);
  if (!place.instance || place.process != ::getpid()) return CKR_CRYPTOKI_NOT_INITIALIZED;
  return std::exchange(place.instance, nullptr)->finish();
}

}  // namespace ukey::practice
