#include "ops/claim.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <thread>

#include "base/bytes.hpp"
#include "base/file.hpp"

namespace ukey::ops {

namespace {

/// By FNV-1a, 64 bits: should two tokens ever have the same, one waits for the other and no more.
std::string name_of(const model::TokenInfo& token) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : model::lasting_name(token.identity(), token.label))
    hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3U;
  base::Bytes octets;
  for (int shift = 56; shift >= 0; shift -= 8)
    octets.push_back(static_cast<std::uint8_t>(hash >> shift));
  return "token-" + base::hex(octets);
}

/// How often a lock is tried for, and the pause between: who only looks (`is_claimed`) has it for a
/// moment.
constexpr int kTries = 6;
constexpr std::chrono::milliseconds kBetweenTries{20};

/// Throws `busy` when another has it.
base::Descriptor locked(const std::string& path, const base::Error& busy) {
  constexpr int kHow = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY;
  base::Descriptor file{open(path.c_str(), kHow, 0600)};
  if (file.number() < 0) throw base::Error{base::Code::file_io, path};
  int done = flock(file.number(), LOCK_EX | LOCK_NB);
  for (int tried = 1; done != 0 && tried < kTries; ++tried) {
    if (errno != EINTR && errno != EWOULDBLOCK) break;
    std::this_thread::sleep_for(kBetweenTries);
    done = flock(file.number(), LOCK_EX | LOCK_NB);
  }
  if (done != 0 && errno == EWOULDBLOCK) throw base::Error{busy};
  if (done != 0) throw base::Error{base::Code::file_io, path};
  return file;
}

base::Descriptor named(const std::string& name, const model::TokenInfo& token) {
  base::Descriptor out{socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto size = std::min(name.size(), sizeof address.sun_path - 1);
  std::copy_n(name.begin(), size, address.sun_path + 1);  // the octet before it stays 0
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + size);
  if (bind(out.number(), reinterpret_cast<sockaddr*>(&address), length) == 0) return out;
  if (errno == EADDRINUSE) throw base::Error{base::Code::busy, subject_of(token)};
  return base::Descriptor{};
}

}  // namespace

Claim::Claim(const std::string& folder, const model::TokenInfo& token, const std::string& machine) {
  if (folder.empty()) throw base::Error{base::Code::file_io, "HOME"};  // nowhere to keep it
  base::make_private_folder(folder);
  file_ = locked(folder + "/" + name_of(token) + ".lock",
                 base::Error{base::Code::busy, subject_of(token)});
  if (!machine.empty()) name_ = named(machine + "/" + name_of(token), token);
}

Claim::Claim(const std::string& folder, const std::string& batch) {
  if (folder.empty()) throw base::Error{base::Code::file_io, "HOME"};
  base::make_private_folder(folder);
  file_ = locked(folder + "/batch-" + batch + ".lock",
                 base::Error{base::Code::busy, batch}.because(base::Cause::batch_at_work));
}

bool is_claimed(const std::string& folder, const model::TokenInfo& token) {
  const auto path = folder + "/" + name_of(token) + ".lock";
  const base::Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY)};
  if (file.number() < 0) return false;
  return flock(file.number(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

std::shared_ptr<const Claim> claimed(const Bench& bench, const Present& token) {
  if (token.claim) return token.claim;
  return std::make_shared<const Claim>(
      bench.state_folder + (bench.state_folder.empty() ? "" : "/claims"), token.info,
      bench.machine_name);
}

}  // namespace ukey::ops
