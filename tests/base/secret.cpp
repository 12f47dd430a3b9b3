#include "base/secret.hpp"

#include <doctest/doctest.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/bytes.hpp"

using ukey::base::Secret;

namespace {

constexpr std::string_view kPin = "Fl-73951";
constexpr std::size_t kPage = 4096;

int freed_pages = 0;
bool pin_was_left = false;

/// Looks through a page in the last moment in which it may be read.
void look_through(const void* page) {
  const std::string_view octets{static_cast<const char*>(page), kPage};
  ++freed_pages;
  pin_was_left = pin_was_left || octets.find(kPin.substr(0, 4)) != std::string_view::npos;
}

Secret secret_of(std::string_view text) {
  Secret secret;
  for (const char c : text) REQUIRE(secret.push(static_cast<std::uint8_t>(c)));
  return secret;
}

std::string_view shown(const Secret& secret) { return ukey::base::as_text(secret.reveal()); }

rlim_t core_limit() {
  rlimit limit{};
  REQUIRE(getrlimit(RLIMIT_CORE, &limit) == 0);
  return limit.rlim_cur;
}

}  // namespace

// Of all that this program allocates, only a Secret's memory is aligned to a page.
void* operator new(std::size_t size, std::align_val_t alignment) {
  void* memory = std::aligned_alloc(static_cast<std::size_t>(alignment), size);
  if (memory == nullptr) throw std::bad_alloc{};
  return memory;
}
void operator delete(void* memory, std::align_val_t alignment) noexcept {
  if (static_cast<std::size_t>(alignment) == kPage && memory != nullptr) look_through(memory);
  std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t alignment) noexcept {
  operator delete(memory, alignment);
}

TEST_CASE("a PIN is wiped from memory when its Secret dies") {
  freed_pages = 0;
  pin_was_left = false;
  {
    const Secret secret = secret_of(kPin);
    CHECK(shown(secret) == kPin);
  }
  CHECK(freed_pages == 1);
  CHECK_FALSE(pin_was_left);
}

TEST_CASE("what was taken off the end or replaced by another PIN is wiped too") {
  freed_pages = 0;
  pin_was_left = false;
  {
    Secret secret = secret_of(kPin);
    secret.resize(1);
    secret = secret_of("other");
    CHECK(freed_pages == 1);
    CHECK(shown(secret) == "other");
  }
  CHECK(freed_pages == 2);
  CHECK_FALSE(pin_was_left);
}

TEST_CASE("the last octet can be taken back, down to nothing") {
  Secret secret = secret_of("12");
  secret.pop();
  CHECK(shown(secret) == "1");
  secret.pop();
  secret.pop();
  CHECK(secret.empty());
  CHECK(secret.room()[0] == 0);
}

TEST_CASE("a PIN cannot be copied, only moved, and is then in one place") {
  static_assert(!std::is_copy_constructible_v<Secret>);
  static_assert(!std::is_copy_assignable_v<Secret>);
  Secret first = secret_of(kPin);
  const Secret second = std::move(first);
  CHECK(shown(second) == kPin);
  CHECK(first.empty());  // NOLINT(bugprone-use-after-move): this is what the test is about
  CHECK(first.reveal().empty());
}

TEST_CASE("a Secret has room for 255 octets and a line end, and refuses the next") {
  Secret secret;
  for (std::size_t i = 0; i < 255; ++i) REQUIRE(secret.push('7'));
  CHECK_FALSE(secret.too_long());
  REQUIRE(secret.push('\r'));
  CHECK(secret.too_long());
  REQUIRE(secret.push('\n'));
  CHECK_FALSE(secret.push('8'));
  CHECK(secret.size() == Secret::kRoom);
  secret.strip_line_end();
  CHECK_FALSE(secret.too_long());
  CHECK(secret.reveal().back() == '7');
}

TEST_CASE("its room can be filled without a copy elsewhere") {
  Secret secret;
  REQUIRE(secret.room().size() == Secret::kRoom);
  std::copy(kPin.begin(), kPin.end(), secret.room().begin());
  CHECK(secret.empty());
  secret.resize(kPin.size());
  CHECK(shown(secret) == kPin);
  secret.resize(Secret::kRoom + 1);
  CHECK(secret.size() == Secret::kRoom);
}

TEST_CASE("one line end is dropped, of either kind, and no more") {
  const auto stripped = [](std::string_view text) {
    Secret secret = secret_of(text);
    secret.strip_line_end();
    return std::string{shown(secret)};
  };
  CHECK(stripped("1234\n") == "1234");
  CHECK(stripped("1234\r\n") == "1234");
  CHECK(stripped("1234\n\n") == "1234\n");
  CHECK(stripped("1234\r") == "1234\r");
  CHECK(stripped("12 \n") == "12 ");
  CHECK(stripped("\n").empty());
  CHECK(stripped("").empty());
}

TEST_CASE("no core is dumped while a PIN is in memory, and the limit comes back after the last") {
  rlimit limit{};
  REQUIRE(getrlimit(RLIMIT_CORE, &limit) == 0);
  const rlimit before = limit;
  limit.rlim_cur = limit.rlim_max;
  REQUIRE(setrlimit(RLIMIT_CORE, &limit) == 0);
  REQUIRE(prctl(PR_GET_DUMPABLE) == 1);
  {
    const Secret first;
    CHECK(core_limit() == 0);
    CHECK(prctl(PR_GET_DUMPABLE) == 0);
    { const Secret second; }
    CHECK(core_limit() == 0);
    CHECK(prctl(PR_GET_DUMPABLE) == 0);
  }
  CHECK(core_limit() == limit.rlim_max);
  CHECK(prctl(PR_GET_DUMPABLE) == 1);
  setrlimit(RLIMIT_CORE, &before);
}

TEST_CASE("a process that was not dumpable before a PIN is not after it") {
  REQUIRE(prctl(PR_SET_DUMPABLE, 0) == 0);
  { const Secret secret; }
  CHECK(prctl(PR_GET_DUMPABLE) == 0);
  REQUIRE(prctl(PR_SET_DUMPABLE, 1) == 0);
}
