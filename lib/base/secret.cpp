#include "base/secret.hpp"

#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <mutex>

namespace ukey::base {

// A memory page of its own: locks do not nest, so another Secret on it would be unlocked with this
// one.
struct alignas(4096) Secret::Page {
  std::array<std::uint8_t, kRoom> octets{};
  std::size_t size = 0;
};

namespace {

/// Keeps core dumps off while any Secret lives; the limit that was there comes back after the last.
class CoreDumps {
 public:
  void forbid() {
    const std::lock_guard guard{mutex_};
    if (living_++ > 0) return;
    getrlimit(RLIMIT_CORE, &before_);
    const rlimit none{0, before_.rlim_max};
    setrlimit(RLIMIT_CORE, &none);
    dumpable_ = prctl(PR_GET_DUMPABLE);
    prctl(PR_SET_DUMPABLE, 0);
  }
  void allow() {
    const std::lock_guard guard{mutex_};
    if (--living_ > 0) return;
    setrlimit(RLIMIT_CORE, &before_);
    if (dumpable_ == 1) prctl(PR_SET_DUMPABLE, 1);
  }

 private:
  std::mutex mutex_;
  int living_ = 0;
  rlimit before_{};
  int dumpable_ = 1;
};

CoreDumps& core_dumps() {
  static CoreDumps guard;
  return guard;
}

}  // namespace

Secret::Secret() : page_(std::make_unique<Page>()) {
  core_dumps().forbid();
  (void)mlock(page_.get(), sizeof(Page));  // unprivileged limits may refuse; the wipe still holds
}

Secret::~Secret() {
  if (!page_) return;
  explicit_bzero(page_.get(), sizeof(Page));
  (void)munlock(page_.get(), sizeof(Page));
  core_dumps().allow();
}

Secret::Secret(Secret&&) noexcept = default;

Secret& Secret::operator=(Secret&& other) noexcept {
  std::swap(page_, other.page_);
  return *this;
}

bool Secret::push(std::uint8_t octet) {
  if (page_->size == kRoom) return false;
  page_->octets[page_->size++] = octet;
  return true;
}

void Secret::pop() {
  if (page_->size > 0) page_->octets[--page_->size] = 0;
}

void Secret::strip_line_end() {
  if (page_->size > 0 && page_->octets[page_->size - 1] == '\n')
    pop();
  else
    return;
  if (page_->size > 0 && page_->octets[page_->size - 1] == '\r') pop();
}

std::size_t Secret::size() const { return page_ ? page_->size : 0; }

std::span<const std::uint8_t> Secret::reveal() const {
  if (!page_) return {};  // moved away
  return {page_->octets.data(), page_->size};
}

std::span<std::uint8_t> Secret::room() { return page_->octets; }

void Secret::resize(std::size_t size) { page_->size = std::min(size, kRoom); }

}  // namespace ukey::base
